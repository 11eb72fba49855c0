// orient: gathers evidence, states a hypothesis, compares runbooks. Each source fails alone; what is missing is said.
// Must never pass on text that was not normalised and redacted.
import * as core from '@actions/core';
import type { EvidenceItem } from '#adapters/evidence';
import { type Alert, listAlerts, listNotes, type Note } from '#adapters/pagerduty';
import { matchRunbooks } from '#core/context';
import { privacyReason, WITHHELD_TEXT } from '#core/messages/withheld';
import { serviceOf } from '#core/settings';
import { normalise } from '#core/untrusted';
import { optional, runStep } from '../shared/job.ts';
import { vouchFor } from '../shared/privacy.ts';

type Missing = { source: string; reason: string };

function alertText(alert: Alert): string {
  return `${alert.summary ?? 'no summary'}\n${JSON.stringify(alert.body?.details ?? {}, null, 2)}`;
}

/** The plain values of an alert's details, such as `status: 500; endpoint: /api/checkout`. */
function detailsOf(alert: Alert | undefined): string {
  const details = alert?.body?.details;
  if (typeof details === 'string') return details;
  if (typeof details !== 'object' || details === null) return '';
  return Object.entries(details)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
}

function noteText(note: Note): string {
  return `${note.created_at ?? ''} ${note.user?.summary ?? ''}\n${note.content}`;
}

await runStep('orient', async (step) => {
  const { incident } = step;
  const account = {
    api: optional('pagerduty-api-url') ?? 'https://api.pagerduty.com',
    apiKey: core.getInput('pagerduty-api-key', { required: true }),
    from: '',
  };
  core.setSecret(account.apiKey);
  const clean = (text: string, maxChars: number): string => step.redact(normalise(text, { maxChars }));
  const redacted: EvidenceItem[] = [];
  const missing: Missing[] = [];
  const [alerts, notes] = await Promise.all([
    listAlerts(account, incident.opened.pagerduty.id),
    listNotes(account, incident.opened.pagerduty.id),
  ]);
  if (alerts.ok)
    for (const [index, alert] of alerts.value.entries())
      redacted.push({
        id: `alert-${index + 1}`,
        source: 'pagerduty',
        title: clean(alert.summary ?? 'alert', 150),
        text: clean(alertText(alert), 20_000),
      });
  else missing.push({ source: 'PagerDuty alerts', reason: clean(alerts.reason, 300) });
  if (notes.ok)
    for (const [index, note] of notes.value.entries())
      redacted.push({
        id: `note-${index + 1}`,
        source: 'pagerduty',
        title: `note ${index + 1}`,
        text: clean(noteText(note), 20_000),
      });
  else missing.push({ source: 'PagerDuty notes', reason: clean(notes.reason, 300) });

  const told = alerts.ok ? clean(detailsOf(alerts.value[0]), 600) : '';
  const words = redacted.flatMap((item) => [item.title, item.text]);
  const vouched = await vouchFor(incident.key, [told, ...words]);
  if (!vouched.ok) {
    core.warning(`the evidence is withheld: ${vouched.reason}`);
    missing.push({ source: 'Evidence', reason: WITHHELD_TEXT });
    await step.post([
      { type: 'evidence.gathered', data: { branch: '', items: [], missing } },
      { type: 'incident.escalated', data: { code: 'privacy', reason: privacyReason(vouched.reason) } },
    ]);
    return;
  }
  const [details = '', ...texts] = vouched.texts;
  const evidence = redacted.map((item, index) => ({
    ...item,
    title: texts[index * 2] ?? WITHHELD_TEXT,
    text: texts[index * 2 + 1] ?? WITHHELD_TEXT,
  }));
  // A title the app had to withhold says nothing; what the alert says of itself has been cleaned by now.
  const title = incident.opened.withheld ? (evidence[0]?.title ?? '') : incident.opened.title;

  const { settings, runbooks, problems } = await step.source();
  for (const { file, line, reason } of problems) core.warning(`${file}:${line}: ${reason}`);
  const service = serviceOf(settings, incident.opened.service.id);
  const matches = service
    ? matchRunbooks(runbooks, {
        service: service.name,
        title,
        text: evidence.map((item) => item.text).join('\n'),
      })
    : [];
  const first = evidence[0];
  const said =
    details === '' ? 'There is no more evidence than the alert itself.' : `The alert says ${details}.`;
  await step.post(
    [
      { type: 'evidence.gathered', data: { branch: '', items: [], missing } },
      {
        type: 'hypothesis.received',
        data: {
          source: 'alert',
          text: `${title}. ${said}`,
          evidence: first ? [first.id] : [],
        },
      },
      { type: 'context.retrieved', data: { matches, threshold: settings.auto.context } },
    ],
    evidence,
  );
});
