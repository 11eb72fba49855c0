// orient: gathers evidence, states a hypothesis, compares runbooks. Each source fails alone; what is missing is said.
// Must never pass on text that was not normalised and redacted.
import * as core from '@actions/core';
import type { EvidenceItem } from '#adapters/evidence';
import { type Alert, listAlerts, listNotes, type Note } from '#adapters/pagerduty';
import { matchRunbooks } from '#core/context';
import { serviceOf } from '#core/settings';
import { normalise } from '#core/untrusted';
import { optional, runStep } from '../shared/job.ts';

type Missing = { source: string; reason: string };

function alertText(alert: Alert): string {
  return `${alert.summary ?? 'no summary'}\n${JSON.stringify(alert.body?.details ?? {}, null, 2)}`;
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
  const evidence: EvidenceItem[] = [];
  const missing: Missing[] = [];
  const [alerts, notes] = await Promise.all([
    listAlerts(account, incident.opened.pagerduty.id),
    listNotes(account, incident.opened.pagerduty.id),
  ]);
  if (alerts.ok)
    for (const [index, alert] of alerts.value.entries())
      evidence.push({
        id: `alert-${index + 1}`,
        source: 'pagerduty',
        title: clean(alert.summary ?? 'alert', 150),
        text: clean(alertText(alert), 20_000),
      });
  else missing.push({ source: 'PagerDuty alerts', reason: clean(alerts.reason, 300) });
  if (notes.ok)
    for (const [index, note] of notes.value.entries())
      evidence.push({
        id: `note-${index + 1}`,
        source: 'pagerduty',
        title: `note ${index + 1}`,
        text: clean(noteText(note), 20_000),
      });
  else missing.push({ source: 'PagerDuty notes', reason: clean(notes.reason, 300) });

  const { settings, runbooks, problems } = await step.source();
  for (const { file, line, reason } of problems) core.warning(`${file}:${line}: ${reason}`);
  const service = serviceOf(settings, incident.opened.service.id);
  const matches = service
    ? matchRunbooks(runbooks, {
        service: service.name,
        title: incident.opened.title,
        text: evidence.map((item) => item.text).join('\n'),
      })
    : [];
  const first = evidence[0];
  const said = first
    ? `${incident.opened.title}. The alert says: ${first.text.split('\n')[0] ?? ''}`
    : `${incident.opened.title}. There is no more evidence than the alert itself.`;
  await step.post(
    [
      { type: 'evidence.gathered', data: { branch: '', items: [], missing } },
      {
        type: 'hypothesis.received',
        data: { source: 'alert', text: said, evidence: first ? [first.id] : [] },
      },
      { type: 'context.retrieved', data: { matches, threshold: settings.auto.context } },
    ],
    evidence,
  );
});
