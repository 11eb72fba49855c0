// What an alert says of itself: its own details, or PagerDuty's common event format where it brings only that.
// Must never depend on the shape of the details, because monitors send what they like. Nothing here is clean yet.
// https://support.pagerduty.com/main/docs/pd-cef
import type { Alert } from '#core/incident/page-shapes';

const isEmpty = (value: unknown): boolean =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0);

function cefOf(alert: Alert): Record<string, unknown> {
  const cef = alert.body?.cef_details;
  return typeof cef === 'object' && cef !== null ? { ...cef } : {};
}

/** The details, of whatever shape. Null: there are none. */
export function detailsOf(alert: Alert): unknown {
  const details = alert.body?.details;
  if (!isEmpty(details)) return details;
  const { details: inner, ...around } = cefOf(alert);
  const told = Object.entries({
    ...around,
    ...(typeof inner === 'object' && inner !== null ? inner : { details: inner }),
  });
  const useful = told.filter(([name, value]) => !isEmpty(value) && name !== 'dedup_key');
  return useful.length === 0 ? null : Object.fromEntries(useful);
}

export function summaryOf(alert: Alert): string | null {
  const { description } = cefOf(alert);
  return alert.summary || (typeof description === 'string' && description) || null;
}

/** The plain values of the first details that there are, such as `status: 500; endpoint: /api/checkout`. */
export function plainDetails(alerts: readonly Alert[]): string {
  const details = alerts.map(detailsOf).find((one) => one !== null) ?? null;
  if (typeof details === 'string') return details;
  if (typeof details !== 'object' || details === null) return '';
  return Object.entries(details)
    .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');
}
