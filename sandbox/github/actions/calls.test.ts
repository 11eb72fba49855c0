// What a person sees of workflows that call workflows: whose actions run, which secrets arrive, who the job says it is, and
// what GitHub refuses before the first job. Matrices, since a call is expanded the same way.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWorld, ends, logOf, OTHER, SHA, WORKFLOW, type World } from './host-double.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
  world.environments = {
    prod: { secrets: { KEY: 'sesame-street', MORE: 'open-sesame' }, variables: {}, branches: ['main'] },
  };
});
afterEach(() => world.close());

const RIGHTS = 'permissions: { contents: read, id-token: write }';
const caller = (uses: string, more = '') => ({
  [WORKFLOW]: `name: caller
on: { workflow_dispatch: { inputs: { incident: { type: string } } } }
permissions: {}
jobs:
  respond:
    uses: ${uses}
    ${RIGHTS}
    with: { incident: "\${{ inputs.incident }}" }
    ${more}
  after:
    needs: respond
    runs-on: x
    steps: [{ run: "echo after \${{ needs.respond.result }} \${{ needs.respond.outputs.said }}" }]
`,
});
const called = (job: string, more = '') => ({
  '.github/workflows/job.yml': `on:
  workflow_call:
    inputs: { incident: { type: string, required: true }, loud: { type: boolean, default: true } }
    secrets: { KEY: { required: false } }
    outputs: { said: { value: "\${{ jobs.orient.outputs.said }}" } }
permissions: {}
${more}jobs:
  orient:
    runs-on: x
    ${job}
`,
});
const env = (name: string, value: string) => `env: { ${name}: "\${{ ${value} }}" }`;

test('a called job runs under its caller’s name, sees its own inputs, and gives outputs back', async () => {
  await world.commit(caller('./.github/workflows/job.yml'));
  await world.commit(
    called(
      `outputs: { said: "\${{ steps.s.outputs.said }}" }
    steps: [{ id: s, run: 'echo "in $IN"; echo said=hello >> $GITHUB_OUTPUT', ${env('IN', "format('{0} {1} {2} {3}', inputs.incident, inputs.loud, github.workflow, github.job)")} }]`,
    ),
  );
  const run = await world.run({ inputs: { incident: 'k1' } });
  expect(run.jobs.map(({ key, name }) => `${key}: ${name}`)).toEqual([
    'respond/orient: respond / orient',
    'after: after',
  ]);
  expect(ends(run)).toEqual({ 'respond/orient': 'success', after: 'success' });
  expect(logOf(run)).toContain('in k1 true caller orient');
  expect(logOf(run)).toContain('after success hello');
});

test('`$/` is the repository and commit of the file that holds the job, and the token says whose file it is', async () => {
  const action = (says: string) => ({
    'actions/a/action.yml': 'name: a\ndescription: a\nruns: { using: node24, main: index.cjs }',
    'actions/a/index.cjs': `const { ACTIONS_ID_TOKEN_REQUEST_URL: url, ACTIONS_ID_TOKEN_REQUEST_TOKEN: token } = process.env;
console.log('${says}', process.env.GITHUB_ACTION_REPOSITORY, process.env.GITHUB_ACTION_REF, process.env.GITHUB_REPOSITORY);
fetch(url, { headers: { authorization: 'Bearer ' + token } }).then((a) => a.json()).then(({ value }) => {
  const claims = JSON.parse(Buffer.from(value.split('.')[1], 'base64url'));
  for (const name of ['repository', 'workflow_ref', 'workflow_sha', 'job_workflow_ref', 'job_workflow_sha']) console.log(name, claims[name]);
});`,
  });
  await world.commit({ ...caller(`${OTHER}/.github/workflows/job.yml@${SHA}`), ...action('the caller’s') });
  await world.commit(
    { ...called(`${RIGHTS}\n    steps: [{ uses: $/actions/a }]`), ...action('the product’s') },
    OTHER,
  );
  const log = logOf(await world.run());
  expect(log).toContain(`the product’s ${OTHER} ${SHA} acme/vigil`);
  expect(log).toContain('repository acme/vigil');
  expect(log).toContain('workflow_ref acme/vigil/.github/workflows/w.yml@refs/heads/main');
  expect(log).toContain(`workflow_sha ${'a'.repeat(40)}`);
  expect(log).toContain(`job_workflow_ref ${OTHER}/.github/workflows/job.yml@${SHA}`);
  expect(log).toContain(`job_workflow_sha ${SHA}`);
});

describe('a secret of an environment', () => {
  const job = `environment: prod
    steps: [{ run: 'echo "key $([ "$KEY" = sesame-street ] && echo there || echo "gone:$KEY") more:$MORE"', env: { KEY: "\${{ secrets.KEY }}", MORE: "\${{ secrets.MORE }}" } }]`;
  const log = async (more: string) => {
    await world.commit({ ...caller('./.github/workflows/job.yml', more), ...called(job) });
    return logOf(await world.run());
  };
  test('reaches a called job whose caller hands it over by name', async () => {
    expect(await log('secrets: { KEY: "${{ secrets.KEY }}" }')).toContain('key there more:');
  });
  test('is silently empty when the caller does not hand it over, or it was not declared', async () => {
    const said = await log('');
    expect(said).toContain('key gone: more:\n');
  });
});

