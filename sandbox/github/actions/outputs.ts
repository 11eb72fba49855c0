// What a job gives to the jobs behind it. Must never hand on a value that would be masked in a log.
// https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/pass-job-outputs
import type { Log } from './commands.ts';
import { texts } from './expressions.ts';
import type { JobPlan } from './parse.ts';
import { type Job, stepContexts } from './step.ts';

const JOB_BYTES = 1024 * 1024; // as UTF-16
const RUN_BYTES = 50 * JOB_BYTES;

/** The job's outputs. One that may hold a secret is dropped, as on GitHub, and the log says so. Throws when they are too large. */
export function outputsOf({ token }: JobPlan, job: Job, log: Log): Record<string, string> {
  const all = Object.entries(texts(token.find('outputs'), { contexts: stepContexts(job) }));
  const hidden = all.filter(([, value]) => job.masks.hides(value)).map(([name]) => name);
  for (const name of hidden) log.issue('warning', `Skip output '${name}' since it may contain secret.`);
  const kept = Object.fromEntries(all.filter(([name, value]) => value !== '' && !hidden.includes(name)));
  if (bytesOf(kept) > JOB_BYTES) throw new Error(`The job's outputs are larger than 1 MB`);
  return kept;
}

/** Whether one run may hold the outputs of all these jobs. */
export const fitRun = (jobs: readonly { outputs: Readonly<Record<string, string>> }[]): boolean =>
  jobs.reduce((sum, { outputs }) => sum + bytesOf(outputs), 0) <= RUN_BYTES;

const bytesOf = (outputs: Readonly<Record<string, string>>): number =>
  Object.entries(outputs).reduce((sum, [name, value]) => sum + 2 * (name.length + value.length), 0);
