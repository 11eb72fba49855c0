// What a person sees of workflow runs: order, conditions, titles, refusals, concurrency and cancellation.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createWorld, ends, logOf, WORKFLOW, type World, workflow } from './host-double.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const say = (what: string) => `{ runs-on: x, steps: [{ run: '${what}' }] }`;
/** Waits until a step has printed the line. */
const printed = (run: Awaited<ReturnType<World['run']>>, line: string) =>
  vi.waitFor(() => expect(logOf(run)).toContain(line), { timeout: 5_000, interval: 10 });

test('a dispatched run is titled by its run-name, has its number, and ends in success', async () => {
  await world.commit(
    workflow(
      `  a: ${say('echo incident ${{ inputs.incident }} ${{ inputs.loud && 1 || 2 }}')}`,
      'run-name: "respond ${{ inputs.incident }}"',
    ),
  );
  const run = await world.run({ inputs: { incident: 'k1', loud: 'false' }, attempt: 2 });
  expect(run).toMatchObject({
    name: 'respond',
    displayTitle: 'respond k1',
    number: 7,
    attempt: 2,
    conclusion: 'success',
  });
  expect(run.jobs[0]?.steps.map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ['Set up job', 'success'],
    ['Run echo incident k1 2', 'success'],
  ]);
  expect(logOf(run)).toContain('incident k1 2');
  expect(world.seen).toEqual(['1 queued', '1 in_progress', '1 completed']);
});

test('a job waits for what it needs, sees its outputs, and is skipped behind a failure unless it says otherwise', async () => {
  await world.commit(
    workflow(`
  orient:
    runs-on: x
    outputs: { due: "\${{ steps.ask.outputs.due }}", none: "\${{ steps.ask.outputs.none }}" }
    steps: [{ id: ask, run: 'echo due=yes >> $GITHUB_OUTPUT' }]
  decide:
    needs: orient
    if: \${{ !cancelled() && needs.orient.result == 'success' && needs.orient.outputs.due == 'yes' }}
    runs-on: x
    steps: [{ run: "echo due is \${{ needs.orient.outputs.due }}" }, { run: exit 3 }, { run: 'echo never at \${{ github.ref }}' }]
  rest: { needs: [orient, decide], runs-on: x, steps: [{ run: echo never }] }
  after: { needs: rest, runs-on: x, steps: [{ run: echo never }] }
  undo: { needs: [decide], if: failure(), runs-on: x, steps: [{ run: "echo undo after \${{ needs.decide.result }}" }] }
  tell: { needs: rest, if: always(), runs-on: x, steps: [{ run: "echo rest was \${{ needs.rest.result }}" }] }
  not-due: { needs: orient, if: needs.orient.outputs.due == 'no', runs-on: x, steps: [{ run: echo never }] }`),
  );
  const run = await world.run();
  expect(ends(run)).toEqual({
    orient: 'success',
    decide: 'failure',
    rest: 'skipped',
    after: 'skipped',
    undo: 'success',
    tell: 'success',
    'not-due': 'skipped',
  });
  expect(run.conclusion).toBe('failure');
  expect(run.jobs[1]?.steps.at(-1)?.name).toBe('Run echo never at refs/heads/main');
  expect(run.jobs[0]?.outputs).toEqual({ due: 'yes' });
  const log = logOf(run);
  expect(log).toContain('due is yes');
  expect(log).toContain('##[error]Process completed with exit code 3.');
  expect(log).toContain('undo after failure');
  expect(log).toContain('rest was skipped');
  expect(log).not.toContain('never');
});

test('a skipped job counts as neither success nor failure for all that come after it, near or far', async () => {
  await world.commit(
    workflow(`
  a: { if: "false", runs-on: x, steps: [{ run: echo }] }
  b: { needs: a, if: always(), runs-on: x, steps: [{ run: echo }] }
  c: { needs: b, runs-on: x, steps: [{ run: echo }] }
  d: { needs: b, if: failure(), runs-on: x, steps: [{ run: echo }] }`),
  );
  expect(ends(await world.run())).toEqual({ a: 'skipped', b: 'success', c: 'skipped', d: 'skipped' });
});

