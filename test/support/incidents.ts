// Incidents for tests, built the only way an incident can be: by folding facts that the lifecycle allows.
// It must never build a state that no ledger could hold; an illegal fact throws.

import type { Fact, FactDataOf, FactType } from '#core/ledger/facts';
import type { Actor, LedgerRecord } from '#core/ledger/record';
import { fold, type Incident, latestOf, nextRecord } from '#core/ledger/replay';

/** When the incidents of tests open. Each record is one second after the one before. */
export const OPENED = new Date('2026-11-03T03:00:00.000Z');
export const KEY = 'pd-q1shop1';
export const hex = (sign: string, length = 64): string => sign.repeat(length);
const run = { id: 7, url: 'https://github.com/acme/production/actions/runs/7' };
const sample = {
  check: 'health',
  at: 1_793_674_800_000,
  ms: 12,
  outcome: 'fail' as const,
  engine: 'http' as const,
  reason: 'status 500, not 200',
  overruled: null,
};
const executed = {
  ok: true,
  outcome: 'succeeded' as const,
  exit: 0,
  output: 'purged\n',
  ms: 1500,
  workspace: `vigil-${KEY}-1`,
};

/** A plausible fact of every type. */
export const facts: { readonly [T in FactType]: FactDataOf<T> } = {
  'incident.opened': {
    key: KEY,
    source: 'pagerduty',
    pagerduty: { id: 'Q1SHOP1', number: 42, url: 'https://acme.pagerduty.com/incidents/Q1SHOP1' },
    service: { id: 'PSHOP01', name: 'Web shop' },
    title: 'Checkout error rate is high',
    urgency: 'high',
    priority: null,
  },
  'alert.described': { title: 'Checkout error rate is high' },
  'alert.changed': { event: 'E4', title: 'Checkout fails everywhere', priority: 'P1' },
  'incident.moved': { event: 'E5', from: 'Web shop', to: 'Payments' },
  'incident.merged': { event: 'E6', into: 'Q2SHOP2' },
  'alert.joined': { event: 'E2', title: 'Payments are slow' },
  'alert.resolved': { event: 'E3', by: 'Olga' },
  'issue.opened': { number: 12, url: 'https://github.com/acme/production/issues/12' },
  'investigation.started': { run },
  'evidence.gathered': {
    branch: 'vigil/evidence-2026-11',
    items: [{ id: 'alert-1', source: 'pagerduty', title: 'Checkout 5xx', sha256: hex('e'), bytes: 120 }],
    missing: [{ source: 'Datadog', reason: 'not configured' }],
  },
  'hypothesis.received': { source: 'alert', text: 'Orders fail with 500.', evidence: ['alert-1'] },
  'context.retrieved': { matches: [], threshold: 85 },
  'synthesis.started': { run },
  'remediation.proposed': {
    by: 'runbook',
    kind: 'purge-cache',
    runbook: null,
    target: 'shop',
    parameters: {},
    risk: 'LOW',
    confidence: null,
    summary: 'Purge the cache.',
    quotes: [],
    files: { 'fix.sh': 'true\n', 'verify.yml': 'v: 1\n', 'remediation.yml': 'v: 1\n' },
  },
  'remediation.rehearsed': { samples: [sample], reason: 'health was red 3 of 3 times' },
  'symptom.absent': { samples: [], reason: 'health was green 3 of 3 times', alert: 'cleared' },
  'remediation.judged': {
    verdict: 'allow',
    risk: 'LOW',
    effects: [{ kind: 'cache.purge', target: 'https://admin.shop.example/cache/purge', selfRestoring: true }],
    commands: ['fix.sh:3 curl'],
    findings: [],
    digest: hex('d'),
    confidence: { value: 90, components: [{ name: 'history', value: 90, reason: '25 verified successes' }] },
    lane: 'human',
    reasons: ['✗ auto lane'],
  },
  'pull.opened': {
    number: 13,
    url: 'https://github.com/acme/production/pull/13',
    branch: `vigil/${KEY}/1`,
    head: hex('a', 40),
    digest: hex('d'),
  },
  'pull.pushed': { by: 'otto', head: hex('c', 40), before: hex('a', 40) },
  'remediation.approved': {
    lane: 'human',
    digest: hex('d'),
    head: hex('a', 40),
    by: ['olga'],
    expires: '2026-11-03T07:00:00.000Z',
  },
  'remediation.withdrawn': { reason: 'its bytes changed' },
  'review.discounted': { by: 'robin', head: hex('a', 40), reason: '@robin has permission read' },
  'issue.closed': { by: 'sam', at: '2026-11-03T03:00:30Z' },
  'remediation.rejected': { by: 'olga', reason: 'not now' },
  'merge.delayed': { reason: 'the required check “ci/build” is in progress' },
  'pull.merged': { sha: hex('b', 40), by: 'vigil[bot]' },
  'remediation.started': {
    digest: hex('d'),
    workspace: `vigil-${KEY}-1`,
    run,
    samples: [sample],
    snapshot: [],
  },
  'stop.requested': { by: 'olga', reason: 'wrong host' },
  'remediation.finished': executed,
  'remediation.lost': { reason: 'the workspace vanished', workspace: `vigil-${KEY}-1` },
  'recovery.confirmed': { samples: [], reason: 'health was green 10 of 10 times', ms: 4200 },
  'recovery.refuted': { samples: [sample], reason: 'health was red 4 of 10 times', ms: 4200 },
  'recovery.inconclusive': { samples: [], reason: 'the browser was lost', ms: 4200 },
  'swarm.measured': { check: 'rush', shard: 1, of: 2, run, reason: 'home is not well', walked: null },
  'symptom.measured': {
    phase: 'red',
    run,
    samples: [sample],
    reason: 'lag was red 3 of 3 times',
    ms: 61_000,
  },
  'recovery.watched': {
    samples: [sample],
    reason: 'not better yet: health was red 1 of 1 times',
    ms: 600_000,
    verdict: 'waiting',
    next: '2026-11-03T03:11:00.000Z',
    until: '2026-11-03T03:30:00.000Z',
  },
  'look.asked': { after: 20 },
  'undo.requested': { by: 'olga' },
  'undo.refused': { reason: 'main holds another undo' },
  'undo.started': { workspace: `vigil-${KEY}-1-undo`, run },
  'undo.finished': { ...executed, workspace: `vigil-${KEY}-1-undo`, snapshot: 'none' },
  'putback.due': { because: 'quiet' },
  'putback.reminded': { because: 'agreed', last: false },
  'putback.kept': { by: 'olga', reason: 'the load stays' },
  'alert.cleared': { quietSeconds: 600 },
  'incident.escalated': { code: 'no_runbook', reason: 'no runbook matches this incident' },
  'incident.reopened': { event: 'E9' },
  'incident.retried': { by: 'olga' },
  'incident.learned': { effectiveness: 100, summary: 'The purge helped.' },
  'workspace.deleted': { workspace: `vigil-${KEY}-1` },
  'workspace.left': { workspace: `vigil-${KEY}-1` },
  'hold.set': { scope: 'incident', by: 'olga', reason: 'looking myself' },
  'hold.released': { scope: 'incident', by: 'olga' },
  'effect.claimed': { effect: 'issue.open#1', owner: 'r1@b1', until: '2026-11-03T03:01:00.000Z' },
  'effect.done': { effect: 'issue.open#1', result: '#12' },
  'effect.failed': { effect: 'issue.open#1', reason: 'GitHub answered 502', final: false },
};

