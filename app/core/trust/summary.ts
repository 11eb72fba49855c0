// What a sealed incident leaves for history, calibration and the breaker: its outcomes, in one line. They read these lines
// instead of records. Must never say anything that the records do not: the audit makes the line again and compares.
import * as z from 'zod';
import { OutOfState, outOfState } from '#core/incident/out-of-state';
import type { Incident } from '#core/ledger/replay';
import { canonical } from '#core/text/hash';
import { type Earned, earnedOf, outcomesOf, type RunOutcome } from './outcomes.ts';

export type Summary = {
  incident: string;
  earned: readonly Earned[];
  runs: readonly RunOutcome[];
  /** What it left out of its usual state; lines of before do not say. */
  out?: readonly OutOfState[] | undefined;
};
/** An incident of which the records are at hand, or what a sealed one left. */
export type Told = Incident | Summary;

const whole = z.number().int();
const by = z.enum(['runbook', 'model', 'person']);
const Line = z.strictObject({
  incident: z.string(),
  earned: z.array(
    z.strictObject({
      ...{ at: whole, ok: z.boolean(), sample: z.boolean(), alert: z.string(), kind: z.string(), by },
      ...{ block: z.string().nullable(), bytes: z.string() },
    }),
  ),
  runs: z.array(
    z.strictObject({
      ...{ incident: z.string(), attempt: whole, at: whole, ok: z.boolean(), by, kind: z.string() },
      ended: z.enum(['recovered', 'refuted', 'failed', 'lost', 'undone']),
      confidence: z.number().nullable(),
      components: z.record(z.string(), z.number()),
      lane: z.enum(['auto', 'human']),
      ...{ block: z.string().nullable(), bytes: z.string(), alert: z.string(), sample: z.boolean() },
    }),
  ),
  out: z.array(OutOfState).optional(),
});

/** An incident never changes, and the past is looked at again for every open proposal. */
const read = new WeakMap<Incident, Summary>();

export function summaryOf(told: Told): Summary {
  if (!('records' in told)) return told;
  const before = read.get(told);
  if (before) return before;
  const runs = outcomesOf(told);
  const out = outOfState(told);
  const left = out.length === 0 ? {} : { out };
  const summary = { incident: told.key, earned: earnedOf(told, runs), runs, ...left };
  read.set(told, summary);
  return summary;
}

/** Lines of sealed incidents lie in one file for each day of their last records. */
export function historyPath(incident: Incident): string {
  const day = incident.records.at(-1)?.at ?? incident.openedAt;
  return `${HISTORY_FOLDER}/${day.slice(0, 7)}/${day.slice(8, 10)}.jsonl`;
}
export const HISTORY_FOLDER = 'history';

/** The incident's line; null when nothing has run that could teach anything. */
export function historyLine(incident: Incident): string | null {
  return lineOf(summaryOf(incident));
}

/** As it was written before lines said what is still out. */
export function oldHistoryLine(incident: Incident): string | null {
  const { out: _, ...summary } = summaryOf(incident);
  return lineOf(summary);
}

function lineOf(summary: Summary): string | null {
  const { earned, runs, out = [] } = summary;
  return earned.length + runs.length + out.length === 0 ? null : canonical(summary);
}

/** Everything that is out of its usual state, oldest first. */
export function stillOut(past: Iterable<Told>): OutOfState[] {
  return [...past]
    .flatMap((told) => summaryOf(told).out ?? [])
    .sort((a, b) => Date.parse(a.since) - Date.parse(b.since) || (a.incident < b.incident ? -1 : 1));
}

/** The day's file with this line for the incident, or without one. Lines are in the order of their bytes. */
export function withLine(
  text: string | null,
  isOwn: (line: string) => boolean,
  line: string | null,
): string | null {
  const others = (text ?? '').split('\n').filter((each) => each !== '' && !isOwn(each));
  const lines = [...others, ...(line === null ? [] : [line])].sort();
  return lines.length === 0 ? null : `${lines.join('\n')}\n`;
}

export type ReadHistory = { ok: true; summaries: Summary[] } | { ok: false; reason: string };

export function readHistory(text: string): ReadHistory {
  const summaries: Summary[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    try {
      summaries.push(Line.parse(JSON.parse(line)));
    } catch (cause) {
      return { ok: false, reason: `line ${index + 1}: ${String(cause).slice(0, 200)}` };
    }
  }
  return { ok: true, summaries };
}
