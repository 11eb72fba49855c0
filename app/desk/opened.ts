// What is written when an incident is heard of for the first time, by a webhook or by the sweep's look at PagerDuty.
// Must never write a word from outside that was not cleaned.
import * as z from 'zod';
import type { Fact } from '#core/ledger/facts';
import { incidentKey } from '#core/ledger/incident-key';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { titleOf } from '#core/messages/words';
import { cut } from '#core/text/cut';
import { normalise } from '#core/text/untrusted';
import type { Hearing } from './world.ts';

/** PagerDuty waits five seconds for an answer. The push of the fact must fit into them too. */
export const CLEAN_MS = 2000;

/** The fields of a PagerDuty incident that Vigil reads. https://developer.pagerduty.com/docs/webhooks-overview */
export const IncidentData = z.object({
  type: z.literal('incident'),
  id: z.string(),
  number: z.number().int().nullish(),
  html_url: z
    .url({ protocol: /^https?$/ })
    .nullish()
    .catch(null),
  title: z.string().nullish(),
  urgency: z.string().nullish(),
  priority: z.object({ summary: z.string().nullish() }).nullish(),
  service: z.object({ id: z.string(), summary: z.string().nullish() }),
});
export type IncidentData = z.infer<typeof IncidentData>;

export type Opened = Extract<Fact, { type: 'incident.opened' }>;

/** The title, cleaned. Null: it could not be cleaned in time. */
export async function cleanTitle(
  world: Hearing,
  data: Pick<IncidentData, 'id' | 'title'>,
): Promise<string | null> {
  const title = normalise(titleOf({ title: data.title ?? '' }), { maxChars: 300 });
  const cleaned = await world.clean(incidentKey(data.id), [title], CLEAN_MS);
  return cleaned.ok ? (cleaned.texts[0] ?? null) : null;
}

/** The first fact of an incident. When the title cannot be cleaned now, it follows later. */
export async function openedFact(world: Hearing, data: IncidentData): Promise<Opened> {
  const key = incidentKey(data.id);
  const title = await cleanTitle(world, data);
  const clean = (text: string, maxChars: number): string => world.redact(key, normalise(text, { maxChars }));
  return {
    type: 'incident.opened',
    data: {
      key,
      source: 'pagerduty',
      pagerduty: { id: clean(data.id, 40), number: data.number ?? null, url: data.html_url ?? null },
      service: {
        id: clean(data.service.id, 40),
        name: clean(data.service.summary ?? '', 200).trim() || clean(data.service.id, 200),
      },
      title: title === null ? WITHHELD_TEXT : cut(title, 500),
      urgency: clean(data.urgency ?? 'unknown', 20),
      priority: data.priority?.summary ? clean(data.priority.summary, 40) : null,
      ...(title === null ? { withheld: true } : {}),
    },
  };
}
