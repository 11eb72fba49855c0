// What GitHub runs and this runner refuses by choice: each with the reason it gives. It must never be passed over in silence.
import { ends, logOf, workflow } from '../host-double.ts';
import type { PlayRow } from './row.ts';

const STEPS = 'steps: [{ run: "true" }]';
/** A workflow whose run fails with this reason, and which GitHub would run. */
const refused = (id: string, said: string, because: string, jobs: string, head?: string): PlayRow => ({
  ...{ id, github: 'success', harsher: { sees: `refused: ${said}`, because } },
  async measure(open) {
    const world = await open();
    await world.commit({
      ...workflow(jobs, head),
      'actions/c/action.yml': 'name: c\ndescription: c\nruns: { using: composite, steps: [] }\n',
      'actions/n/action.yml': 'name: n\ndescription: n\nruns: { using: node20, main: index.js }\n',
      '.github/workflows/called.yml': `on: workflow_call\njobs:\n  a: { runs-on: x, ${STEPS} }\n`,
    });
    const run = await world.run();
    const reason = /##\[error\](?:Error: |a: |\$\/actions\/\w: )*(.+)/.exec(logOf(run))?.[1];
    return run.conclusion === 'failure' ? `refused: ${reason}` : JSON.stringify(ends(run));
  },
});
const key = (name: string, value: string): PlayRow =>
  refused(
    `R-${name}`,
    `jobs.a.${name} is not supported by the sandbox's runner`,
    'no machine of its own, or not rebuilt',
    `  a: { runs-on: x, ${name}: ${value}, ${STEPS} }`,
  );
const step = (id: string, written: string, said: string): PlayRow =>
  refused(id, said, 'not rebuilt', `  a: { runs-on: x, steps: [${written}] }`);
const only = (uses: string) =>
  `jobs.a.steps[0].uses: ${uses} (only $/folder/of/an/action) is not supported by the sandbox's runner`;

export const refusals: PlayRow[] = [
  key('container', 'node'),
  key('services', '{ db: { image: pg } }'),
  key('defaults', '{ run: { shell: bash } }'),
  key('continue-on-error', 'true'),
  key('concurrency', 'one'),
  refused(
    'R-url',
    "jobs.a.environment.url is not supported by the sandbox's runner",
    'no deployment that could show it',
    `  a: { runs-on: x, environment: { name: e, url: 'https://a.example' }, ${STEPS} }`,
  ),
  step(
    'R-shell',
    '{ run: echo, shell: pwsh }',
    "jobs.a.steps[0].shell: pwsh is not supported by the sandbox's runner",
  ),
  step('R-foreign', '{ uses: actions/checkout@v7 }', only('actions/checkout@v7')),
  step('R-local', '{ uses: ./actions/c }', only('./actions/c')),
  step('R-image', '{ uses: "docker://alpine" }', only('docker://alpine')),
  step('R-composite', '{ uses: $/actions/c }', 'runs.using composite is not supported, only node24'),
  step('R-node20', '{ uses: $/actions/n }', 'runs.using node20 is not supported, only node24'),
  refused(
    'R-inherit',
    "jobs.a.secrets: inherit is not supported by the sandbox's runner",
    'by name is safer',
    '  a: { uses: ./.github/workflows/called.yml, secrets: inherit }',
  ),
  refused(
    'R-matrix',
    "a matrix of calls is not supported by the sandbox's runner",
    'not rebuilt',
    '  a: { uses: ./.github/workflows/called.yml, strategy: { matrix: { n: [1, 2] } } }',
  ),
  ...['one', '{ group: g, cancel-in-progress: true, queue: max }'].map((written, index) =>
    refused(
      `R-queue-${index}`,
      [
        "concurrency without `queue: max` is not supported by the sandbox's runner",
        "concurrency with cancel-in-progress is not supported by the sandbox's runner",
      ][index] ?? '',
      'a run that waits is never dropped',
      `  a: { runs-on: x, ${STEPS} }`,
      `concurrency: ${written}`,
    ),
  ),
];
