// What needs a run of its own: refused workflows, cancelled runs, queues, dispatches, and the limits of section 6.
// https://docs.github.com/en/actions/reference/limits
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Actor } from '../../forge.ts';
import { createMeter, GITHUBS } from '../../limits.ts';
import { REPO, startTestForge } from '../../test-forge.ts';
import { ends, logOf, WORKFLOW, type World, workflow } from '../host-double.ts';
import type { RunState } from '../types.ts';
import { type PlayRow, said } from './row.ts';

/** Runs jobs, cancels once a step has said `up`, and waits for the end. */
async function cancelled(world: World, jobs: string): Promise<RunState> {
  await world.commit(workflow(jobs));
  const run = await world.runner.start(world.request());
  while (!logOf(run).split('\n').includes('up') && run.status !== 'completed') await pause(5);
  world.runner.cancel(run.id);
  await world.runner.idle();
  return run;
}
const stops = (
  id: string,
  minute: number,
  jobs: string,
  github: unknown,
  see: (run: RunState) => unknown,
): PlayRow => ({
  ...{ id, github },
  measure: async (open) => see(await cancelled(await open(minute), jobs)),
});
/** Whether it is a valid workflow, and if not whether that is for the expected reason. */
const reads = (id: string, yaml: string, reason: RegExp | null): PlayRow => ({
  ...{ id, github: reason ? `refused: ${reason}` : 'valid' },
  async measure(open) {
    const parsed = (await open()).runner.parse(yaml, WORKFLOW);
    if (parsed.ok) return 'valid';
    return `refused: ${reason?.test(parsed.errors.join()) ? reason : parsed.errors.join()}`;
  },
});
const declared = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`i${index}`, { type: 'string' }]));
const declaring = (count: number) =>
  JSON.stringify({
    on: { workflow_dispatch: { inputs: { ...declared(count), must: { required: true, type: 'string' } } } },
    jobs: { a: { 'runs-on': 'x', steps: [{ run: 'true' }] } },
  });
/** The statuses of dispatches of a workflow with 25 inputs, one of them required. */
async function dispatched(asked: Record<string, Record<string, string>>): Promise<Record<string, number>> {
  const forge = await startTestForge();
  try {
    await forge.commit(forge.as('admin'), 'many', { '.github/workflows/respond.yml': declaring(24) });
    const path = 'POST /repos/{owner}/{repo}/actions/workflows/{file}/dispatches';
    const statuses: [string, number][] = [];
    for (const [name, inputs] of Object.entries(asked)) {
      const answer = forge.request(path, { ...REPO, file: 'respond.yml', ref: 'many', inputs });
      statuses.push([name, (await answer.catch((error: { status: number }) => error)).status]);
    }
    await forge.github.idle();
    return Object.fromEntries(statuses);
  } finally {
    await forge.close();
  }
}
const all = Object.fromEntries(Object.keys(declared(24)).map((name) => [name, 'x']));
const HELD = 'until test -e ../../../go; do sleep 0.01; done';

