// One look at a check of kind command: one run of it in the workspace of this sampling, judged. Must never quote what a command printed
// before it is redacted.
import type { CommandCheck } from '#core/verification/command-check';
import { judgeRun } from '#core/verification/command-run';
import type { Sample } from '#core/verification/plan';
import type { CommandRuns } from '../../workspace/commands/runs.ts';
import { fail, type Look, pass, sawNothing } from './look.ts';

/** With when the run began and how long it took, where there was one. */
export async function lookByCommand(
  check: CommandCheck,
  runs: CommandRuns,
  signal: AbortSignal,
): Promise<{ look: Look; times: Partial<Pick<Sample, 'at' | 'ms'>> }> {
  const taken = await runs.next(check, signal);
  if ('nothing' in taken) return { look: sawNothing(taken.nothing), times: {} };
  const { run, at, ms } = taken;
  const said = judgeRun(check, run, runs.redact);
  const look = 'nothing' in said ? sawNothing(said.nothing) : said.fault === null ? pass : fail(said.fault);
  return { look, times: { at: Math.round(at), ms } };
}
