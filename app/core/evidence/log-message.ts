// What a log event says, also where it has no message: services log JSON, and Datadog then keeps it as attributes.
// Must never say nothing where something was logged, and never throw on its shape.

const MAX_JSON = 500;
/** Where services put it, the telling ones first. `error` and `exception` may be texts themselves. */
const places = [
  'error.message',
  'exception.message',
  'err.message',
  'msg',
  'message',
  'log.message',
  'log',
  '@m',
  'error.msg',
  'error',
  'exception',
  'err',
  'event.message',
  'text',
  'body',
  'error.stack',
  'exception.stacktrace',
  'err.stack',
  'stack',
];

/** The message, else what the attributes say in a usual place, else the attributes as JSON, cut. */
export function messageOf(message: unknown, attributes: unknown): string {
  const own = textOf(message);
  if (own !== null) return own;
  const given = isObject(message) ? message : attributes;
  for (const place of places) {
    const said = textOf(valueAt(given, place));
    // Of a stack the first line says what happened; the rest says where.
    if (said !== null) return /stack/.test(place) ? (said.split('\n')[0] ?? said) : said;
  }
  const json = isObject(given) || Array.isArray(given) ? jsonOf(given) : '';
  return json === '' ? 'an event without a message' : json;
}

/** A value by its path, nested or with dots in its name: both are seen. */
function valueAt(given: unknown, place: string): unknown {
  if (!isObject(given)) return undefined;
  if (Object.hasOwn(given, place)) return given[place];
  const dot = place.indexOf('.');
  return dot < 0 ? undefined : valueAt(given[place.slice(0, dot)], place.slice(dot + 1));
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function jsonOf(value: object): string {
  try {
    const json = JSON.stringify(value);
    return json.length <= 2 ? '' : json.length > MAX_JSON ? `${json.slice(0, MAX_JSON)}…` : json;
  } catch {
    return ''; // nested too deep to be written down
  }
}
