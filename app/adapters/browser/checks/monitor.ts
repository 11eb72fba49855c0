// Asks monitoring itself how it is: a monitor's state, or the newest values of a series.
// It must never take a refusal, a limit or an answer it cannot read for a word about the service: then it saw nothing.
import type { MonitorCheck } from '#core/verification/checks';
import { judgeMonitor, judgeSeries, type Said } from '#core/verification/monitor';
import { type Datadog, querySeries, readMonitor } from '../../datadog.ts';
import { TooLate, within } from '../within.ts';
import { fail, type Look, pass, sawNothing } from './look.ts';

/** `account` is null where the job has no keys. `now` in Unix milliseconds. */
export async function lookAtMonitor(
  check: MonitorCheck,
  account: Datadog | null,
  signal: AbortSignal,
  now: () => number,
): Promise<Look> {
  if (account === null) return sawNothing('this job has no keys of Datadog: docs/integrations/datadog.md');
  try {
    const said = await within(check.timeout_s * 1000, ask(check, account, now()), signal);
    if ('nothing' in said) return sawNothing(said.nothing);
    return said.fault === null ? pass : fail(said.fault);
  } catch (error) {
    if (signal.aborted) return sawNothing('stopped before the answer came');
    if (error instanceof TooLate) return sawNothing(`Datadog did not answer within ${check.timeout_s} s`);
    throw error;
  }
}

async function ask(check: MonitorCheck, account: Datadog, now: number): Promise<Said> {
  if (check.query === undefined) {
    const read = await readMonitor(account, String(check.monitor));
    return read.ok ? judgeMonitor(read.value.overall_state) : { nothing: read.reason };
  }
  const window = { from: new Date(now - check.newest_s * 1000), to: new Date(now) };
  const read = await querySeries(account, check.query, window);
  if (!read.ok) return { nothing: read.reason };
  // What was not computed may be what is broken.
  if ((read.gaps ?? []).length > 0 || (read.odd ?? 0) > 0) return { nothing: 'Datadog computed only a part' };
  return judgeSeries(
    read.value.map(({ points }) => points),
    check,
    now,
  );
}