/** A fact of a type, with the plausible data or some of it replaced. */
export function fact<T extends FactType>(type: T, data: Partial<FactDataOf<T>> = {}): Fact {
  return { type, data: { ...facts[type], ...data } } as Fact;
}

const app: Actor = { kind: 'app' };

/** The records of these facts on top of an incident; throws where the lifecycle says no. */
export function recordsOf(
  list: readonly Fact[],
  before: Incident | null = null,
  opened = OPENED,
): LedgerRecord[] {
  let incident = before;
  return list.map((one) => {
    const at = new Date(opened.getTime() + (incident?.seq ?? 0) * 1000).toISOString();
    const record = nextRecord(incident, one, at, app);
    const folded = fold(incident, record);
    if (!folded.ok) throw new Error(`${one.type}: ${folded.reason}`);
    incident = folded.incident;
    return record;
  });
}

/** An incident that went through these facts. */
export function incidentOf(list: readonly Fact[], opened = OPENED): Incident {
  const [first, ...rest] = list;
  if (first?.type !== 'incident.opened') throw new Error('an incident begins with incident.opened');
  return withFacts(startOf(first, opened), rest, opened);
}

function startOf(first: Fact, opened: Date): Incident {
  const folded = fold(null, nextRecord(null, first, opened.toISOString(), app));
  if (!folded.ok) throw new Error(folded.reason);
  return folded.incident;
}

export function withFacts(incident: Incident, list: readonly Fact[], opened = OPENED): Incident {
  return recordsOf(list, incident, opened).reduce((state, record) => {
    const folded = fold(state, record);
    if (!folded.ok) throw new Error(folded.reason);
    return folded.incident;
  }, incident);
}

/** The way to each point of the happy path, as facts. */
export const untilInvestigating: readonly Fact[] = [
  fact('incident.opened'),
  fact('issue.opened'),
  fact('investigation.started'),
];
export const untilSynthesizing: readonly Fact[] = [
  ...untilInvestigating,
  fact('evidence.gathered'),
  fact('hypothesis.received'),
  fact('context.retrieved'),
  fact('synthesis.started'),
];
export const untilProposed: readonly Fact[] = [
  ...untilSynthesizing,
  fact('remediation.proposed'),
  fact('remediation.rehearsed'),
];
export const untilMerged: readonly Fact[] = [
  ...untilProposed,
  fact('remediation.judged'),
  fact('pull.opened'),
  fact('remediation.approved'),
  fact('pull.merged'),
];
export const untilVerifying: readonly Fact[] = [
  ...untilMerged,
  fact('remediation.started'),
  fact('remediation.finished'),
];

/** Data of a fact the incident must hold. */
export function must<T extends FactType>(incident: Incident, type: T): FactDataOf<T> {
  const data = latestOf(incident, type);
  if (data === null) throw new Error(`the incident holds no ${type}`);
  return data;
}
