// Datadog's answers: a monitor, a metric's series, log events. The vendor's models call nearly everything optional, and accounts
// answer null where they promise a text. What matters is looked for; what is missing gets a word in its place. Must never take
// anything for an answer of this vendor, and never pass on the vendor's sentences.
// https://github.com/DataDog/datadog-api-client-typescript/issues/5043
import * as z from 'zod';
import { each } from '#core/text/odd-elements';
import type { LogLine } from './fold-logs.ts';
import { messageOf } from './log-message.ts';

const word = (instead: string) => z.string().catch(instead);
const words = each(z.string())
  .catch({ good: [], odd: 0 })
  .transform(({ good }) => good);
const Group = z.object({ name: z.string(), status: word('unknown') });
export const Monitor = z
  .object({
    name: word(''),
    type: word('unknown'),
    query: word(''),
    tags: words,
    overall_state: word('unknown'),
    state: z.object({ groups: z.record(z.string(), z.unknown()).catch({}) }).catch({ groups: {} }),
  })
  .refine(({ name, query }) => name !== '' || query !== '', 'neither a name nor a query')
  .transform(({ state, name, ...rest }) => ({
    ...rest,
    name: name || 'without a name',
    /** Groups that are not well, of a monitor that watches many. */
    groups: Object.entries(state.groups).flatMap(([name, told]) => {
      const group = Group.safeParse({ name, ...(typeof told === 'object' ? told : {}) }).data;
      return group && group.status.toLowerCase() !== 'ok' ? [group] : [];
    }),
  }));
export type Monitor = z.infer<typeof Monitor>;

const Points = z.tuple([z.number(), z.number().nullish().catch(null)]).rest(z.unknown());
const OneSeries = z
  .object({ metric: word('metric'), scope: word('*'), tag_set: words, pointlist: each(Points) })
  .transform(({ metric, scope, tag_set: tags, pointlist }) => ({
    name: `${metric}{${scope}}`,
    tags: [...new Set([...scope.split(',').map((tag) => tag.trim()), ...tags])],
    points: pointlist.good.map(([at, value]) => ({ at, value: value ?? null })),
  }));
/** An object that has at least one of these: anything else is not this vendor's answer, and nothing can be concluded from it. */
const having = (...names: readonly string[]) =>
  z.looseObject({}).refine((answer) => names.some((name) => Object.hasOwn(answer, name)));
export const Metric = having('series', 'status').pipe(
  z.object({ status: word('ok'), error: word(''), series: each(OneSeries) }),
);

const LogEvent = z
  .object({
    attributes: z.object({
      status: word('unknown'),
      timestamp: z
        .union([
          z.string(),
          z
            .number()
            .min(0)
            .max(8.64e15)
            .transform((at) => new Date(at).toISOString()),
        ])
        .catch(''),
      message: z.unknown().optional(),
      attributes: z.unknown().optional(),
    }),
  })
  .transform(
    ({ attributes: { status, timestamp: at, message, attributes } }): LogLine => ({
      ...{ at, status, message: messageOf(message, attributes) },
    }),
  );
/** A name out of an answer, such as `unknown_index`. The vendor's sentences are not passed on. */
export const nameOr = (text: string, instead: string): string =>
  /^[a-z][a-z0-9_-]{0,59}$/.test(text) ? text : instead;
const Warning = z.object({ code: word('') }).transform(({ code }) => nameOr(code, 'something'));
export const Logs = having('data', 'meta').pipe(
  z.object({
    data: each(LogEvent),
    meta: z
      .object({
        status: word('done'),
        warnings: each(Warning).catch({ good: [], odd: 1 }),
        page: z.object({ after: z.string() }).nullish().catch(null),
      })
      .nullish()
      .catch({ status: 'unreadable', warnings: { good: [], odd: 0 } }),
  }),
);
