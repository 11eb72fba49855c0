// What an incident's fixes left out of its usual state: lasting effects that ran and were not undone. From the ledger alone.
// Must never call something back in place because nothing was heard of it: what nobody knows is still out.
import * as z from 'zod';
import type { Judged, Proposal } from '#core/ledger/facts';
import { PutBack } from '#core/ledger/put-back-facts';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { cut } from '#core/text/cut';
import { hasFailed, ranNothing } from './outcome.ts';

const MOST_EFFECTS = 10;

export const OutOfState = z.strictObject({
  incident: z.string(),
  attempt: z.number().int(),
  issue: z.number().int().nullable(),
  service: z.string(),
  target: z.string(),
  kind: z.string(),
  /** What lasts, each with what it was done to. */
  effects: z.array(z.string()),
  /** When the fix ended. */
  since: z.string(),
  by: z.array(z.string()),
  put_back: PutBack.nullable(),
  /** Whether there is an approved inverse. */
  undo: z.boolean(),
  /** `half`: the fix broke off; `unknown`: nobody saw its end; `undoing`: its undo began, and did not end well so far. */
  state: z.enum(['changed', 'half', 'unknown', 'undoing']),
});
export type OutOfState = z.infer<typeof OutOfState>;

type Approved = { by: readonly string[]; lane: 'auto' | 'human' };
type Seen = { proposed?: Proposal; judged?: Judged; approved?: Approved };

const states = new WeakMap<Incident, OutOfState[]>();

/** Oldest first, one for each run. Made-up history left nothing anywhere. */
export function outOfState(incident: Incident): OutOfState[] {
  const known = states.get(incident);
  if (known) return known;
  const found = incident.opened.sample ? [] : fromRecords(incident);
  states.set(incident, found);
  return found;
}

function fromRecords(incident: Incident): OutOfState[] {
  let out: OutOfState[] = [];
  let seen: Seen = {};
  const change = (attempt: number, state: OutOfState['state']): void => {
    out = out.map((one) => (one.attempt === attempt ? { ...one, state } : one));
  };
  for (const record of incident.records) {
    const { attempt } = record;
    if (record.type === 'remediation.proposed') seen = { proposed: record.data };
    else if (record.type === 'remediation.judged') seen = { ...seen, judged: record.data };
    else if (record.type === 'remediation.approved') seen = { ...seen, approved: record.data };
    else if (record.type === 'putback.kept') out = [];
    else if (record.type === 'undo.started') change(attempt, 'undoing');
    else if (record.type === 'undo.finished' && record.data.ok)
      out = out.filter((one) => one.attempt !== attempt);
    const state = ranAs(record);
    if (state === null) continue;
    const left = entryOf(incident, record, seen, state);
    if (left) out.push(left);
  }
  return out;
}

/** What the end of a fix left of it. Null: the record is no such end, or nothing of it ran. */
function ranAs(record: LedgerRecord): OutOfState['state'] | null {
  if (record.type === 'remediation.lost') return 'unknown';
  if (record.type !== 'remediation.finished' || ranNothing(record.data)) return null;
  return hasFailed(record.data) ? 'half' : 'changed';
}

function entryOf(
  { key, issue, opened }: Incident,
  { attempt, at }: LedgerRecord,
  { proposed, judged, approved }: Seen,
  state: OutOfState['state'],
): OutOfState | null {
  const lasting = (judged?.effects ?? []).filter(
    ({ kind, selfRestoring }) => kind !== 'read' && !selfRestoring,
  );
  if (!proposed || !judged || lasting.length === 0) return null;
  const shown = lasting.map(({ kind, target }) => cut(target === null ? kind : `${kind} ${target}`, 200));
  return {
    ...{ incident: key, attempt, issue: issue?.number ?? null, service: opened.service.id },
    ...{ target: proposed.target, kind: proposed.kind, since: at, state },
    effects: [...new Set(shown)].slice(0, MOST_EFFECTS),
    by: approved?.lane === 'human' ? [...approved.by] : [],
    put_back: judged.put_back ?? null,
    undo: proposed.files['undo.sh'] !== undefined,
  };
}
