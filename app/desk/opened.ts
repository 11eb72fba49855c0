// What is written when an incident is heard of for the first time, by a webhook or by the sweep's look at PagerDuty.
// Must never write a word from outside that was not cleaned.

import type { Says } from '#core/incident/heard';
import type { Page } from '#core/incident/page-shapes';
import { lastPutBack } from '#core/incident/put-back';
import type { Fact, FactDataOf } from '#core/ledger/facts';
import { incidentKey } from '#core/ledger/incident-key';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { titleOf } from '#core/messages/words';
import { cut } from '#core/text/cut';
import { normalise } from '#core/text/untrusted';
import type { Hearing } from './world.ts';

/** PagerDuty waits five seconds for an answer. The push of the fact must fit into them too. */
export const CLEAN_MS = 2000;
/** From this age on an alert may be over: PagerDuty delivers for 48 hours. */
const OLD_MS = 15 * 60_000;

export type Opened = Extract<Fact, { type: 'incident.opened' }>;
export type Late = FactDataOf<'incident.reopened'>['late'];

/** The title, cleaned. Null: it could not be cleaned in time. */
export async function cleanTitle(world: Hearing, data: Pick<Page, 'id' | 'title'>): Promise<string | null> {
  const title = normalise(titleOf({ title: data.title ?? '' }), { maxChars: 300 });
  const cleaned = await world.clean(incidentKey(data.id), [title], CLEAN_MS);
  return cleaned.ok && cleaned.texts[0] !== undefined ? cut(cleaned.texts[0], 500) : null;
}

/** What a page says, cleaned. `title`: cleaned already; null when it was not told or could not be cleaned. */
export function saysOf(world: Hearing, page: Page, title: string | null): Says {
  const key = incidentKey(page.id);
  const clean = (text: string, maxChars: number): string => world.redact(key, normalise(text, { maxChars }));
  const { urgency, priority, service } = page;
  return {
    title,
    urgency: urgency === null ? null : clean(urgency, 20),
    priority: priority && { name: priority.name === null ? null : clean(priority.name, 40) },
    service: service && {
      id: clean(service.id, 40),
      name: clean(service.name, 200).trim() || clean(service.id, 200),
    },
    mergedInto: page.mergedInto === null ? null : clean(page.mergedInto, 40),
  };
}

/** Whether something happened so long ago that PagerDuty is to be asked whether it is still so. */
export function isOld(world: Pick<Hearing, 'now'>, at: string | null): at is string {
  return at !== null && world.now().getTime() - Date.parse(at) > OLD_MS;
}

/** The first fact of an incident. When the title cannot be cleaned now, it follows later. */
export async function openedFact(
  world: Hearing,
  page: Page,
  { event, late }: { event: string; late?: Late },
): Promise<Opened> {
  const key = incidentKey(page.id);
  const title = await cleanTitle(world, page);
  const { urgency, priority, service } = saysOf(world, page, title);
  const back = service && lastPutBack(world.ledger.open(), service.id, world.now());
  return {
    type: 'incident.opened',
    data: {
      key,
      source: 'pagerduty',
      pagerduty: {
        id: world.redact(key, normalise(page.id, { maxChars: 40 })),
        number: page.number,
        url: page.url,
      },
      // Neither the event nor PagerDuty said which; people are told that nothing may be changed on it.
      service: service ?? { id: 'unknown', name: 'an unknown service' },
      title: title ?? WITHHELD_TEXT,
      urgency: urgency ?? 'unknown',
      priority: priority?.name ?? null,
      event,
      ...(late ? { late } : {}),
      ...(title === null ? { withheld: true } : {}),
      ...(back ? { put_back: back } : {}),
    },
  };
}
