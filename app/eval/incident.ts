// Makes an incident of a case: cleaned like an alert from PagerDuty, and taken through the lifecycle.
// Must never add anything to an alert, and never take a way that a real incident could not take.
import type { EvidenceItem } from '#adapters/git/evidence';
import { retrieve } from '#adapters/retrieval/search';
import { hypothesisOf } from '#core/evidence/findings/hypothesis';
import { readFindings } from '#core/evidence/findings/read';
import type { Runbook } from '#core/knowledge/runbook';
import type { Fact, FactDataOf } from '#core/ledger/facts';
import { incidentKey } from '#core/ledger/incident-key';
import { foresee, type Incident } from '#core/ledger/replay';
import { createRedactor } from '#core/redact/redact';
import { type Settings, serviceOf } from '#core/settings';
import { sha256 } from '#core/text/hash';
import { normalise } from '#core/text/untrusted';
import type { Case } from './case.ts';

/** Sources whose notes count as findings. Each counts as one author. */
const ROOT_CAUSE = ['cleric'];

export type Cleaned = { opened: FactDataOf<'incident.opened'>; evidence: EvidenceItem[] };

/** Normalised and redacted. After this, no text is raw. */
export function cleaned(one: Case): Cleaned {
  const id = `QEVAL${sha256(one.id).slice(0, 9).toUpperCase()}`;
  const key = incidentKey(id);
  const redact = createRedactor({ key });
  const clean = (text: string, maxChars: number): string => redact(normalise(text, { maxChars })).text;
  const { alert } = one;
  const labels = Object.keys(alert.labels).length === 0 ? '' : `\n${JSON.stringify(alert.labels)}`;
  const details = typeof alert.details === 'string' ? alert.details : JSON.stringify(alert.details, null, 2);
  const evidence = [
    { source: 'pagerduty', title: alert.title, text: `${alert.title}\n${details}${labels}` },
    ...one.evidence,
  ].map((item, index) => ({
    id: index === 0 ? 'alert-1' : `item-${index}`,
    source: item.source,
    title: clean(item.title, 150),
    text: clean(item.text, 20_000),
  }));
  const service = { id: clean(alert.service, 40), name: clean(alert.service, 200) };
  const title = clean(alert.title, 300);
  return {
    opened: {
      ...{ key, source: 'pagerduty', pagerduty: { id, number: null, url: null }, service, title },
      ...{ urgency: alert.urgency, priority: null },
    },
    evidence,
  };
}

/** The incident after the runbooks were searched, ready for a proposal. Throws when the lifecycle says no. */
export function synthesizing(
  { opened, evidence }: Cleaned,
  runbooks: readonly Runbook[],
  settings: Settings,
  now: Date,
): Incident {
  const service = serviceOf(settings, opened.service.id);
  const text = evidence.map((item) => item.text).join('\n');
  const matches = service
    ? retrieve(runbooks, { service: service.name, title: opened.title, text }).matches
    : [];
  const told = evidence[0]?.text.slice(opened.title.length).trim() ?? '';
  const findings = readFindings(
    evidence
      .filter(({ source }) => ROOT_CAUSE.includes(source))
      .map(({ id, source, text: content }) => ({ id, author: source, at: id, content })),
    ROOT_CAUSE,
  );
  const run = { id: 1, url: 'https://github.test/acme/production/actions/runs/1' };
  const items = evidence.map(({ text: body, ...item }) => ({
    ...item,
    sha256: sha256(body),
    bytes: Buffer.byteLength(body),
  }));
  return after(
    null,
    [
      { type: 'incident.opened', data: opened },
      { type: 'investigation.started', data: { run } },
      { type: 'evidence.gathered', data: { branch: '', items, missing: [] } },
      {
        type: 'hypothesis.received',
        data: hypothesisOf(
          { title: opened.title, details: told.slice(0, 600), evidence: ['alert-1'] },
          findings,
          (id) => id,
        ),
      },
      { type: 'context.retrieved', data: { matches, threshold: settings.auto.context } },
      { type: 'synthesis.started', data: { run } },
    ],
    now,
  );
}

export function after(incident: Incident | null, facts: readonly Fact[], now: Date): Incident {
  const folded = foresee(incident, facts, now.toISOString(), { kind: 'app' });
  if (!folded.ok) throw new Error(`the lifecycle refuses a case: ${folded.reason}`);
  return folded.incident;
}
