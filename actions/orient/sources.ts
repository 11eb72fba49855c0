// Where evidence comes from: PagerDuty's alerts and notes (also root-cause notes), Datadog's monitor, series and logs.
// When one source fails, the others go on. Must never fail the step. Must never call a source empty that could not be read.
import { type Datadog, querySeries, readMonitor, searchLogs } from '#adapters/datadog';
import { type Listing, listAlerts, listNotes, type PagerDuty } from '#adapters/pagerduty';
import { foldedText, foldLogs } from '#core/evidence/fold-logs';
import { evidenceWindow, type MonitorHint, metricOf, monitorHint } from '#core/evidence/monitors';
import { seriesText } from '#core/evidence/series-text';
import type { Alert, Note } from '#core/incident/page-shapes';
import { detailsOf, summaryOf } from './alerts.ts';

/** Raw text from outside. Nobody may show or store it before it was normalised and redacted. */
type Raw = { id: string; source: string; title: string; text: string };
type Missing = { source: string; reason: string };
export type Gathered = { items: Raw[]; missing: Missing[] };

const LOG_LINES = 200;
const LOG_KINDS = 12;
const MAX_SERIES = 5;

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
  const { monitor: id } = hint;
  if (id === null && hint.query === null && hint.service === null)
    return { items: [], missing: [{ source: 'Datadog', reason: 'the alert names no monitor' }] };
  const monitor = id === null ? null : await readMonitor(account, id);
  const found: Gathered = { items: [], missing: [] };
  if (monitor?.ok)
    found.items.push({
      id: 'monitor-1',
      source: 'datadog',
      title: `monitor ${monitor.value.id} is ${monitor.value.overall_state}`,
      text: `${monitor.value.name}\nstate ${monitor.value.overall_state}, type ${monitor.value.type}\nquery ${monitor.value.query}\ntags ${monitor.value.tags.join(', ')}`,
    });
  else if (monitor) found.missing.push({ source: 'Datadog monitor', reason: monitor.reason });
  const known = monitor?.ok ? monitor.value : null;
  const [series, logs] = await Promise.all([
    metricEvidence(account, known?.query ?? hint.query, openedAt),
    logEvidence(account, known ? serviceOfTags(known.tags, hint) : hint.service, openedAt),
  ]);
  return {
    items: [...found.items, ...series.items, ...logs.items],
    missing: [...found.missing, ...series.missing, ...logs.missing],
  };
}

function serviceOfTags(tags: readonly string[], hint: MonitorHint): string | null {
  return monitorHint({ tags: [...tags] }).service ?? hint.service;
}

async function metricEvidence(account: Datadog, query: string | null, openedAt: string): Promise<Gathered> {
  const metric = query === null ? null : metricOf(query);
  if (metric === null)
    return { items: [], missing: [{ source: 'Datadog metric', reason: 'the alert is not about a metric' }] };
  const read = await querySeries(account, metric, evidenceWindow(openedAt));
  if (!read.ok) return { items: [], missing: [{ source: 'Datadog metric', reason: read.reason }] };
  const texts = read.value
    .slice(0, MAX_SERIES)
    .map(({ name, points }) => seriesText(name, points, Date.parse(openedAt)));
  if (texts.length === 0)
    return { items: [], missing: [{ source: 'Datadog metric', reason: 'the query has no series' }] };
  return {
    items: [{ id: 'metric-1', source: 'datadog', title: metric, text: texts.join('\n\n') }],
    missing: [],
  };
}

async function logEvidence(account: Datadog, service: string | null, openedAt: string): Promise<Gathered> {
  if (service === null)
    return { items: [], missing: [{ source: 'Datadog logs', reason: 'no tag names the service' }] };
  const read = await searchLogs(account, service, evidenceWindow(openedAt), LOG_LINES);
  if (!read.ok) return { items: [], missing: [{ source: 'Datadog logs', reason: read.reason }] };
  const kinds = foldLogs(read.value, LOG_KINDS);
  const text = kinds.length === 0 ? 'no errors or warnings in this window' : foldedText(kinds);
  return {
    items: [
      {
        id: 'logs-1',
        source: 'datadog',
        title: `${read.value.length} lines of ${service}, ${kinds.length === 1 ? 'one kind' : `${kinds.length} kinds`}`,
        text,
      },
    ],
    missing: [],
  };
}