test.each([
  ['services: { db: { image: pg } }', 'jobs.a.services'],
  ['container: node', 'jobs.a.container'],
  ['concurrency: { group: g, queue: max }', 'jobs.a.concurrency'],
  ['continue-on-error: true', 'jobs.a.continue-on-error'],
])('what the runner would have to ignore stops the whole run: %s', async (key, name) => {
  await world.commit(
    workflow(`  a: { runs-on: x, ${key}, steps: [{ run: echo ran }] }\n  b: ${say('echo ran')}`),
  );
  const run = await world.run();
  expect(run.conclusion).toBe('failure');
  expect(logOf(run)).toBe(`##[error]${name} is not supported by the sandbox's runner`);
});

test.each([
  ['actions/checkout@v5', '/repo'],
  ['./actions/orient', 'workspace'],
  ['$/../outside', 'escape'],
  ['docker://alpine', 'image'],
])('only actions of the running commit are run, not %s', async (uses) => {
  await world.commit(workflow(`  a: { runs-on: x, steps: [{ uses: ${uses} }] }`));
  expect(logOf(await world.run())).toContain(`jobs.a.steps[0].uses: ${uses}`);
});

test('refuses a concurrency group that would drop waiting runs, and the shell of another system', async () => {
  await world.commit(
    workflow(`  a: { runs-on: x, steps: [{ run: echo, shell: pwsh }] }`, 'concurrency: one'),
  );
  const log = logOf(await world.run());
  expect(log).toContain('concurrency without `queue: max` is not supported');
  expect(log).toContain('jobs.a.steps[0].shell: pwsh is not supported');
  expect(log).not.toContain('ran');
});

test("what GitHub's own parser refuses is refused with its words, when parsed and when run", async () => {
  const yaml = 'on: workflow_dispatch\njobs:\n  a: { runs-on: x, steps: [{ run: echo, usess: x }] }';
  const parsed = world.runner.parse(yaml, WORKFLOW);
  expect(parsed).toEqual({ ok: false, errors: [`${WORKFLOW} (Line: 3, Col: 41): Unexpected value 'usess'`] });
  await world.commit({ [WORKFLOW]: yaml });
  expect(logOf(await world.run())).toContain("Unexpected value 'usess'");
  const circle =
    'on: push\njobs:\n  z: { runs-on: x, steps: [{ run: echo }] }\n  a: { needs: b, runs-on: x, steps: [{ run: echo }] }\n  b: { needs: a, runs-on: x, steps: [{ run: echo }] }';
  expect(world.runner.parse(circle, WORKFLOW)).toMatchObject({ ok: false });
});

test('tells what a dispatch may bring', () => {
  const inputs =
    'a: { required: true, type: string }, b: { type: choice, options: [x, y], default: x }, c: { type: boolean, default: false }, n: { type: number, default: 3 }';
  const parse = (on: string) => world.runner.parse(`on: ${on}\njobs:\n  a: ${say('echo')}`, WORKFLOW);
  expect(
    parse(`{ workflow_dispatch: { inputs: { ${inputs} } }, schedule: [{ cron: '5 4 * * *' }] }`),
  ).toMatchObject({
    ok: true,
    name: WORKFLOW,
    dispatchInputs: {
      a: { required: true, type: 'string' },
      b: { required: false, type: 'choice', options: ['x', 'y'], default: 'x' },
      c: { required: false, type: 'boolean', default: 'false' },
      n: { required: false, type: 'number', default: '3' },
    },
  });
  expect(parse('[push, workflow_dispatch]')).toMatchObject({ dispatchInputs: {} });
  expect(parse('push')).toMatchObject({ dispatchInputs: null });
});

/** Runs of an incident share a group; those of `a` wait until one of `b` has run. */
const HELD = workflow(
  `  a: { runs-on: x, steps: [{ run: 'test $ME = b && touch $MARK || until test -e $MARK; do sleep 0.01; done', env: { ME: "\${{ inputs.incident }}" } }] }`,
  'env: { MARK: ../../mark }\nconcurrency: { group: "g-${{ inputs.incident }}", queue: max, cancel-in-progress: false }',
);
const start = (id: number, incident: string) =>
  world.runner.start(world.request({ id, inputs: { incident } }));

