// Folds an incident's records into its state and proves their chain. State has no other source.
// Must never guess: a record that is missing, changed or out of order is named, not skipped.
import type { Fact, FactDataOf, FactType } from './facts.ts';
import { type Stage, startsAttempt, step } from './lifecycle.ts';
import { type Actor, hashRecord, type LedgerRecord, type RecordOf, recordFile } from './record.ts';

export type EffectState = {
  name: string;
  status: 'claimed' | 'done' | 'failed';
  owner: string;
  until: string;
  result: string;
};
export type Incident = {
  key: string;
  opened: FactDataOf<'incident.opened'>;
  openedAt: string;
  stage: Stage;
  attempt: number;
  /** How many proposals of this attempt were withdrawn: what is done for a proposal is named after it. */
  generation: number;
  seq: number;
  /** sha256 of the last record: the head quoted on the issue. */
  head: string;
  /** The newest record of each type in this attempt. */
  latest: { readonly [T in FactType]?: RecordOf<T> };
  issue: FactDataOf<'issue.opened'> | null;
  effects: ReadonlyMap<string, EffectState>;
  history: readonly { stage: Stage; at: string; attempt: number; fact: FactType }[];
  records: readonly LedgerRecord[];
};

export type Replayed =
  | { ok: true; incident: Incident | null }
  | { ok: false; seq: number; file: string; reason: string };

/** Folds records in order of `seq`. An empty list is an incident that does not exist yet. */
export function replay(records: readonly LedgerRecord[]): Replayed {
  let incident: Incident | null = null;
  for (const record of records) {
    const next = fold(incident, record);
    if (!next.ok) return { ok: false, seq: record.seq, file: recordFile(record), reason: next.reason };
    incident = next.incident;
  }
  return { ok: true, incident };
}

export type Folded = { ok: true; incident: Incident } | { ok: false; reason: string };

/** One record on top of a state. */
export function fold(before: Incident | null, record: LedgerRecord): Folded {
  const seq = (before?.seq ?? 0) + 1;
  if (record.seq !== seq) return { ok: false, reason: `expected record ${seq}, found ${record.seq}` };
  if (record.prev !== (before?.head ?? null))
    return { ok: false, reason: 'its link to the record before does not match' };
  const moved = step(before?.stage ?? null, record);
  if (!moved.ok) return moved;
  const fresh = startsAttempt(record.type);
  const attempt = (before?.attempt ?? 1) + (fresh ? 1 : 0);
  if (record.attempt !== attempt)
    return { ok: false, reason: `expected attempt ${attempt}, found ${record.attempt}` };
  if (before === null && record.type !== 'incident.opened')
    return { ok: false, reason: 'the first record opens the incident' };
  const opened = record.type === 'incident.opened' ? record.data : described(before?.opened, record);
  if (!opened) return { ok: false, reason: 'the incident was never opened' };
  const changed = before?.stage !== moved.stage || fresh;
  return {
    ok: true,
    incident: {
      key: opened.key,
      opened,
      openedAt: before?.openedAt ?? record.at,
      stage: moved.stage,
      attempt,
      generation: fresh ? 0 : (before?.generation ?? 0) + (record.type === 'remediation.withdrawn' ? 1 : 0),
      seq,
      head: hashRecord(record),
      latest: { ...(fresh ? {} : stillTrue(before?.latest, record.type)), [record.type]: record },
      issue: record.type === 'issue.opened' ? record.data : (before?.issue ?? null),
      effects: foldEffect(before?.effects ?? new Map(), record),
      history: changed
        ? [...(before?.history ?? []), { stage: moved.stage, at: record.at, attempt, fact: record.type }]
        : (before?.history ?? []),
      records: [...(before?.records ?? []), record],
    },
  };
}

/** What PagerDuty says of it now. A title that was withheld at first takes the place of its notice. */
function described(
  opened: Incident['opened'] | undefined,
  record: LedgerRecord,
): Incident['opened'] | undefined {
  if (!opened || (record.type !== 'alert.described' && record.type !== 'alert.changed')) return opened;
  const { withheld: _, ...rest } = opened;
  if (record.type === 'alert.described') return { ...rest, title: record.data.title };
  const { title, urgency = opened.urgency, service = opened.service, priority } = record.data;
  const named = title === undefined ? opened : { ...rest, title };
  return { ...named, urgency, service, priority: priority === undefined ? opened.priority : priority };
}

/** What was said of a proposal ends with it: no approval outlives the bytes it was given for. */
function stillTrue(latest: Incident['latest'] = {}, type: FactType): Incident['latest'] {
  if (type !== 'remediation.proposed' && type !== 'remediation.withdrawn') return latest;
  const {
    'remediation.proposed': _proposed,
    'symptom.measured': _measured,
    'remediation.rehearsed': _rehearsed,
    'remediation.judged': _judged,
    'remediation.approved': _approved,
    'remediation.withdrawn': _withdrawn,
    'pull.opened': _pull,
    'merge.delayed': _delayed,
    ...rest
  } = latest;
  return rest;
}

function foldEffect(
  effects: ReadonlyMap<string, EffectState>,
  record: LedgerRecord,
): ReadonlyMap<string, EffectState> {
  if (record.type === 'effect.claimed') {
    const { effect, owner, until } = record.data;
    return new Map(effects).set(effect, { name: effect, status: 'claimed', owner, until, result: '' });
  }
  if (record.type !== 'effect.done' && record.type !== 'effect.failed') return effects;
  const before = effects.get(record.data.effect);
  if (record.type === 'effect.failed' && !record.data.final) {
    const rest = new Map(effects);
    rest.delete(record.data.effect);
    return rest;
  }
  const result = record.type === 'effect.done' ? record.data.result : record.data.reason;
  const status = record.type === 'effect.done' ? 'done' : 'failed';
  return new Map(effects).set(record.data.effect, {
    name: record.data.effect,
    status,
    owner: before?.owner ?? '',
    until: before?.until ?? '',
    result,
  });
}

/** The state after some facts, as if they were written now; the reason names the fact that cannot happen. */
export function foresee(before: Incident | null, facts: readonly Fact[], at: string, actor: Actor): Folded {
  let after: Incident | null = before;
  for (const fact of facts) {
    const folded = fold(after, nextRecord(after, fact, at, actor));
    if (!folded.ok) return folded;
    after = folded.incident;
  }
  return after ? { ok: true, incident: after } : { ok: false, reason: 'there is no such incident' };
}

/** The incident as it was after each of its records, oldest first. */
export function pastOf({ records }: Incident): Incident[] {
  const past: Incident[] = [];
  for (const record of records) {
    const folded = fold(past.at(-1) ?? null, record);
    if (!folded.ok) return past;
    past.push(folded.incident);
  }
  return past;
}

/** The record that would follow: numbered, linked and in the right attempt. */
export function nextRecord(before: Incident | null, fact: Fact, at: string, actor: Actor): LedgerRecord {
  const attempt = (before?.attempt ?? 1) + (startsAttempt(fact.type) ? 1 : 0);
  return { v: 1, seq: (before?.seq ?? 0) + 1, prev: before?.head ?? null, at, actor, attempt, ...fact };
}

/** Data of the newest fact of a type in this attempt. */
export function latestOf<T extends FactType>(incident: Incident, type: T): FactDataOf<T> | null {
  const record = incident.latest[type];
  return record ? (record.data as FactDataOf<T>) : null;
}
