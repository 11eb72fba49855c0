// Weekly windows by the clocks of a place: change windows, in which changes may run, and freezes, in which they may not.
// Must never take the lax side when clocks are set: then a freeze is as long as it can be meant, and a change window as short.
import * as z from 'zod';
import { dayNames, isZone, momentIn, momentsOf, offsetIn, weekdayOf } from './zone.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** A window and its gap are a week together: what goes on for longer has no end. */
const WEEK_MS = 7 * DAY_MS;
/** Days from today on: a window that the clocks leave out this week comes in the next. */
const AHEAD = 16;

const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const Time = z
  .string()
  .regex(
    /^(?:(?:mon|tue|wed|thu|fri|sat|sun) )?(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'a time of day such as 09:00, or one of the week such as fri 18:00',
  );

/**
 * One window of every week. `days` and times of day: on each of these days, past midnight where `to` is not after `from`; or both times
 * with their day: once a week, from the one to the other.
 */
export const WeeklyWindow = z
  .strictObject({
    /** Without it, every day. */
    days: z.array(z.enum(days)).min(1).max(7).optional(),
    from: Time,
    to: Time,
    zone: z.stringFormat('time-zone', isZone, {
      error: 'a time zone of the IANA list, such as Europe/Berlin, or UTC',
    }),
  })
  .superRefine((window, context) => {
    const say = (key: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [key], message });
    const [from, to] = [partsOf(window.from), partsOf(window.to)];
    if (from.day === null ? to.day !== null : to.day === null)
      say('to', 'names a day of the week, or `from` does; write both with their day, or both without');
    if (from.day !== null && window.days)
      say('days', 'stands beside a time with its day; leave one of them out');
    if (from.minute === 1440) say('from', 'is the end of a day; write 00:00 of the next one');
    if (window.from === window.to)
      say('to', 'is the same as `from`; write 00:00 to 24:00 for a whole day, or leave the window out');
  });
export type WeeklyWindow = z.infer<typeof WeeklyWindow>;

/** A local time: 0 is Monday, and null every day; minutes since midnight. */
function partsOf(time: string): { day: number | null; minute: number } {
  const day = days.findIndex((name) => time.startsWith(name));
  const [hours = 0, minutes = 0] = time.slice(-5).split(':').map(Number);
  return { day: day < 0 ? null : day, minute: hours * 60 + minutes };
}

type Span = { begin: number; end: number };

/** What a window means for a change: to be in it, or not to be. */
export type Meaning = 'change window' | 'freeze';

/** The times of one window around a moment, in Unix milliseconds. */
function spansOf(window: WeeklyWindow, meaning: Meaning, now: number): Span[] {
  const [from, to] = [partsOf(window.from), partsOf(window.to)];
  const offset = offsetIn(window.zone);
  const today = Math.floor((now + offset(now)) / DAY_MS) * DAY_MS;
  const on = from.day === null ? (window.days ?? days).map((name) => days.indexOf(name)) : [from.day];
  const over = from.day !== null && to.day !== null ? (to.day - from.day + 7) % 7 : 0;
  const later = over === 0 && to.minute <= from.minute ? (from.day === null ? 1 : 7) : over;
  // What goes on now has begun at most so many days ago.
  const back = later + 1;
  return Array.from({ length: back + AHEAD }, (_, index) => today + (index - back) * DAY_MS)
    .filter((day) => on.includes(weekdayOf(day)))
    .flatMap((day) => {
      const begins = momentsOf(day + from.minute * MINUTE_MS, offset);
      const ends = momentsOf(day + later * DAY_MS + to.minute * MINUTE_MS, offset);
      const [begin, end] = meaning === 'freeze' ? [begins[0], ends[1]] : [begins[1], ends[0]];
      return begin < end ? [{ begin, end }] : [];
    });
}

/** Whether a moment lies in one of the windows, and until when that stays so. Null: for ever. */
export function standing(
  windows: readonly WeeklyWindow[],
  meaning: Meaning,
  now: number,
): { inside: boolean; until: number | null } {
  const spans = windows
    .flatMap((window) => spansOf(window, meaning, now))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let until = now;
  // One window may begin where another ends.
  for (const { begin, end } of spans) if (begin <= until && until < end) until = end;
  if (until > now) return { inside: true, until: until - now > WEEK_MS ? null : until };
  return { inside: false, until: spans.find(({ begin }) => begin > now)?.begin ?? null };
}

/** `Mon–Fri 09:00–17:00 (Europe/Berlin)`. */
export function windowWords({ days: named, from, to, zone }: WeeklyWindow): string {
  if (partsOf(from).day !== null) return `${upper(from)}–${upper(to)} (${zone})`;
  const on = days.flatMap((name, at) => ((named ?? days).includes(name) ? [at] : []));
  const [first = 0, last = 0] = [on[0], on.at(-1)];
  const name = (at: number): string => dayNames[at] ?? '';
  const all = on.length === 7 ? 'every day' : on.map(name).join(', ');
  const inRow = on.length > 2 && on.length < 7 && last - first === on.length - 1;
  return `${inRow ? `${name(first)}–${name(last)}` : all} ${from}–${to} (${zone})`;
}

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

const SHOWN = 3;

function listed(windows: readonly WeeklyWindow[]): string {
  const shown = windows.slice(0, SHOWN).map(windowWords);
  const rest = windows.length - shown.length;
  return [...shown, ...(rest > 0 ? [`${rest} more`] : [])].join(', ');
}

/** Why a freeze holds now, and when it ends, as a whole sentence. Null: there is none now. */
export function frozen(windows: readonly WeeklyWindow[], now: Date): string | null {
  const { inside, until } = standing(windows, 'freeze', now.getTime());
  if (!inside) return null;
  const ends = until === null ? 'has no end' : `ends on ${momentIn(zoneOf(windows), until)}`;
  return `The freeze ${listed(windows)} ${ends}.`;
}

/** Why no change window is open now, and when the next one opens, as a whole sentence. Null: one is open. */
export function closed(windows: readonly WeeklyWindow[], now: Date): string | null {
  const { inside, until } = standing(windows, 'change window', now.getTime());
  if (inside) return null;
  const opens = until === null ? 'never opens' : `opens on ${momentIn(zoneOf(windows), until)}`;
  return `It is outside the change window ${listed(windows)}, which ${opens}.`;
}

const zoneOf = ([first]: readonly WeeklyWindow[]): string => first?.zone ?? 'UTC';
