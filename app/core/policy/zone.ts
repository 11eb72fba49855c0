// The clocks of a place: which moments a local time names, and how a moment is told there. The rules are those of Intl.
// Must never guess about a clock that is set: a local time that happens twice names two moments, one that is left out the moment of the jump.

const SECOND_MS = 1000;
const DAY_MS = 86_400_000;

/** Whether this names a place of IANA's list, or UTC. Short names such as CET say no place, and offsets know no summer. */
export function isZone(name: string): boolean {
  if (!/^(?:UTC|[A-Za-z]\w{0,30}(?:\/[A-Za-z][\w+-]{0,30}){1,2})$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** How far the clocks of a place are ahead of UTC, in milliseconds, at a moment in Unix milliseconds. */
export type Offset = (at: number) => number;

/** A format takes longer to make than to use a hundred times, and each zone needs one. */
const formats = new Map<string, Intl.DateTimeFormat>();

export function offsetIn(zone: string): Offset {
  const format =
    formats.get(zone) ??
    new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset', year: 'numeric' });
  formats.set(zone, format);
  const known = new Map<number, number>();
  return (at) => {
    const before = known.get(at);
    if (before !== undefined) return before;
    const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] =
      /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(format.format(at)) ?? [];
    const ahead = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * SECOND_MS;
    const offset = sign === '-' ? -ahead : ahead;
    known.set(at, offset);
    return offset;
  };
}

/**
 * The first and the last moment at which the clocks show a local time, which is written as if it were UTC. They are one, except in an
 * hour that happens twice. A time that is left out is the moment at which the clocks jump over it.
 */
export function momentsOf(local: number, offset: Offset): [first: number, last: number] {
  const [before, after] = [offset(local - DAY_MS), offset(local + DAY_MS)];
  const [low, high] = [local - Math.max(before, after), local - Math.min(before, after)];
  const shown = [low, high].filter((at) => at + offset(at) === local);
  const [first, last = first] = shown;
  return first === undefined || last === undefined ? jump(low, high, before, offset) : [first, last];
}

/** The first moment with another offset than `before`, between two moments around it. */
function jump(from: number, to: number, before: number, offset: Offset): [number, number] {
  let [low, high] = [from, to];
  while (high - low > SECOND_MS) {
    const middle = low + Math.floor((high - low) / (2 * SECOND_MS)) * SECOND_MS;
    if (offset(middle) === before) low = middle;
    else high = middle;
  }
  return [high, high];
}

/** `Mon 2026-11-30 at 06:00 Europe/Berlin (05:00 UTC)`: the second says which of two it is, where an hour happens twice. */
export function momentIn(zone: string, at: number): string {
  const local = new Date(at + offsetIn(zone)(at)).toISOString();
  const day = dayNames[weekdayOf(Date.parse(local))] ?? '';
  const there = `${day} ${local.slice(0, 10)} at ${local.slice(11, 16)} ${zone}`;
  return zone === 'UTC' ? there : `${there} (${new Date(at).toISOString().slice(11, 16)} UTC)`;
}

export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** 0 is Monday. `local` as if it were UTC. */
export const weekdayOf = (local: number): number => (new Date(local).getUTCDay() + 6) % 7;
