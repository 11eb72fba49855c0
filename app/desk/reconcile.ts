// Finds what no webhook told: PagerDuty incidents that are open and not in the ledger, or changed, reopened, resolved, merged, and
// alerts that have been quiet long enough. Must never open an incident for a service that is not in the inventory, unless that
// is wanted. Must never take for quiet what is only not in a list: PagerDuty is asked about that very incident.

import { listOpenIncidents, readIncident } from '#adapters/pagerduty';
import { effectName } from '#core/incident/due';
import { factsOf, isEarly, standsResolved } from '#core/incident/heard';
import { filledFrom, isOpen, type Page } from '#core/incident/page-shapes';
import type { Fact } from '#core/ledger/facts';
import { incidentKey } from '#core/ledger/incident-key';
import { hasEnded } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { lookAtRuns } from './awaited-runs.ts';
import type { Desk } from './desk.ts';
import { tellLeftBehind } from './left-behind.ts';
import { cleanTitle, isOld, openedFact, saysOf } from './opened.ts';
import { count, isNews, isOver } from './tally.ts';
import { tellWithheldTitles } from './withheld-titles.ts';
import type { World } from './world.ts';

/** How many incidents a sweep asks about one by one, and how many at once. */
const MOST_ASKED = 100;
const AT_ONCE = 5;
/** Who does not answer now is asked again at the next sweep. */
const ASKED = { timeoutMs: 5000, retries: 0 };
const APP = { kind: 'app' } as const;

type Sweeping = Omit<World, 'clone' | 'source' | 'policy' | 'owner'>;
type Waker = Pick<Desk, 'wake'>;

/** One pass. It never throws: what fails is told once, until it works again, and the rest goes on. */
export async function reconcile(world: World, desk: Desk): Promise<void> {
  await tried(world, 'the workflow runs', () => lookAtRuns(world, desk));
  await lookAtPages(world, desk);
  await tried(world, 'the withheld titles', () => tellWithheldTitles(world, desk));
  await tried(world, 'the workspaces that are left', () => tellLeftBehind(world, desk));
}

/** Compares the ledger with PagerDuty. */
export async function lookAtPages(world: Sweeping, desk: Waker): Promise<void> {
  await tried(world, 'PagerDuty', async () => {
    const { settings } = await world.cachedSource();
    const open = await openNow(world, settings);
    const titles = cleanTitles(world);
    await sideBySide(open, (page) =>
      tried(world, `incident ${incidentKey(page.id)}`, () => followListed(world, desk, page, titles)),
    );
    const listed = new Set(open.map(({ id }) => incidentKey(id)));
    await sideBySide(unlisted(world, listed), (incident) =>
      tried(world, `incident ${incident.key}`, () => askAbout(world, desk, incident, titles)),
    );
  });
}

async function openNow(world: Sweeping, { pagerduty, services }: Settings): Promise<Page[]> {
  const wanted = pagerduty.outside_inventory === 'open' ? null : Object.keys(services);
  const open = await listOpenIncidents(world.config.pagerduty, wanted);
  if (!open.ok) throw new Error(open.reason);
  if (open.odd) {
    const odd = count(world, 'odd incidents', open.odd);
    if (isNews(world, 'odd incidents', `${open.odd}`))
      world.log.warn({ odd }, 'PagerDuty lists open incidents that cannot be read; the others are followed');
  } else isOver(world, 'odd incidents');
  if (open.cut && isNews(world, 'cut list', open.cut))
    world.log.warn({ reason: open.cut }, 'PagerDuty has more open incidents than were read');
  return open.value;
}

/** A page that PagerDuty lists as open. Where the ledger says otherwise, PagerDuty is asked again, since lists grow old. */
async function followListed(world: Sweeping, desk: Waker, page: Page, titles: Titles): Promise<void> {
  const key = incidentKey(page.id);
  const incident = await world.ledger.find(key);
  if (!incident) return openMissed(world, desk, page);
  if (incident.opened.sample) return;
  if (!isBack(incident, world)) return write(world, desk, incident, page, titles);
  await askAbout(world, desk, incident, titles);
}

async function openMissed(world: Sweeping, desk: Waker, page: Page): Promise<void> {
  const key = incidentKey(page.id);
  const asked = page.service === null ? await readIncident(world.config.pagerduty, page.id, ASKED) : null;
  const whole = asked?.ok ? filledFrom(page, asked.value) : page;
  const { createdAt: at } = page;
  const late = isOld(world, at) ? { at, confirmed: true } : undefined;
  const opened = await openedFact(world, whole, { event: `sweep:incident.triggered:${at ?? key}`, late });
  const written = await world.ledger.append(key, (known) =>
    known ? { standDown: 'known' } : { facts: [opened], actor: APP, at: world.now() },
  );
  if (written.ok)
    world.log.info({ incident: key }, 'found an open PagerDuty incident that no webhook told of');
  desk.wake(key);
}

