// Takes an event of PagerDuty's to the ledger: opens an incident, or writes what is new of a known one. PagerDuty is asked first
// where its word counts for more than the event's. Must never lose an alert because somebody could not be asked.
import { readIncident } from '#adapters/pagerduty';
import { factsOf, isKnown } from '#core/incident/heard';
import { filledFrom, isOpen, type Page } from '#core/incident/page-shapes';
import { incidentKey } from '#core/ledger/incident-key';
import { WITHHELD_TEXT } from '#core/messages/withheld';
import { type Settings, serviceOf } from '#core/settings';
import { normalise } from '#core/text/untrusted';
import { CLEAN_MS, cleanTitle, isOld, type Late, openedFact, saysOf } from './opened.ts';
import { count } from './tally.ts';
import type { Hearing, World } from './world.ts';

export type Heeding = Hearing & Pick<World, 'cachedSource'>;
type Event = { id: string; type: string; at: string | null; by: string | null };
type Heeded = { ok: true } | { ok: false; reason: string };

/** PagerDuty waits five seconds for an answer. */
const ASKED = { timeoutMs: 1000, retries: 0 };
const SOURCE_MS = 1000;
const APP = { kind: 'app' } as const;

/** Writes what follows from an event. Throws when the ledger does not take it. */
export async function heed(world: Heeding, event: Event, page: Page): Promise<Heeded> {
  const key = incidentKey(page.id);
  const known = await world.ledger.find(key);
  if (known && isKnown(known, event.id)) return { ok: false, reason: 'nothing new' };
  if (known) return follow(world, event, page);
  if (rings(event)) return open(world, event, page);
  // Nearly all that is unknown is of services that nobody asked about. Otherwise another replica may have opened it since.
  if (await isOutside(world, page)) return { ok: false, reason: 'its service is not in the inventory' };
  await world.ledger.refresh();
  return (await world.ledger.find(key)) ? follow(world, event, page) : { ok: false, reason: 'nothing new' };
}

/** An alert that the ledger has not heard of. */
async function open(world: Heeding, event: Event, told: Page): Promise<Heeded> {
  const { ledger, log } = world;
  const key = incidentKey(told.id);
  if (await isOutside(world, told)) return leave(world, key, told);
  const asked = await readIncident(world.config.pagerduty, told.id, ASKED);
  if (asked.ok && asked.value.status === 'resolved') {
    log.info(
      { incident: key, event: event.type },
      'the alert was over when it was heard of; it opens nothing',
    );
    return { ok: false, reason: 'PagerDuty says that it is over' };
  }
  const page = asked.ok ? filledFrom(told, asked.value) : told;
  if (told.service === null && (await isOutside(world, page))) return leave(world, key, page);
  const opened = await openedFact(world, page, {
    event: event.id,
    late: lateOf(world, event, asked.ok && isOpen(asked.value)),
  });
  let meanwhile = false;
  const written = await ledger.append(key, (incident) => {
    meanwhile = incident !== null;
    return meanwhile ? { standDown: 'nothing new' } : { facts: [opened], actor: APP, at: world.now() };
  });
  return meanwhile ? follow(world, event, page) : written;
}

/** News of an incident that the ledger has. An old reopening counts only when PagerDuty does not say that it is over. */
async function follow(world: Heeding, event: Event, page: Page): Promise<Heeded> {
  const key = incidentKey(page.id);
  const doubted = event.type === 'incident.reopened' && isOld(world, event.at);
  const asked = doubted ? await readIncident(world.config.pagerduty, page.id, ASKED) : null;
  if (asked?.ok && asked.value.status === 'resolved')
    return { ok: false, reason: 'PagerDuty says that it is over' };
  const by = event.type === 'incident.resolved' ? await agentName(world, key, event.by) : '';
  const title = page.title === null ? null : await cleanTitle(world, page);
  const heard = { event: event.id, type: event.type, at: event.at, by, says: saysOf(world, page, title) };
  const late = lateOf(world, event, asked?.ok === true && isOpen(asked.value));
  return world.ledger.append(key, (incident) => {
    const facts = incident ? factsOf(incident, heard, world.now(), late) : [];
    return facts.length > 0 ? { facts, actor: APP, at: world.now() } : { standDown: 'nothing new' };
  });
}

function rings({ type }: Event): boolean {
  return type === 'incident.triggered' || type === 'incident.reopened';
}

function lateOf(world: Heeding, { at }: Event, confirmed: boolean): Late {
  return isOld(world, at) ? { at, confirmed } : undefined;
}

/**
 * Whether its service is known not to be in the inventory, and nobody wants to hear of such. An inventory that cannot be read
 * now hides no alert.
 */
async function isOutside(world: Heeding, { service }: Page): Promise<boolean> {
  if (service === null) return false;
  const settings = await settingsNow(world);
  return settings?.pagerduty.outside_inventory === 'ignore' && serviceOf(settings, service.id) === null;
}

async function settingsNow(world: Heeding): Promise<Settings | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SOURCE_MS);
  });
  const read = (async () => (await world.cachedSource()).settings)().catch(() => null);
  return Promise.race([read, late]).finally(() => clearTimeout(timer));
}

function leave(world: Heeding, key: string, { service }: Page): Heeded {
  const ignored = count(world, 'alerts outside the inventory');
  const about = { incident: key, service: world.redact(key, normalise(service?.id ?? '', { maxChars: 40 })) };
  world.log.info({ ...about, ignored }, 'an alert of a service outside the inventory opens nothing');
  return { ok: false, reason: 'its service is not in the inventory' };
}

/** Who did something in PagerDuty. This is often a person's name, so it is cleaned. */
async function agentName(world: Hearing, key: string, summary: string | null): Promise<string> {
  const name = normalise(summary ?? 'PagerDuty', { maxChars: 100 });
  const cleaned = await world.clean(key, [name], CLEAN_MS);
  return cleaned.ok ? (cleaned.texts[0] ?? '') : WITHHELD_TEXT;
}
