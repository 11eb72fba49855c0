// What every job is told, by its inputs and by its runner. Each is read as it was written, and what is missing or another thing is
// named with its cure. Must never guess: a job that takes itself for another one acts in its place.
import { isAbsolute } from 'node:path';
import * as core from '@actions/core';
import { context } from '@actions/github';

/** An input of the action. Null: it is empty or missing. */
export function optional(name: string): string | null {
  const value = core.getInput(name);
  return value === '' ? null : value;
}

export type Runner = {
  run: number;
  /** Address of the repository's pages. */
  home: string;
  /** Where temporary files go. */
  temp: string;
};

/** https://docs.github.com/en/actions/reference/workflows-and-actions/variables#default-environment-variables */
export function runnerTold(): Runner {
  const run = process.env['GITHUB_RUN_ID'] ?? '';
  const repository = process.env['GITHUB_REPOSITORY'] ?? '';
  const server = process.env['GITHUB_SERVER_URL'] ?? '';
  const temp = process.env['RUNNER_TEMP'] ?? '';
  const wrong = [
    ...(/^[1-9]\d{0,15}$/.test(run) ? [] : [`GITHUB_RUN_ID is ${told(run)}, not the number of a run`]),
    ...(/^[\w.-]+\/[\w.-]+$/.test(repository)
      ? []
      : [`GITHUB_REPOSITORY is ${told(repository)}, not owner/name`]),
    ...(/^https?:\/\/[^/?#@\s]+\/?$/.test(server)
      ? []
      : [`GITHUB_SERVER_URL is ${told(server)}, not an address such as https://github.com`]),
    ...(isAbsolute(temp) ? [] : [`RUNNER_TEMP is ${told(temp)}, not a folder`]),
  ];
  if (wrong.length > 0)
    throw new Error(`${wrong.join('; ')}. A runner sets these; run this from a workflow, not by hand`);
  const { owner, repo } = context.repo;
  return { run: Number(run), home: `${server.replace(/\/$/, '')}/${owner}/${repo}`, temp };
}

const told = (value: string): string => (value === '' ? 'not set' : JSON.stringify(value));

/** Throws when this job cannot prove who it is: without the right GitHub gives it no way to ask for a token. */
export function mayProve(): void {
  if (!process.env['ACTIONS_ID_TOKEN_REQUEST_URL'] || !process.env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'])
    throw new Error(
      'this job may not prove who it is: its workflow, and the one that calls it, must give it `permissions: id-token: write`',
    );
}
