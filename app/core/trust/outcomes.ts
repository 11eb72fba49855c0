// What came of remediations that ran, read off the ledger's records: how sure Vigil was, who let it run, whether it helped.
// Must never count a run whose end nobody saw as a success, nor one that never began as anything.
import { hasFailed, ranNothing } from '#core/incident/outcome';
import type { FactDataOf } from '#core/ledger/facts';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { alertSlug, bytesOf } from './keys.ts';

export type RunEnd = 'recovered' | 'refuted' | 'failed' | 'lost' | 'undone';
export type RunOutcome = {
  incident: string;
  attempt: number;
  /** Unix milliseconds. */
  at: number;
  ended: RunEnd;
  ok: boolean;
  /** 0 to 100, as judged before the run: the whole, null where nobody judged (seeded history), and its parts by name. */
  confidence: number | null;
  components: Readonly<Record<string, number>>;
  lane: 'auto' | 'human';
  by: FactDataOf<'remediation.proposed'>['by'];
  /** The remediation block of the runbook; null for a fix without one. */
  block: string | null;
  /** sha256 of what ran, as rendered. */
  bytes: string;
  kind: string;
  alert: string;
  /** Of seeded history, which shows how things look and proves nothing. */
  sample: boolean;
};

/** What history counts of an outcome. */
export type Earned = Pick<RunOutcome, 'at' | 'ok' | 'sample' | 'alert' | 'kind' | 'by' | 'block' | 'bytes'>;

type About = Omit<RunOutcome, 'at' | 'ended' | 'ok' | 'attempt'>;
type Seen = {
  proposed?: FactDataOf<'remediation.proposed'>;
  judged?: FactDataOf<'remediation.judged'>;
  lane?: 'auto' | 'human';
};

/**
 * The outcomes of one incident, oldest first: at most one a run. What somebody had undone has not worked, whatever Vigil saw:
 * asking for the undo turns a recovery into a failure, and what nobody could see into one.
 */
export function outcomesOf(incident: Incident): RunOutcome[] {
  const outcomes: RunOutcome[] = [];
  let seen: Seen = {};
  let running: About | null = null;
  let agreed = 0;
  for (const record of incident.records) {
    const { attempt } = record;
    const at = Date.parse(record.at);
    if (record.type === 'remediation.proposed') seen = { proposed: record.data };
    if (record.type === 'remediation.judged') seen = { ...seen, judged: record.data };
    if (record.type === 'remediation.approved') seen = { ...seen, lane: record.data.lane };
    if (record.type === 'remediation.started') running = about(incident, seen);
    if (record.type === 'remediation.finished' && ranNothing(record.data)) running = null;
    // An act that is put back as agreed has done its work.
    if (record.type === 'putback.due') agreed = attempt;
    const last = outcomes.at(-1);
    if (isUndo(record, agreed) && last?.ok && last.attempt === attempt)
      outcomes[outcomes.length - 1] = { ...last, at, ended: 'undone', ok: false };
    const ended = endOf(record);
    if (ended === null || running === null) continue;
    outcomes.push({ ...running, at, attempt, ended, ok: ended === 'recovered' });
    running = null;
  }
  return outcomes;
}

function about(incident: Incident, { proposed, judged, lane = 'human' }: Seen): About | null {
  if (!proposed) return null;
  return {
    incident: incident.key,
    confidence: judged?.confidence.value ?? null,
    components: Object.fromEntries(
      (judged?.confidence.components ?? []).map(({ name, value }) => [name, value]),
    ),
    lane,
    by: proposed.by,
    block: proposed.runbook?.block ?? null,
    bytes: bytesOf(proposed),
    kind: proposed.kind,
    alert: alertSlug(incident.opened.title),
    sample: incident.opened.sample === true,
  };
}

const isUndo = ({ type, attempt }: LedgerRecord, agreed: number): boolean =>
  type === 'undo.requested' || (type === 'undo.started' && attempt !== agreed);

/** Null also for a run that never began, and for one whose effect nobody could see. */
function endOf(record: LedgerRecord): RunEnd | null {
  switch (record.type) {
    case 'recovery.confirmed':
      return 'recovered';
    case 'recovery.refuted':
      return 'refuted';
    case 'remediation.lost':
      return 'lost';
    case 'undo.requested':
      return 'undone';
    case 'remediation.finished':
      return hasFailed(record.data) ? 'failed' : null;
    default:
      return null;
  }
}

/** The same outcomes, for history; of an incident whose title nobody may see, none. */
export function earnedOf(incident: Incident, runs: readonly RunOutcome[]): Earned[] {
  if (incident.opened.withheld) return [];
  return runs.map(({ at, ok, sample, alert, kind, by, block, bytes }) => ({
    ...{ at, ok, sample, alert, kind, by, block, bytes },
  }));
}