export const runs: PlayRow[] = [
  reads('J06', declaring(25), /25 .*inputs/),
  reads('J06-most', declaring(24), null),
  reads(
    'J15',
    workflow("  a: { runs-on: x, if: secrets.KEY != '', steps: [{ run: echo }] }")[WORKFLOW] ?? '',
    /'secrets'/,
  ),
  {
    id: 'J09',
    github: [{ metadata: 'read', contents: 'read', packages: 'read' }],
    async measure(open) {
      const world = await open();
      await world.commit(workflow('  a: { runs-on: x, steps: [{ run: "true" }] }', ''));
      await world.run();
      return world.minted;
    },
  },
  stops(
    'J12',
    6000,
    '  a: { runs-on: x, steps: [{ if: always(), run: "echo up; sleep 0.3; echo went on" }, { run: echo never }] }',
    [{ a: 'cancelled' }, 'up | went on'],
    (run) => [ends(run), run.jobs.map(said).join()],
  ),
  stops(
    'J13',
    6000,
    `  a: { runs-on: x, steps: [{ run: 'echo up; exec sleep 30' }] }
  b: { needs: a, if: "!cancelled()", runs-on: x, steps: [{ run: "true" }] }
  c: { needs: a, if: always(), runs-on: x, steps: [{ run: "true" }] }`,
    { a: 'cancelled', b: 'skipped', c: 'success' },
    ends,
  ),
  // A shell is asked, what it waits for is not: it lives until the end by force.
  stops(
    'K01-interrupt',
    600,
    `  a: { runs-on: x, steps: [{ run: "(trap 'echo child asked' INT; echo up; sleep 30; true); true" }] }`,
    ['up', 'cancelled'],
    (run) => [run.jobs.map(said).join(), run.conclusion],
  ),
  stops(
    'K02-asked',
    6000,
    `  a: { runs-on: x, steps: [{ run: "trap 'echo asked; exit' INT; echo up; while sleep 0.01; do :; done" }] }`,
    'up | asked',
    (run) => run.jobs.map(said).join(),
  ),
  {
    id: 'K03-left-behind',
    github: ['success', 'gone'],
    async measure(open) {
      const world = await open();
      await world.commit(
        workflow('  a: { runs-on: x, steps: [{ run: "setsid sleep 60 > /dev/null 2>&1 & echo $!" }] }'),
      );
      const run = await world.run();
      const alive = () => readFile(`/proc/${logOf(run).split('\n').at(-1)}/stat`, 'utf8').catch(() => ' Z ');
      for (let looks = 0; looks < 200 && !/ Z /.test(await alive()); looks++) await pause(5);
      return [run.conclusion, / Z /.test(await alive()) ? 'gone' : 'alive'];
    },
  },
  {
    id: 'L05-six-hours',
    github: 'cancelled',
    async measure(open) {
      const world = await open(1);
      await world.commit(
        workflow('  a: { runs-on: x, timeout-minutes: 9000, steps: [{ run: exec sleep 8 }] }'),
      );
      return (await world.run()).conclusion;
    },
  },
  {
    id: 'F21-run',
    github: { success: 50, failure: 1 },
    async measure(open) {
      const world = await open();
      const legs = JSON.stringify([...Array(51).keys()]);
      await world.commit(
        workflow(`  a:
    runs-on: x
    strategy: { fail-fast: false, matrix: { n: ${legs} } }
    outputs: { x: "\${{ steps.s.outputs.x }}" }
    steps: [{ id: s, run: '{ printf x=; head -c 524000 /dev/zero | tr "\\0" v; } > $GITHUB_OUTPUT' }]`),
      );
      return Object.fromEntries(
        Object.entries(Object.groupBy((await world.run()).jobs, ({ conclusion }) => `${conclusion}`)).map(
          ([conclusion, ended]) => [conclusion, ended?.length],
        ),
      );
    },
  },
  {
    id: 'Q01-queue',
    github: { first: 'in_progress', waiting: 100, next: 'cancelled' },
    async measure(open) {
      const world = await open();
      const head = 'concurrency: { group: g, queue: max }';
      await world.commit(workflow(`  a: { runs-on: x, steps: [{ run: 'echo up; ${HELD}' }] }`, head));
      const ids = Array.from({ length: 102 }, (_, index) => index + 1);
      const started: RunState[] = [];
      for (const id of ids) started.push(await world.runner.start(world.request({ id })));
      await pause(0);
      const [first, next] = [started[0]?.status, started.at(-1)?.conclusion];
      const waiting = started.filter(({ status }) => status === 'queued').length;
      for (const id of ids.toReversed()) world.runner.cancel(id);
      world.runner.cancel(1);
      await world.runner.idle();
      return { first, waiting, next };
    },
  },
  {
    id: 'L04-token',
    github: [1000, 403],
    async measure() {
      const meter = createMeter(GITHUBS);
      const job: Actor = { kind: 'app', login: 'github-actions[bot]', appId: 1, permissions: {} };
      let [passed, at] = [0, 0];
      let refused = meter.charge(job, 'GET', '/', at);
      for (; !refused; refused = meter.charge(job, 'GET', '/', ++at * 1000)) passed++;
      return [passed, refused.status];
    },
  },
  {
    id: 'D01-dispatch',
    github: { most: 204, characters: 422, unknown: 422, required: 422 },
    measure: () =>
      dispatched({
        most: { ...all, must: 'x' },
        characters: { must: 'x'.repeat(65_536) },
        unknown: { must: 'x', other: 'x' },
        required: { i1: 'x' },
      }),
  },
];
