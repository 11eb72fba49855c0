// Judges a document by the Studio's own definitions, without a Studio. Sanity's `Rule` records what each validation wants,
// and this file reads the record. Must never skip a rule that it does not know: it throws, so that no definition gets a
// rule that only the Studio enforces.
// https://www.sanity.io/docs/studio/validation
import { Rule } from '@sanity/schema';
import type { Rule as RecordedRule } from '@sanity/types';
import { schemaTypes } from './schema.ts';

export type Fault = { path: string; message: string };

/** The part of a definition that this file reads. */
type Definition = {
  name?: string;
  type: string;
  fields?: readonly Definition[];
  of?: readonly Definition[];
  options?: unknown;
  validation?: unknown;
};
type Flags = NonNullable<RecordedRule['_rules']>;

const system = new Set(['_id', '_type', '_rev', '_createdAt', '_updatedAt']);
const json: Readonly<Record<string, string>> = {
  string: 'string',
  text: 'string',
  url: 'string',
  datetime: 'string',
  number: 'number',
  array: 'array',
};

/** What a Studio would mark as an error, and the fields that the type does not know. Empty: it may be written. */
export function judgeDocument(document: Readonly<Record<string, unknown>>): Fault[] {
  const type = schemaTypes.find(({ name }) => name === document['_type']);
  if (!type) return [{ path: '_type', message: 'no such type' }];
  const fields: readonly Definition[] = type.fields;
  const known = new Set(fields.map(({ name }) => name));
  const id = document['_id'];
  return [
    ...(typeof id === 'string' && /^[a-zA-Z0-9][a-zA-Z0-9_-]{0,127}$/.test(id)
      ? []
      : [{ path: '_id', message: 'letters, digits, _ and -; no dot' }]),
    ...Object.keys(document)
      .filter((name) => !known.has(name) && !system.has(name))
      .map((path) => ({ path, message: 'the type has no such field' })),
    ...fields.flatMap((field) => judgeValue(field, document[field.name ?? ''], field.name ?? '')),
  ];
}

function judgeValue(definition: Definition, value: unknown, path: string): Fault[] {
  const expected = json[definition.type];
  if (!expected) throw new Error(`${path}: the type ${definition.type} is not judged here`);
  const actual = Array.isArray(value) ? 'array' : typeof value;
  if (value !== undefined && actual !== expected)
    return [{ path, message: `expected ${expected}, found ${value === null ? 'null' : actual}` }];
  const { flags, required } = recorded(definition);
  // As in the Studio: an empty text counts as missing, and the other rules do not apply to what is missing.
  if (value === undefined || value === '') return required ? [{ path, message: 'is required' }] : [];
  return [
    ...flags.flatMap((flag) => breaks(flag, value)).map((message) => ({ path, message })),
    ...implied(definition, value).map((message) => ({ path, message })),
    ...(Array.isArray(value) && definition.of?.[0]
      ? value.flatMap((item, index) => judgeItem(definition.of?.[0], item, `${path}[${index}]`))
      : []),
  ];
}

/** In a list, an item that is undefined or empty still has its place, so it counts as given. */
function judgeItem(definition: Definition | undefined, item: unknown, path: string): Fault[] {
  return definition ? judgeValue(definition, item, path) : [];
}

type Recorded = { flags: Flags; required: boolean };
const recordings = new WeakMap<Definition, Recorded>();

function recorded(definition: Definition): Recorded {
  const known = recordings.get(definition) ?? record(definition);
  recordings.set(definition, known);
  return known;
}

function record({ validation }: Definition): Recorded {
  if (validation === undefined) return { flags: [], required: false };
  if (typeof validation !== 'function')
    throw new Error('a validation that is no function is not judged here');
  const rule: unknown = validation(new Rule());
  if (!isRule(rule)) throw new Error('a validation that gives several rules is not judged here');
  return { flags: rule._rules ?? [], required: rule.isRequired() };
}

const isRule = (rule: unknown): rule is RecordedRule =>
  typeof rule === 'object' && rule !== null && '_rules' in rule && 'isRequired' in rule;

const size = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' || Array.isArray(value) ? value.length : 0;

function breaks(rule: Flags[number], value: unknown): string[] {
  const say = (ok: boolean, message: string): string[] => (ok ? [] : [message]);
  switch (rule.flag) {
    case 'presence':
      return [];
    case 'min':
      return say(size(value) >= Number(rule.constraint), `at least ${rule.constraint}`);
    case 'max':
      return say(size(value) <= Number(rule.constraint), `at most ${rule.constraint}`);
    case 'integer':
      return say(Number.isInteger(value), 'a whole number');
    case 'regex':
      return say(
        rule.constraint.pattern.test(String(value)) !== rule.constraint.invert,
        'does not have the form',
      );
    case 'unique':
      return say(Array.isArray(value) && new Set(value).size === value.length, 'every item once');
    case 'uri': {
      const { protocol = '' } = URL.parse(String(value)) ?? {};
      return say(
        rule.constraint.options.scheme.some((scheme) => scheme.test(protocol.replace(/:$/, ''))),
        'no such address',
      );
    }
    default:
      throw new Error(`the rule ${rule.flag} is not judged here`);
  }
}

/** What a type demands without a rule: lists of values, times, addresses. */
function implied({ type, options }: Definition, value: unknown): string[] {
  const list =
    typeof options === 'object' && options !== null && 'list' in options ? options.list : undefined;
  if (Array.isArray(list) && !list.includes(value)) return [`one of ${list.join(', ')}`];
  if (type === 'datetime' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(value)))
    return ['a time such as 2026-11-03T02:14:00Z'];
  return type === 'url' && !URL.canParse(String(value)) ? ['no address'] : [];
}
