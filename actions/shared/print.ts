// Writing text from outside into a job's log. Must never let a line of it be obeyed: a runner reads commands off the output,
// `::command::` at the start of a line and `##[command]` anywhere in one, and a script's output may hold either.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
import { randomUUID } from 'node:crypto';
import * as core from '@actions/core';

/** Prints redacted text as it is; the runner obeys nothing until a word that only this call knows. */
export function print(text: string): void {
  const word = /::|##\[/.test(text) ? randomUUID() : null;
  if (word) core.info(`::stop-commands::${word}`);
  core.info(text);
  if (word) core.info(`::${word}::`);
}