describe('before the first job, GitHub refuses', () => {
  test.each([
    [
      'an input that is not declared',
      'with: { incident: k, nope: 1 }',
      'Invalid input, nope is not defined in the referenced workflow.',
    ],
    [
      'an input that is lacking',
      'with: { loud: true }',
      'Input incident is required, but not provided while calling.',
    ],
    [
      'a secret that is not declared',
      'with: { incident: k }\n    secrets: { NOPE: x }',
      'Invalid secret, NOPE is not defined in the referenced workflow.',
    ],
  ])('%s', async (_, how, reason) => {
    const text =
      caller('./.github/workflows/job.yml')[WORKFLOW]?.replace(/ {4}with: .*/, () => `    ${how}`) ?? '';
    await world.commit({ [WORKFLOW]: text, ...called('steps: [{ run: echo ran }]') });
    const run = await world.run();
    expect(logOf(run)).toContain(reason);
    expect(logOf(run)).not.toMatch(/^ran/m);
  });
  test('a job with more rights than its caller has', async () => {
    await world.commit(caller('./.github/workflows/job.yml'));
    await world.commit(called('permissions: { contents: write }\n    steps: [{ run: echo ran }]'));
    expect(logOf(await world.run())).toBe(
      "##[error]The nested job 'orient' is requesting 'contents: write', but is only allowed 'contents: read'.",
    );
  });
  test.each([
    ['./.github/workflows/none.yml', 'workflow was not found'],
    [`nobody/none/.github/workflows/job.yml@${SHA}`, 'no such repository or ref'],
    ['./.github/workflows/w.yml', 'workflow_call key is not defined'],
  ])('a call of %s', async (uses, reason) => {
    await world.commit(caller(uses));
    expect(logOf(await world.run())).toContain(reason);
  });
  test('all secrets at once: what the sandbox cannot do it refuses', async () => {
    await world.commit({
      ...caller('./.github/workflows/job.yml', 'secrets: inherit'),
      ...called('steps: [{ run: echo }]'),
    });
    expect(logOf(await world.run())).toContain('jobs.respond.secrets: inherit is not supported');
  });
});

test('a job of a called workflow is run again with those that need the call, and the others keep how they ended', async () => {
  const two = called('steps: [{ run: echo one }]');
  const more = '  decide: { needs: orient, runs-on: x, steps: [{ run: echo two }] }\n';
  await world.commit({
    ...caller('./.github/workflows/job.yml'),
    '.github/workflows/job.yml': `${two['.github/workflows/job.yml']}${more}`,
  });
  const before = await world.run();
  const again = await world.run({
    attempt: 2,
    again: { keys: ['respond/decide'], before: before.jobs, createdAt: 1 },
  });
  const same = again.jobs.map((job) => [job.key, before.jobs.some(({ id }) => id === job.id)]);
  expect(same).toEqual([
    ['respond/orient', true],
    ['respond/decide', false],
    ['after', false],
  ]);
  expect(again.conclusion).toBe('success');
});

describe('a matrix', () => {
  const jobs = (strategy: string, step = 'echo got $V', more = '') => ({
    [WORKFLOW]: `on: workflow_dispatch
jobs:
  a:
    runs-on: x
    strategy: ${strategy}
    steps: [{ run: '${step}', env: { V: "\${{ toJSON(matrix) }}", I: "\${{ strategy.job-index }}" } }]
${more}`,
  });
  const keys = async (strategy: string) => {
    await world.commit(jobs(strategy));
    return Object.keys(ends(await world.run()));
  };
  test('makes one job of each combination, without those taken out, with those added', async () => {
    expect(await keys('{ matrix: { n: [1, 2], os: [u, w] } }')).toEqual([
      'a (1, u)',
      'a (1, w)',
      'a (2, u)',
      'a (2, w)',
    ]);
    expect(await keys('{ matrix: { n: [1, 2], os: [u, w], exclude: [{ n: 2, os: w }] } }')).toEqual([
      'a (1, u)',
      'a (1, w)',
      'a (2, u)',
    ]);
    expect(await keys('{ matrix: { n: [1, 2], include: [{ n: 2, more: yes }, { n: 3 }] } }')).toEqual([
      'a (1)',
      'a (2, yes)',
      'a (3)',
    ]);
    expect(await keys('{ matrix: { include: [{ n: 1 }, { n: 2 }] } }')).toEqual(['a (1)', 'a (2)']);
  });
  test('may come from a job before it, and fails as one', async () => {
    await world.commit({
      [WORKFLOW]: `on: workflow_dispatch
jobs:
  list: { runs-on: x, outputs: { all: "\${{ steps.s.outputs.all }}" }, steps: [{ id: s, run: 'echo all=[1,2] >> $GITHUB_OUTPUT' }] }
  each:
    needs: list
    runs-on: x
    strategy: { fail-fast: false, matrix: { n: "\${{ fromJSON(needs.list.outputs.all) }}" } }
    steps: [{ run: 'test $N = 2', env: { N: "\${{ matrix.n }}" } }]
  end: { needs: each, if: always(), runs-on: x, steps: [{ run: "echo each was \${{ needs.each.result }}" }] }
`,
    });
    const run = await world.run();
    expect(ends(run)).toEqual({
      list: 'success',
      'each (1)': 'failure',
      'each (2)': 'success',
      end: 'success',
    });
    expect(logOf(run)).toContain('each was failure');
  });
  test('stops its other jobs when one fails, and keeps to its width', async () => {
    await world.commit(jobs('{ max-parallel: 1, matrix: { n: [1, 2, 3] } }', 'test $I = 0'));
    expect(ends(await world.run())).toEqual({ 'a (1)': 'success', 'a (2)': 'failure', 'a (3)': 'cancelled' });
  });
  test('without a value is a fault', async () => {
    await world.commit(jobs('{ matrix: { n: [] } }'));
    const run = await world.run();
    expect(run.conclusion).toBe('failure');
    expect(logOf(run)).toContain('Matrix vector does not contain any values');
  });
});
