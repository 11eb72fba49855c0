// The form of the table that holds this runner to GitHub's: a row is an input and what GitHub makes of it. Must never say
// how the sandbox does it; where it is harsher by choice the row says what is seen and why.
import { createWorld, type World } from '../host-double.ts';
import type { JobState } from '../types.ts';

type Expected = {
  id: string;
  github: unknown;
  /** The sandbox fails here what GitHub lets pass. */
  harsher?: { sees: unknown; because: string };
};
export type Job = Record<string, unknown>;
type Jobs = Record<string, JobState>;
/** Jobs of a workflow that all rows of a file share, and what is seen of them. */
export type JobRow = Expected & {
  jobs: Record<string, Job>;
  see(jobs: Jobs): unknown;
  secrets?: Record<string, string>; // of an environment named as the row is
  files?: Record<string, string>;
};
/** What needs a run, or a whole forge, of its own. */
export type PlayRow = Expected & { measure(open: (minute?: number) => Promise<World>): Promise<unknown> };

type More = Partial<Omit<JobRow, 'id' | 'github' | 'see'>> & { see?: (job: JobState) => unknown };

/** A row of one job with these steps. */
export function row(id: string, steps: object[], github: unknown, more: More & { job?: Job } = {}): JobRow {
  const { see = brief, job = {}, ...rest } = more;
  const environment = rest.secrets ? { environment: id } : {};
  return {
    ...{ id, github, ...rest },
    jobs: { [id]: { 'runs-on': 'x', ...environment, ...job, steps } },
    see: (jobs) => see(jobs[id] as JobState),
  };
}

/** A row of one script, and what an expression is worth in a step after it. */
export const script = (
  id: string,
  run: string,
  shown: string,
  github: unknown,
  more: More & { step?: object } = {},
) => row(id, [{ id: 's', run, ...more.step }, show(shown)], github, more);

/** A row of lines that a step prints. */
export const lines = (
  id: string,
  said: readonly string[],
  github: unknown,
  more: More & { step?: object } = {},
) => row(id, [{ id: 's', run: print(said), ...more.step }], github, { see: first, ...more });

export const print = (said: readonly string[]): string => `cat <<'EOT'\n${said.join('\n')}\nEOT`;
/** A step that shows what expressions are worth. */
export const show = (shown: string): object => ({
  ...{ if: 'always()', run: 'printf "[%s]\\n" "$T"', env: { T: shown } },
});

/** How the first step ended and what the last one printed. */
const brief = (job: JobState): string => `${job.steps[1]?.conclusion} ${job.steps.at(-1)?.log.join(' ')}`;
/** How the first step ended and what it printed. */
export const first = ({ steps: [, step] }: JobState): string =>
  `${step?.conclusion}: ${step?.log.join(' | ')}`;
export const ends = (job: JobState): string[] => job.steps.slice(1).map(({ conclusion }) => `${conclusion}`);
export const said = (job: JobState): string =>
  job.steps
    .slice(1)
    .flatMap(({ log }) => log)
    .join(' | ');

/** An action of the repository, written in JavaScript. */
export const action = (name: string, body: string, runs = ''): Record<string, string> => ({
  [`actions/${name}/action.yml`]: `name: ${name}\ndescription: x\nruns: { using: node24, main: index.js${runs} }\n`,
  ...(body === '' ? {} : { [`actions/${name}/index.js`]: `${body}\n` }),
});

/** Runs the rows of one file as jobs of one workflow; by id what was seen. */
export async function measure(
  rows: readonly JobRow[],
  world: World,
  id: number,
): Promise<Map<string, unknown>> {
  const workflow = {
    name: 'respond',
    on: { workflow_dispatch: { inputs: { flag: { type: 'boolean', default: true } } } },
    permissions: {},
    jobs: Object.assign({}, ...rows.map(({ jobs }) => jobs)),
  };
  for (const { id: name, secrets } of rows)
    if (secrets) world.environments[name] = { secrets, variables: {}, branches: ['main'] };
  const path = `.github/workflows/rows-${id}.yml`;
  await world.commit(
    Object.assign({ [path]: JSON.stringify(workflow) }, ...rows.map(({ files }) => files ?? {})),
  );
  const run = await world.run({ id, workflow: path });
  if (run.jobs[0]?.key === 'workflow') throw new Error(run.jobs[0].steps[0]?.log.join('\n'));
  const jobs = Object.fromEntries(run.jobs.map((job) => [job.key, job]));
  return new Map(rows.map((one) => [one.id, one.see(jobs)]));
}

/** Runs one row that needs worlds of its own, and closes them. */
export async function play({ measure: run }: PlayRow): Promise<unknown> {
  const opened: World[] = [];
  const open = async (minute?: number) => {
    const world = await createWorld(minute);
    opened.push(world);
    return world;
  };
  try {
    return await run(open);
  } finally {
    for (const world of opened) await world.close();
  }
}
