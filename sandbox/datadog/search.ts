// Which log lines a search finds, and how its page looks: service, statuses, words, storage tier. It must never find more than
// the real one: another tier's lines, or words that a message does not hold. https://docs.datadoghq.com/logs/explorer/search_syntax/
import { z } from 'zod';
import { type Line, logLine } from './shapes.ts';

const tiers = ['indexes', 'online-archives', 'flex'] as const;
export type Tier = (typeof tiers)[number];

export const Search = z.object({
  filter: z.object({
    query: z.string(),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    storage_tier: z.enum(tiers).default('indexes'),
  }),
  sort: z.enum(['timestamp', '-timestamp']).default('timestamp'),
  page: z
    .object({
      limit: z.number().int().min(1).max(1000).default(10),
      cursor: z
        .string()
        .regex(/^after:\d+$/)
        .optional(),
    })
    .prefault({}),
});
type Search = z.infer<typeof Search>;

/** What a search answers beside its lines: a part that was not searched is told in `meta` and nowhere else. */
export type Habits = {
  /** Where the logs lie. A search of another tier finds none, and says nothing about it. */
  tier: Tier;
  /** For instance `timeout` with what was found until then. */
  meta: { status?: string; warnings?: readonly { code: string; title: string; detail?: string }[] };
  /** Each page also holds an event without attributes, and one whose fields are null. */
  odd: boolean;
  bare: boolean;
};

export function searchAnswer(
  { filter, sort, page }: Search,
  journal: readonly Line[],
  habits: Habits,
  url: string,
) {
  const lines = journal
    .filter(({ at }) => at >= filter.from && at <= filter.to)
    .filter((line) => filter.storage_tier === habits.tier && matches(filter.query, line));
  const ordered = sort === 'timestamp' ? lines : lines.toReversed();
  const first = Number(page.cursor?.slice('after:'.length) ?? 0);
  const next = first + page.limit;
  const data: object[] = ordered
    .slice(first, next)
    .map((line, index) => logLine(line, first + index, habits.bare));
  if (habits.odd && data.length > 0)
    data.push(
      { id: 'odd', type: 'log' },
      {
        id: 'nulls',
        type: 'log',
        attributes: { status: null, timestamp: null, message: null, attributes: null },
      },
    );
  const short = Object.keys(habits.meta).length > 0;
  if (data.length === 0 && !short) return { data }; // the last page has no meta
  const meta = { status: 'done', elapsed: 12, request_id: `sandbox-${first}`, ...habits.meta };
  if (next >= ordered.length) return { data, meta };
  const after = `after:${next}`;
  const links = { next: `${new URL(url).origin}/api/v2/logs/events?page%5Bcursor%5D=${after}` };
  return { data, meta: { ...meta, page: { after } }, links };
}

/** `service:shop status:(a OR b)` and `service:shop (word OR *part* OR *:anywhere)`; no other operators. */
function matches(query: string, line: Line): boolean {
  if (!query.includes('service:shop')) return false;
  const statuses = /status:\(?([a-zA-Z ]+)\)?/.exec(query)?.[1]?.split(' OR ') ?? [];
  const words = query
    .replace(/(?:service|status):(?:\([^)]*\)|\S+)/g, ' ')
    .split(/[\s()]+/)
    .filter((word) => word !== '' && word !== 'OR');
  if (statuses.length === 0 && words.length === 0) return true;
  return statuses.includes(line.status) || words.some((word) => holds(line, word.toLowerCase()));
}

/** A word alone is looked for in the message and in `error`; with `*:` in every value. */
function holds({ message, attributes = {} }: Line, word: string): boolean {
  const everywhere = word.startsWith('*:');
  const { error } = attributes as { error?: unknown };
  const text = [message ?? '', JSON.stringify(everywhere ? attributes : (error ?? ''))]
    .join(' ')
    .toLowerCase();
  const wanted = everywhere ? word.slice(2) : word;
  const part = wanted.replaceAll('*', '');
  return wanted.startsWith('*') ? text.includes(part) : text.split(/[^a-z0-9]+/).includes(part);
}
