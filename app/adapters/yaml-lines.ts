// Finds the line of a value in a YAML text, so that a problem can name it. Must never decide what the text means.
import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';

type Path = readonly PropertyKey[];

/** The line (from 1) of the key or item at a path, or of its nearest ancestor when it is missing. The text must be valid. */
export function yamlLines(text: string): (path: Path) => number {
  const events = parseEvents(text, {});
  const starts = new Map<string, number>();
  let next = 0;
  const visit = (path: Path): void => {
    const event = events[next++];
    if (event && !starts.has(named(path))) starts.set(named(path), startOf(event));
    if (event?.type === EVENT_ID.SEQUENCE) for (let item = 0; !closed(); item++) visit([...path, item]);
    if (event?.type !== EVENT_ID.MAPPING) return;
    while (!closed()) {
      const key = events[next];
      const name = key?.type === EVENT_ID.SCALAR ? getScalarValue(text, key) : '?';
      visit([...path, name]); // the key itself: that is where a reader looks
      visit([...path, name]);
    }
  };
  const closed = (): boolean => {
    const over = next >= events.length || events[next]?.type === EVENT_ID.POP;
    if (over) next++;
    return over;
  };
  if (events[next++]?.type === EVENT_ID.DOCUMENT) visit([]);
  return (path) => {
    for (let length = path.length; length >= 0; length--) {
      const start = starts.get(named(path.slice(0, length)));
      if (start !== undefined) return text.slice(0, start).split('\n').length;
    }
    return 1;
  };
}

const named = (path: Path): string => JSON.stringify(path.map(String));

function startOf(event: Event): number {
  if (event.type === EVENT_ID.SCALAR) return event.valueStart;
  if (event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE) return event.start;
  return event.type === EVENT_ID.ALIAS ? event.anchorStart : 0;
}
