// What an event of PagerDuty means for an incident that the ledger has: the facts that follow, whether a webhook told it or the
// sweep found it. Must never take the same event twice, and must never let an older event undo a newer one.
import { effectName } from '#core/incident/due';
import type { Fact, FactDataOf, FactType } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import type { Incident } from '#core/ledger/replay';

/** What was told of the page, cleaned. Null: not told; a priority can also be told to be none. */
export type Says = {
  title: string | null;
  urgency: string | null;
  priority: { name: string | null } | null;
  service: { id: string; name: string } | null;
  mergedInto: string | null;
};
/** An event; `at` by PagerDuty's clock, null when it does not say. */
export type Heard = { event: string; type: string; at: string | null; by: string; says: Says };
export type Lateness = { at: string; heard: string; confirmed: boolean };

const DAY_MS = 86_400_000;
/** REST tells whole seconds, a webhook also their parts. */
const A_SECOND = 1000;
const early: readonly Incident['stage'][] = [
  'TRIGGERED',
  'INVESTIGATING',
  'HYPOTHESIS_RECEIVED',
  'CONTEXT_RETRIEVED',
  'SYNTHESIZING',
];

/** Whether nothing was started yet, so that the incident may end or begin again because of its page. */
export function isEarly({ stage }: Pick<Incident, 'stage'>): boolean {
  return early.includes(stage);
}

/** Whether the ledger has this event already. */
export function isKnown({ records }: Incident, event: string): boolean {
  return records.some(({ data }) => 'event' in data && data.event === event);
}

/** Whether the page counts as resolved: nothing has joined or opened it again since. */
export function standsResolved({ latest }: Incident): boolean {
  return (latest['alert.resolved']?.seq ?? 0) > (latest['alert.joined']?.seq ?? 0);
}

/** How old the alert of this attempt was when it was heard of, if it was old. */
export function lateness({ records }: Incident): Lateness | null {
  const record = records.findLast(({ type }) => type === 'incident.opened' || type === 'incident.reopened');
  const late =
    record?.type === 'incident.opened' || record?.type === 'incident.reopened' ? record.data.late : null;
  return record && late ? { ...late, heard: record.at } : null;
}

/** Whether it is not known that the alert is still open. */
export function isDoubtful(incident: Incident): boolean {
  return lateness(incident)?.confirmed === false;
}

/** The facts that follow from an event. Empty: nothing new. `late`: set when an old reopening was heard of. */
export function factsOf(
  incident: Incident,
  heard: Heard,
  now: Date,
  late?: FactDataOf<'incident.reopened'>['late'],
): Fact[] {
  if (isKnown(incident, heard.event)) return [];
  const changed = changesOf(incident, heard);
  if (heard.type === 'incident.resolved') return [...changed, ...resolved(incident, heard)];
  if (heard.type === 'incident.reopened') return [...changed, ...reopened(incident, heard, now, late)];
  return changed;
}

const about = ({ event, at }: Heard) => ({ event, ...(at === null ? {} : { at }) });

function resolved(incident: Incident, heard: Heard): Fact[] {
  const { mergedInto: into } = heard.says;
  if (into !== null && isEarly(incident))
    return [{ type: 'incident.merged', data: { ...about(heard), into } }];
  if (incident.stage === 'RESOLVED') return [];
  if (isOlder(heard, newest(incident, ['alert.joined', 'incident.reopened']))) return [];
  const { 'alert.resolved': last } = incident.latest;
  if (standsResolved(incident) && !isNewer(heard, last?.data.at)) return [];
  return [{ type: 'alert.resolved', data: { ...about(heard), by: heard.by } }];
}

function reopened(
  incident: Incident,
  heard: Heard,
  now: Date,
  late: FactDataOf<'incident.reopened'>['late'],
): Fact[] {
  // What the sweep found has another name than the event that is still on its way.
  const found = newest(incident, ['alert.joined', 'incident.reopened'], 'sweep:');
  if (found !== undefined && heard.at !== null && !isNewer(heard, found)) return [];
  if (isOlder(heard, newest(incident, ['alert.resolved']))) return [];
  const ended = hasEnded(incident);
  // The alert came back before anything was decided, so it is not quiet any more.
  if (!ended)
    return standsResolved(incident)
      ? [{ type: 'alert.joined', data: { ...about(heard), title: incident.opened.title } }]
      : [];
  const last = Date.parse(incident.records.at(-1)?.at ?? '');
  if (now.getTime() - last >= DAY_MS) return [];
  return [{ type: 'incident.reopened', data: { ...about(heard), ...(late ? { late } : {}) } }];
}

/** What is other than the ledger has it. On another service all begins again, unless a script was started. */
function changesOf(incident: Incident, heard: Heard): Fact[] {
  const { opened, stage } = incident;
  const { title, urgency, priority, service } = heard.says;
  // A trigger tells how it began. What is over stays as it was.
  if (heard.type === 'incident.triggered' || stage === 'RESOLVED') return [];
  if (isOlder(heard, newest(incident, ['alert.changed']))) return [];
  // A run or pull request that is being made would be nobody's: the next sweep finds the new service again.
  const making = (['respond.dispatch', 'pull.open'] as const).some(
    (kind) => incident.effects.get(effectName(incident, kind))?.status === 'claimed',
  );
  const moves = service !== null && service.id !== opened.service.id && !making;
  const changed = {
    ...(title !== null && !opened.withheld && title !== opened.title ? { title } : {}),
    ...(urgency !== null && urgency !== opened.urgency ? { urgency } : {}),
    ...(priority !== null && priority.name !== opened.priority ? { priority: priority.name } : {}),
    ...(moves ? { service } : {}),
  };
  if (Object.keys(changed).length === 0) return [];
  const facts: Fact[] = [{ type: 'alert.changed', data: { ...about(heard), ...changed } }];
  if (moves && isEarly(incident) && stage !== 'TRIGGERED')
    facts.push({
      type: 'incident.moved',
      data: { event: heard.event, from: opened.service.name, to: service.name },
    });
  return facts;
}

/** When PagerDuty says that the newest record of these types happened, over all attempts. */
function newest({ records }: Incident, types: readonly FactType[], told = ''): string | undefined {
  const times = records.flatMap(({ type, data }) =>
    types.includes(type) && 'event' in data && data.event?.startsWith(told) && 'at' in data ? [data.at] : [],
  );
  return times.at(-1);
}

function isOlder({ at }: Heard, than: string | undefined): boolean {
  return at !== null && than !== undefined && Date.parse(at) < Date.parse(than);
}

function isNewer({ at }: Heard, than: string | undefined): boolean {
  return at !== null && than !== undefined && Date.parse(at) > Date.parse(than) + A_SECOND;
}
