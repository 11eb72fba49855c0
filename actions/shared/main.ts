// What every job begins with, step of an incident or not: its token, a clone of the repository, and what main says there.
// Must never read a working tree of the runner: what lies there was checked out by somebody else.
import { join } from 'node:path';
import * as core from '@actions/core';
import { type Clone, openClone } from '#adapters/git/clone';
import { readSource, type Source } from '#adapters/git/source';

/** An input as the environment variable the runner makes of it; empty is absent. */
export function optional(name: string): string | null {
  const value = core.getInput(name);
  return value === '' ? null : value;
}

/** A clone of this repository for the job, and what its main says. `home` is the address of the repository's pages. */
export async function openMain(
  job: string,
): Promise<{ clone: Clone; source: Source; token: string; home: string }> {
  const token = core.getInput('token', { required: true });
  core.setSecret(token);
  const { GITHUB_SERVER_URL = '', GITHUB_REPOSITORY = '', RUNNER_TEMP = '.' } = process.env;
  const home = `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}`;
  const clone = await openClone({
    dir: join(RUNNER_TEMP, `vigil-${job}`),
    url: `${home}.git`,
    credentials: async () => token,
    // The ledger grows for years; a step needs only what stands there now.
    depth: 1,
  });
  return { clone, source: await readSource(clone), token, home };
}