/** Incidents that are not over, and that PagerDuty did not list as open. Those that do not fit are asked about another time. */
function unlisted(world: Sweeping, listed: ReadonlySet<string>): Incident[] {
  const all = [...world.ledger.open()].filter(
    (incident) => !incident.opened.sample && !hasEnded(incident) && !listed.has(incident.key),
  );
  if (all.length <= MOST_ASKED) return all;
  if (isNews(world, 'many unlisted', 'many'))
    world.log.warn({ unlisted: all.length, asked: MOST_ASKED }, 'not every incident is asked about at once');
  const from = (count(world, 'turns of the unlisted') * MOST_ASKED) % all.length;
  return [...all.slice(from), ...all.slice(0, from)].slice(0, MOST_ASKED);
}

async function askAbout(world: Sweeping, desk: Waker, incident: Incident, titles: Titles): Promise<void> {
  const asked = await readIncident(world.config.pagerduty, incident.opened.pagerduty.id, ASKED);
  if (!asked.ok) throw new Error(asked.reason);
  await write(world, desk, incident, asked.value, titles);
  if (asked.value.status !== 'resolved') return;
  await append(world, desk, incident, (now) => {
    const quiet = quietSince(now, world);
    return quiet === null
      ? []
      : [{ type: 'alert.cleared', data: { quietSeconds: Math.round(quiet / 1000) } }];
  });
}

/** Writes what PagerDuty says now, where the ledger has it otherwise. */
async function write(
  world: Sweeping,
  desk: Waker,
  incident: Incident,
  page: Page,
  titles: Titles,
): Promise<void> {
  const back = isOpen(page) && isBack(incident, world);
  const type = page.status === 'resolved' ? 'incident.resolved' : back ? 'incident.reopened' : 'changed';
  const at = type === 'changed' ? page.changedAt : (page.statusAt ?? page.changedAt);
  const says = saysOf(world, page, await titles(page));
  const event = `sweep:${type}:${at ?? ''}:${incident.seq}`;
  const found = await append(world, desk, incident, (now) =>
    factsOf(now, { event, type, at, by: 'PagerDuty', says }, world.now()),
  );
  if (found) world.log.info({ incident: incident.key, what: type }, 'found what no webhook told of');
}

async function append(
  world: Sweeping,
  desk: Waker,
  { key }: Incident,
  factsNow: (incident: Incident) => Fact[],
): Promise<boolean> {
  const written = await world.ledger.append(key, (now) => {
    const facts = now ? factsNow(now) : [];
    return facts.length > 0
      ? { facts, actor: APP, at: world.now() }
      : { standDown: 'nothing new', anyHead: true };
  });
  if (written.ok) desk.wake(key);
  return written.ok;
}

/** Whether the ledger has it resolved in PagerDuty, and for so long that an answer of PagerDuty's is newer than that. */
function isBack(incident: Incident, { now, config }: Sweeping): boolean {
  const last = Date.parse(incident.records.at(-1)?.at ?? '');
  if (now().getTime() - last < config.sweepMs) return false;
  if (standsResolved(incident)) return true;
  if (!latestOf(incident, 'recovery.confirmed')) return incident.stage === 'RESOLVED';
  return incident.effects.get(effectName(incident, 'pagerduty.resolve'))?.status === 'done';
}

/** Milliseconds since somebody else resolved the alert. Null: that is not long enough ago, or a script has run. */
function quietSince(incident: Incident, { config, now }: Sweeping): number | null {
  const { 'alert.resolved': resolved } = incident.latest;
  if (!isEarly(incident) || !resolved || !standsResolved(incident)) return null;
  const quiet = now().getTime() - Date.parse(resolved.at);
  return quiet >= config.quietMs ? quiet : null;
}

type Titles = (page: Page) => Promise<string | null>;
const cleaned = new WeakMap<object, Map<string, { raw: string; clean: string }>>();

/** Cleans a title once, for the privacy service is not to be asked about the same one at every sweep. */
function cleanTitles(world: Sweeping): Titles {
  const before = cleaned.get(world) ?? new Map();
  const now: typeof before = new Map();
  cleaned.set(world, now);
  return async (page) => {
    if (page.title === null) return null;
    const known = before.get(page.id);
    const clean = known?.raw === page.title ? known.clean : await cleanTitle(world, page);
    if (clean !== null) now.set(page.id, { raw: page.title, clean });
    return clean;
  };
}

async function tried(world: Sweeping, what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
    if (isOver(world, what)) world.log.info({ what }, 'the sweep can look at this again');
  } catch (error) {
    const reason = world.redact('sweep', error instanceof Error ? error.message : String(error));
    if (isNews(world, what, reason))
      world.log.warn({ what, reason }, 'the sweep could not look at this; it tries again');
  }
}

async function sideBySide<T>(all: readonly T[], act: (one: T) => Promise<void>): Promise<void> {
  const left = [...all];
  const worker = async (): Promise<void> => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await act(one);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
