// orient: gathers evidence, states a hypothesis, compares runbooks. When one source fails, the others go on, and what is
// missing is told. Must never pass on text that was not normalised and redacted.
import * as core from '@actions/core';
import type { EvidenceItem } from '#adapters/git/evidence';
import type { PagerDuty } from '#adapters/pagerduty';
import type { ForPeople } from '#adapters/retrieval/search';
import { hypothesisOf } from '#core/evidence/findings/hypothesis';
import { type Findings, readFindings } from '#core/evidence/findings/read';
import type { Note } from '#core/incident/page-shapes';
import { privacyReason, WITHHELD_TEXT } from '#core/messages/withheld';
import { type Settings, serviceOf } from '#core/settings';
import { normalise } from '#core/text/untrusted';
import { runStep } from '../shared/job.ts';
import { datadogOf } from '../shared/monitoring.ts';
import { vouchFor } from '../shared/privacy.ts';
import { plainDetails } from './alerts.ts';
import { openMemory, pastOf, recall } from './memory.ts';
import { fromDatadog, fromPagerDuty } from './sources.ts';

function pagerDuty({ pagerduty }: Settings): PagerDuty {
  const apiKey = core.getInput('pagerduty-api-key', { required: true });
  core.setSecret(apiKey);
  return { api: pagerduty.api, apiKey, from: '' };
}

/** Reads findings from the cleaned texts of the notes, without their first line, which says when and who. */
function findingsIn(
  notes: readonly Note[],
  cleaned: readonly EvidenceItem[],
  authors: readonly string[],
): Findings {
  const written = notes.map((note, index) => {
    const text = cleaned.find(({ id }) => id === `note-${index + 1}`)?.text ?? '';
    const content = text.slice(text.indexOf('\n') + 1);
    return { id: `note-${index + 1}`, author: note.user?.id ?? '', at: note.created_at ?? '', content };
  });
  return readFindings(written, authors);
}

/** A document of the memory that is not on main, for people to read. It may be by anybody who may write there. */
function documentOf(
  { id, title, because }: ForPeople,
  clean: (text: string, maxChars: number) => string,
): { id: string; title: string; because: string } {
  return { id: clean(id, 130), title: clean(title, 200), because };
}

await runStep('orient', async (step) => {
  const { incident } = step;
  const clean = (text: string, maxChars: number): string => step.redact(normalise(text, { maxChars }));
  const page = await fromPagerDuty(pagerDuty(step.settings), incident.opened.pagerduty.id);
  const watched = await fromDatadog(datadogOf(step.settings), page.alerts, incident.openedAt);
  const { settings, runbooks, problems } = await step.source();
  for (const { file, line, reason } of problems) core.warning(`${file}:${line}: ${reason}`);
  const service = serviceOf(settings, incident.opened.service.id)?.name ?? null;
  const memory = openMemory(step.settings, runbooks);
  const past = service === null ? { items: [], missing: [] } : await pastOf(memory, service);
  const redacted = [...page.items, ...watched.items, ...past.items].map((item) => ({
    ...item,
    title: clean(item.title, 150),
    text: clean(item.text, 20_000),
  }));
  const missing = [...page.missing, ...watched.missing, ...past.missing].map(({ source, reason }) => ({
    source,
    reason: clean(reason, 300),
  }));

  const told = clean(plainDetails(page.alerts), 600);
  const words = redacted.flatMap((item) => [item.title, item.text]);
  const vouched = await vouchFor(step.settings, incident.key, [told, ...words]);
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
  // A title that the app withheld says nothing. The alert's own title has been cleaned by now, so it is used instead.
  const title = incident.opened.withheld ? (evidence[0]?.title ?? '') : incident.opened.title;

  const text = evidence.map((item) => item.text).join('\n');
  const found =
    service === null
      ? { matches: [], forPeople: [] }
      : await recall(memory, runbooks, { service, title, text });
  const findings = findingsIn(page.notes, evidence, settings.rca.authors);
  const ids = evidence.map(({ id }) => id);
  await step.post(
    [
      { type: 'evidence.gathered', data: { branch: '', items: [], missing } },
      {
        type: 'hypothesis.received',
        data: hypothesisOf({ title, details, evidence: ids }, findings, (note) => note),
      },
      {
        type: 'context.retrieved',
        data: {
          matches: found.matches,
          threshold: settings.auto.context,
          ...(found.forPeople.length > 0
            ? { documents: found.forPeople.slice(0, 5).map((one) => documentOf(one, clean)) }
            : {}),
        },
      },
    ],
    evidence,
  );
});