test('runs of one group go one after another in the order they came; other groups do not wait', async () => {
  await world.commit(HELD);
  const [first, second, third] = [await start(1, 'a'), await start(2, 'a'), await start(3, 'A')];
  await start(4, 'b');
  await world.runner.idle();
  const begin = (run: typeof first) => run.jobs[0]?.startedAt ?? 0;
  const end = (run: typeof first) => run.jobs[0]?.completedAt ?? 0;
  expect(begin(second)).toBeGreaterThanOrEqual(end(first));
  expect(begin(third)).toBeGreaterThanOrEqual(end(second));
  expect(third.conclusion).toBe('success');
});

test('two jobs run at a time, the third waits for a machine', async () => {
  const meet = say('touch ../../$GITHUB_JOB; until test -e ../../a -a -e ../../b; do sleep 0.01; done');
  await world.commit(workflow(['a', 'b', 'c'].map((key) => `  ${key}: ${meet}`).join('\n')));
  const [a, b, c] = (await world.run()).jobs;
  expect(c?.startedAt).toBeGreaterThanOrEqual(Math.min(a?.completedAt ?? 0, b?.completedAt ?? 0));
  expect(c?.conclusion).toBe('success');
});

test('cancelling ends the process, and its children with the job; steps and jobs that asked for it still run', async () => {
  await world.close();
  world = await createWorld(600);
  await world.commit(
    workflow(`
  a:
    runs-on: x
    steps:
      - run: sh -c 'echo up; sleep 30' & wait
      - run: echo never
      - { if: cancelled(), run: 'echo cleaned up' }
  b: { needs: a, runs-on: x, steps: [{ run: echo never }] }
  c: { needs: a, if: always(), runs-on: x, steps: [{ run: "echo told of \${{ needs.a.result }}" }] }`),
  );
  const run = await world.runner.start(world.request());
  await printed(run, 'up');
  world.runner.cancel(1);
  await world.runner.idle();
  expect(ends(run)).toEqual({ a: 'cancelled', b: 'skipped', c: 'success' });
  expect(run.conclusion).toBe('cancelled');
  expect(run.jobs[0]?.steps.map((step) => step.conclusion)).toEqual([
    'success',
    'cancelled',
    'skipped',
    'success',
  ]);
  expect(logOf(run)).toContain('cleaned up');
  expect(logOf(run)).toContain('told of cancelled');
  expect(logOf(run)).not.toContain('never');
});

test('a step that always runs outlives a cancellation, but not the second one', async () => {
  await world.commit(
    workflow(
      `  a: { runs-on: x, if: always(), steps: [{ if: always(), run: 'trap "echo asked" INT; echo up; sleep 30' }, { if: always(), run: echo never }] }`,
    ),
  );
  const run = await world.runner.start(world.request());
  await printed(run, 'up');
  world.runner.cancel(1);
  expect(run.status).toBe('in_progress');
  world.runner.cancel(1);
  await world.runner.idle();
  expect(ends(run)).toEqual({ a: 'cancelled' });
  expect(logOf(run)).not.toMatch(/asked|never/);
});

test('a run cancelled while it waits for its group never starts, and the next one does', async () => {
  await world.commit(HELD);
  const [first, second, third] = [await start(1, 'a'), await start(2, 'a'), await start(3, 'a')];
  world.runner.cancel(2);
  await start(4, 'b');
  await world.runner.idle();
  expect([first, second, third].map((run) => run.conclusion)).toEqual(['success', 'cancelled', 'success']);
  expect(logOf(second)).toBe('');
});

test('quotes and braces around an expression stay what they were written as', async () => {
  const script = `echo "it's '\${{ inputs.incident }}' and '\${{ github.job }}' and {this}"`;
  await world.commit(workflow(`  a:\n    runs-on: x\n    steps:\n      - run: |\n          ${script}`));
  const run = await world.run({ inputs: { incident: 'k1' } });
  expect(logOf(run).split('\n').at(-1)).toBe("it's 'k1' and 'a' and {this}");
});
