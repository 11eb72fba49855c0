// The form that a JSON answer must have: a small, closed part of JSON Schema (2020-12), and whether a value has it.
// Must never take a keyword that it does not ask, nor one that its type makes void: what is written is what is compared.
import * as z from 'zod';

const TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;
const MOST_DEPTH = 12;
type Type = (typeof TYPES)[number];
const key = z.string().min(1).max(200);
const size = z.int().min(0).max(1_000_000).optional();
const bound = z.number().min(-1e15).max(1e15).optional();

/** What an enum may list: a list or an object is described by its own words. */
const plain = z.union([z.string().max(1000), z.number(), z.boolean(), z.null()]);
type Plain = z.output<typeof plain>;

export type Form = {
  type?: Type | Type[] | undefined;
  enum?: Plain[] | undefined;
  properties?: Record<string, Form> | undefined;
  required?: string[] | undefined;
  items?: Form | undefined;
  minItems?: number | undefined;
  maxItems?: number | undefined;
  minimum?: number | undefined;
  maximum?: number | undefined;
};
/** Each keyword means something for values of these types only. */
const ASKS: readonly (readonly [keyof Form, readonly Type[]])[] = [
  ['properties', ['object']],
  ['required', ['object']],
  ['items', ['array']],
  ['minItems', ['array']],
  ['maxItems', ['array']],
  ['minimum', ['number', 'integer']],
  ['maximum', ['number', 'integer']],
];

const form: z.ZodType<Form, Form> = z
  .strictObject({
    type: z.union([z.enum(TYPES), z.array(z.enum(TYPES)).min(1).max(7)]).optional(),
    enum: z.array(plain).min(1).max(100).optional(),
    get properties() {
      return z.record(key, form).optional();
    },
    required: z.array(key).max(200).optional(),
    get items() {
      return form.optional();
    },
    minItems: size,
    maxItems: size,
    minimum: bound,
    maximum: bound,
  })
  .superRefine((one, context) => {
    const message = voidWords(one);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

/** As a plan writes it. */
export const AnswerForm = form.refine((one) => depthOf(one) <= MOST_DEPTH, 'is nested too deep');

function voidWords(one: Form): string | null {
  const types = [one.type ?? []].flat();
  if (types.length === 0 && one.enum === undefined) return 'fits everything: give a type or an enum';
  const idle = ASKS.find(([word, of]) => one[word] !== undefined && !of.some((type) => types.includes(type)));
  if (idle) return `${idle[0]} asks nothing of what is no ${idle[1][0]}`;
  const { minItems = 0, maxItems = minItems, minimum = 0, maximum = minimum } = one;
  if (minItems > maxItems) return 'minItems is more than maxItems';
  return one.minimum !== undefined && minimum > maximum ? 'minimum is more than maximum' : null;
}

const depthOf = (one: Form): number =>
  1 +
  Math.max(
    0,
    ...[...Object.values(one.properties ?? {}), ...(one.items ? [one.items] : [])].map((inner) =>
      depthOf(inner),
    ),
  );

/** Where the value is another one than the form says, and how; null when it fits. `at` is a JSON pointer. */
export function misfitOf(one: Form, value: unknown, at = ''): string | null {
  const here = at === '' ? 'the answer' : at;
  const types = [one.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value)))
    return `${here} is ${nameOf(value)}, expected ${types.join(' or ')}`;
  if (one.enum && !one.enum.some((wanted) => wanted === value))
    return `${here} is none of ${one.enum.map((wanted) => JSON.stringify(wanted)).join(', ')}`;
  if (typeof value === 'number') {
    if (value < (one.minimum ?? value)) return `${here} is ${value}, expected ${one.minimum} at least`;
    if (value > (one.maximum ?? value)) return `${here} is ${value}, expected ${one.maximum} at most`;
  }
  if (Array.isArray(value)) return misfitOfList(one, value, at);
  if (typeof value !== 'object' || value === null) return null;
  const absent = one.required?.find((name) => !Object.hasOwn(value, name));
  if (absent !== undefined) return `the answer has no ${at}/${escaped(absent)}`;
  const inside = new Map(Object.entries(value));
  return firstOf(Object.entries(one.properties ?? {}), ([name, inner]) =>
    inside.has(name) ? misfitOf(inner, inside.get(name), `${at}/${escaped(name)}`) : null,
  );
}

function misfitOfList({ items, minItems, maxItems }: Form, list: readonly unknown[], at: string) {
  const [here, { length }] = [at === '' ? 'the answer' : at, list];
  if (length < (minItems ?? 0)) return `${here} has ${length} items, expected ${minItems} at least`;
  if (length > (maxItems ?? length)) return `${here} has ${length} items, expected ${maxItems} at most`;
  return items ? firstOf([...list.entries()], ([n, item]) => misfitOf(items, item, `${at}/${n}`)) : null;
}

function firstOf<T>(all: readonly T[], ask: (one: T) => string | null): string | null {
  for (const one of all) {
    const said = ask(one);
    if (said !== null) return said;
  }
  return null;
}

const escaped = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');
/** A number without a fraction is an integer, however it is written (2020-12, 6.1.1). */
const isOf = (type: Type, value: unknown): boolean =>
  type === 'integer' ? Number.isInteger(value) : nameOf(value) === type;
function nameOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}
