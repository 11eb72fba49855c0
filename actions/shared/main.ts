// What every job begins with, step of an incident or not: its token, a clone of the repository, and what main says there.
// Must never read a working tree of the runner: what lies there was checked out by somebody else.
import { join } from 'node:path';
import * as core from '@actions/core';
import { type Clone, openClone } from '#adapters/git/clone';
import { readSource, type Source } from '#adapters/git/source';
import type { StoreOptions } from '#adapters/git/store';
import { type Runner, runnerTold } from './told.ts';

/** How long git is asked again while it is away or names a time: GitHub's limits last a minute or two. */
const PATIENCE_MS = 240_000;
/** So long may something that nobody waits for any more keep a job from its end. */
const LEFTOVER_MS = 5000;

export type Main = {
  clone: Clone;
  source: Source;
  token: string;
  runner: Runner;
  /** By what the job reads other branches of the same repository. */
  from: StoreOptions;
};

/** A clone of this repository for the job, and what its main says. */
export async function openMain(job: string): Promise<Main> {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const runner = runnerTold();
  const from = {
    dir: join(runner.temp, `vigil-${job}`),
    url: `${runner.home}.git`,
    credentials: async () => token,
    patienceMs: PATIENCE_MS,
  };
  // main grows for years, and a job needs only its present state.
  const clone = await openClone({ ...from, depth: 1 });
  return { clone, source: await readSource(clone), token, runner, from };
}

/** The job is over: what is still open, such as a request that nobody answers, does not keep its process alive. */
export function endSoon(): void {
  setTimeout(() => process.exit(), LEFTOVER_MS).unref();
}
