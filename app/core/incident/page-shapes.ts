// How PagerDuty's answers and events are read: what matters leniently, the rest not at all, a list element by element.
// Must never refuse a whole for one odd part, and must never repeat a text from outside in a reason.
// https://developer.pagerduty.com/api-reference/ and https://developer.pagerduty.com/docs/webhooks/webhook-payloads/
import * as z from 'zod';

/** A text; a number in its place is one too. What is neither counts as not told. */
export const Words = z
  .union([z.string(), z.number().transform(String)])
  .nullish()
  .catch(undefined);
export const Moment = z.iso.datetime({ offset: true }).nullish().catch(undefined);
const Whole = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .nullish()
  .catch(undefined);
const Link = z
  .url({ protocol: /^https?$/ })
  .nullish()
  .catch(undefined);
/** A reference such as a service or a priority. Its bare id or name is understood too. */
const Reference = z
  .preprocess(
    (value) => (typeof value === 'string' ? { id: value, summary: value } : value),
    z.object({ id: Words, summary: Words, name: Words }).nullish(),
  )
  .catch(undefined);

/** An incident of PagerDuty as far as it was told. Null is not told; a priority can also be told to be none. */
export type Page = {
  id: string;
  number: number | null;
  url: string | null;
  status: string | null;
  title: string | null;
  urgency: string | null;
  priority: { name: string | null } | null;
  service: { id: string; name: string } | null;
  /** The incident that it was merged into, by PagerDuty's id. */
  mergedInto: string | null;
  createdAt: string | null;
  /** When it changed, and when its status did, by PagerDuty's clock. */
  changedAt: string | null;
  statusAt: string | null;
};

const text = (value: string | null | undefined): string | null => (value?.trim() ? value : null);

/** An incident of REST or of a webhook: the two differ in names, and both may lack nearly everything. */
export const PageShape = z
  .object({
    id: z.union([z.string().min(1).max(200), z.number().transform(String)]),
    number: Whole,
    incident_number: Whole,
    html_url: Link,
    status: Words,
    title: Words,
    urgency: Words,
    priority: Reference,
    service: Reference,
    resolve_reason: z.object({ incident: Reference }).nullish().catch(undefined),
    created_at: Moment,
    updated_at: Moment,
    last_status_change_at: Moment,
  })
  .transform((one): Page => {
    const service = text(one.service?.id);
    const priority = text(one.priority?.summary) ?? text(one.priority?.name);
    const noPriority = one.priority === null ? { name: null } : null;
    return {
      id: one.id,
      number: one.number ?? one.incident_number ?? null,
      url: one.html_url ?? null,
      status: text(one.status),
      title: text(one.title),
      urgency: text(one.urgency),
      priority: priority === null ? noPriority : { name: priority },
      service: service === null ? null : { id: service, name: text(one.service?.summary) ?? service },
      mergedInto: text(one.resolve_reason?.incident?.id),
      createdAt: one.created_at ?? null,
      changedAt: one.updated_at ?? null,
      statusAt: one.last_status_change_at ?? null,
    };
  });

/** Whether PagerDuty says that it is open. It may not say. */
export function isOpen({ status }: Pick<Page, 'status'>): boolean {
  return status === 'triggered' || status === 'acknowledged';
}

/** What is not told here is taken from the other. */
export function filledFrom(page: Page, other: Page): Page {
  const told = Object.entries(page).filter(([, value]) => value !== null);
  return { ...other, ...Object.fromEntries(told) } as Page;
}

/** Only `type` is promised of an alert. `cef_details` stands in place of `details` or beside them. */
export const AlertShape = z.object({
  id: Words,
  summary: Words,
  status: Words,
  alert_key: Words,
  severity: Words,
  body: z
    .object({
      contexts: z.unknown().optional(),
      details: z.unknown().optional(),
      cef_details: z.unknown().optional(),
    })
    .nullish()
    .catch(undefined),
});
export type Alert = z.infer<typeof AlertShape>;

export const NoteShape = z.object({
  id: Words,
  content: z.string(),
  created_at: Words,
  user: Reference,
});
export type Note = z.infer<typeof NoteShape>;

/** The elements of a list that can be read, how many cannot, and whether the list says that there are more. */
export function elementsOf<T>(list: readonly unknown[], shape: z.ZodType<T>): { elements: T[]; odd: number } {
  const elements = list.flatMap((one) => {
    const parsed = shape.safeParse(one);
    return parsed.success ? [parsed.data] : [];
  });
  return { elements, odd: list.length - elements.length };
}
