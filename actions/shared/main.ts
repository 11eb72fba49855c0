// What every job begins with, step of an incident or not: its token, a clone of the repository, and what main says there.
// Must never read a working tree of the runner: what lies there was checked out by somebody else.
import { join } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';
import { type Clone, openClone } from '#adapters/git/clone';
import { readSource, type Source } from '#adapters/git/source';
import type { StoreOptions } from '#adapters/git/store';

/** An input of the action. Null: it is empty or missing. */
export function optional(name: string): string | null {
  const value = core.getInput(name);
  return value === '' ? null : value;
}

export type Main = {
  clone: Clone;
  source: Source;
  token: string;
  /** Address of the repository's pages. */
  home: string;
  /** By what the job reads other branches of the same repository. */
  from: Pick<StoreOptions, 'dir' | 'url' | 'credentials'>;
};

/** A clone of this repository for the job, and what its main says. */
export async function openMain(job: string): Promise<Main> {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const { owner, repo } = context.repo;
  const home = `${context.serverUrl}/${owner}/${repo}`;
  const from = {
    dir: join(process.env['RUNNER_TEMP'] ?? '.', `vigil-${job}`),
    url: `${home}.git`,
    credentials: async () => token,
  };
  // main grows for years, and a job needs only its present state.
  const clone = await openClone({ ...from, depth: 1 });
  return { clone, source: await readSource(clone), token, home, from };
}
