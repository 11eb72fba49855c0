// Where evidence comes from: PagerDuty's alerts and notes (also root-cause notes), Datadog's monitor, series and logs.
// When one source fails, the others go on. Must never fail the step. Must never call a source empty that could not be read.
import { type Datadog, querySeries, readMonitor, searchLogs } from '#adapters/datadog';
import { type Listing, listAlerts, listNotes, type PagerDuty } from '#adapters/pagerduty';
import { type AlertTags, alertTags, serviceOf, tagsIn } from '#core/evidence/alert-tags';
import { logText } from '#core/evidence/log-text';
import { monitorText } from '#core/evidence/monitor-text';
import { evidenceWindow, metricOf, monitorHint } from '#core/evidence/monitors';
import { metricText } from '#core/evidence/series-choice';
import type { Alert, Note } from '#core/incident/page-shapes';
import { detailsOf, summaryOf } from './alerts.ts';

/** Raw text from outside. Nobody may show or store it before it was normalised and redacted. */
type Raw = { id: string; source: string; title: string; text: string };
type Missing = { source: string; reason: string };
export type Gathered = { items: Raw[]; missing: Missing[] };

const LOG_LINES = 200;

export type Page = Gathered & { alerts: Alert[]; notes: Note[] };

export async function fromPagerDuty(account: PagerDuty, incident: string): Promise<Page> {
  const [alerts, notes] = await Promise.all([listAlerts(account, incident), listNotes(account, incident)]);
  const items = [
    ...(alerts.ok ? alerts.value : []).map((alert, index) => ({
      id: `alert-${index + 1}`,
      source: 'pagerduty',
      title: summaryOf(alert) ?? 'alert',
      text: `${summaryOf(alert) ?? 'no summary'}\n${JSON.stringify(detailsOf(alert) ?? {}, null, 2)}`,
    })),
    ...(notes.ok ? notes.value : []).map((note, index) => ({
      id: `note-${index + 1}`,
      source: 'pagerduty',
      title: `note ${index + 1}`,
      text: `${note.created_at ?? ''} ${note.user?.summary ?? ''}\n${note.content}`,
    })),
  ];
  const missing = [...lacks('PagerDuty alerts', alerts), ...lacks('PagerDuty notes', notes)];
  return { items, missing, alerts: alerts.ok ? alerts.value : [], notes: notes.ok ? notes.value : [] };
}

/** What could not be read of a list: all of it, odd elements, or what lies behind its bound. */
function lacks(source: string, list: Listing<unknown>): Missing[] {
  if (!list.ok) return [{ source, reason: list.reason }];
  return [
    ...(list.odd
      ? [{ source, reason: `${list.odd} of ${list.value.length + list.odd} cannot be read` }]
      : []),
    ...(list.cut ? [{ source, reason: list.cut }] : []),
  ];
}

/** What Datadog has: the alert's monitor, its metric and the service's logs, in a window that depends only on the alert. */
export async function fromDatadog(
  account: Datadog | null,
  alerts: readonly Alert[],
  openedAt: string,
): Promise<Gathered> {
  if (!account) return { items: [], missing: [{ source: 'Datadog', reason: 'it is not configured' }] };
  const hint = monitorHint(alerts);
  const tags = alertTags(alerts);
  const { monitor: id } = hint;
  if (id === null && hint.query === null && (serviceOf(tags, null) ?? hint.service) === null)
    return { items: [], missing: [{ source: 'Datadog', reason: 'the alert names no monitor' }] };
  const monitor = id === null ? null : await readMonitor(account, id);
  const known = monitor?.ok ? monitor.value : null;
  const red = (known?.groups ?? []).map(({ name }) => name);
  const service = serviceOf(tags, known && { tags: known.tags, red }) ?? hint.service;
  const found: Gathered = { items: [], missing: [] };
  if (known) found.items.push({ ...{ id: 'monitor-1', source: 'datadog' }, ...monitorText(id ?? '', known) });
  else if (monitor && !monitor.ok) found.missing.push({ source: 'Datadog monitor', reason: monitor.reason });
  const [series, logs] = await Promise.all([
    metricEvidence(account, known?.query || hint.query, openedAt, tags, red),
    logEvidence(account, service, openedAt),
  ]);
  return {
    items: [...found.items, ...series.items, ...logs.items],
    missing: [...found.missing, ...series.missing, ...logs.missing],
  };
}

async function metricEvidence(
  account: Datadog,
  query: string | null,
  openedAt: string,
  { group, other }: AlertTags,
  red: readonly string[],
): Promise<Gathered> {
  const metric = query === null ? null : metricOf(query);
  if (metric === null)
    return { items: [], missing: [{ source: 'Datadog metric', reason: 'the alert is not about a metric' }] };
  const read = await querySeries(account, metric, evidenceWindow(openedAt));
  if (!read.ok) return { items: [], missing: [{ source: 'Datadog metric', reason: read.reason }] };
  if (read.value.length === 0)
    return { items: [], missing: [{ source: 'Datadog metric', reason: 'the query has no series' }] };
  const sought = { tags: [...group, ...other], red: red.map(tagsIn), alertAt: Date.parse(openedAt) };
  const text = metricText(read.value, sought, read);
  return { items: [{ id: 'metric-1', source: 'datadog', title: metric, text }], missing: [] };
}

async function logEvidence(account: Datadog, service: string | null, openedAt: string): Promise<Gathered> {
  if (service === null)
    return { items: [], missing: [{ source: 'Datadog logs', reason: 'no tag names the service' }] };
  const read = await searchLogs(account, service, evidenceWindow(openedAt), LOG_LINES);
  if (!read.ok) return { items: [], missing: [{ source: 'Datadog logs', reason: read.reason }] };
  const { value: lines, gaps = [], odd = 0 } = read;
  const more = lines.length >= LOG_LINES;
  const told = logText(service, { lines, gaps, odd, more, tiers: account.tiers ?? ['indexes'] });
  return { items: [{ ...{ id: 'logs-1', source: 'datadog' }, ...told }], missing: [] };
}
