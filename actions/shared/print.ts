// Writes text from outside into a job's log. Must never let the runner obey a line of it. A runner finds commands in the
// output: `::command::` at the start of a line, and `##[command]` anywhere in a line. A script's output may hold both.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';

/** Prints redacted text as it is. The runner obeys nothing in it until it reads a word that only this call knows. */
export function print(text: string): void {
  const word = /::|##\[/.test(text) ? randomUUID() : null;
  if (word) core.info(`::stop-commands::${word}`);
  core.info(text);
  if (word) core.info(`::${word}::`);
}
