// Finds the Datadog monitor behind an alert, from what PagerDuty has of it: links, keys, the title.
// Must never depend on a fixed shape of these details, because the vendor publishes none. What it finds are only hints.
// This room holds what makes evidence from what sources say; it must not fetch anything or decide anything.
export type MonitorHint = { monitor: string | null; query: string | null; service: string | null };

const HOST = String.raw`https:\/\/(?:app|(?:us2|us3|us5|ap1|ap2|uk1))\.(?:[a-z0-9-]+\.)?(?:datadoghq\.(?:com|eu)|ddog-gov\.com)`;
const MONITOR_URL = new RegExp(String.raw`${HOST}\/monitors\/(\d{1,18})(?![\d])`);
const MAX_STRINGS = 500;
const MAX_DEPTH = 8;

type Found = { key: string; text: string };

/** Looks through a value of any shape. A number in a link counts more than one under a key whose name only sounds right. */
export function monitorHint(alert: unknown): MonitorHint {
  const found = stringsIn(alert);
  const linked = found.map(({ text }) => MONITOR_URL.exec(text)?.[1]).find((id) => id !== undefined);
  const named = (keys: RegExp, value: RegExp): string | null =>
    found.find(({ key, text }) => keys.test(key) && value.test(text.trim()))?.text.trim() ?? null;
  const tags = found.filter(({ key }) => /^(tags|alert_scope|scope)$/i.test(key)).map(({ text }) => text);
  return {
    monitor: linked ?? named(/^(monitor_id|alert_id)$/i, /^\d{1,18}$/),
    query: named(/^(query|alert_query|monitor_query)$/i, /^.{3,1000}$/s),
    service: /(?:^|[,\s{])service:([a-z0-9._/-]{1,100})/i.exec(tags.join(','))?.[1] ?? null,
  };
}

/** Every text and number in a value of any shape, with the key it stands under; not endlessly many, nor endlessly deep. */
export function stringsIn(value: unknown): readonly Found[] {
  return strings(value, '', 0, []);
}

function strings(value: unknown, key: string, depth: number, found: Found[]): Found[] {
  if (found.length >= MAX_STRINGS || depth > MAX_DEPTH) return found;
  if (typeof value === 'string' || typeof value === 'number')
    found.push({ key, text: String(value).slice(0, 4000) });
  else if (Array.isArray(value)) for (const item of value) strings(item, key, depth + 1, found);
  else if (value !== null && typeof value === 'object')
    for (const [name, item] of Object.entries(value)) strings(item, name, depth + 1, found);
  return found;
}

/** The metric part of a monitor's query: what stands between `last_5m):` and the comparison. Null: it is no metric query. */
export function metricOf(query: string): string | null {
  const metric =
    /^(?:avg|sum|min|max|change|pct_change|percentile)\([^)]{0,100}\):\s*(.{3,800}?)\s*(?:[<>]=?|==)\s*-?[\d.e]+\s*$/s.exec(
      query.trim(),
    )?.[1];
  return metric !== undefined && /\{[^}]*\}/.test(metric) ? metric : null;
}

/** The time that evidence is taken from: 30 minutes before the alert to 5 minutes after it, whenever the job runs. */
export function evidenceWindow(openedAt: string): { from: Date; to: Date } {
  const at = Date.parse(openedAt);
  return { from: new Date(at - 30 * 60_000), to: new Date(at + 5 * 60_000) };
}
