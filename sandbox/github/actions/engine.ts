// Mends the expression engine where the package (0.3.61) differs from the engine inside the runner: numbers, names that
// every JavaScript object has, and the functions that read and write them. Must never change anything else of it.
// https://github.com/actions/runner/tree/main/src/Sdk/DTExpressions2/Expressions2
import { data, wellKnownFunctions } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';
import { quoteJson } from './masking.ts';

const DIGITS = 15;

/** A number as text, as .NET's `G15` writes it. */
export function general(value: number): string {
  if (!Number.isFinite(value) || value === 0) return String(value);
  const [digits = '', power] = value.toExponential(DIGITS - 1).split('e');
  const exponent = Number(power);
  if (exponent > -5 && exponent < DIGITS) return String(Number(value.toPrecision(DIGITS)));
  const mantissa = digits.replace(/\.?0+$/, '');
  return `${mantissa}E${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

/** A text as number; hexadecimal and octal ones wrap at 32 bits. */
export function parseNumber(text: string): number {
  const written = text.trim();
  if (written === '') return 0;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written)) return Number(written);
  if (/^0x0*[0-9a-f]{1,8}$/i.test(written) || /^0o0*[0-3]?[0-7]{1,10}$/.test(written))
    return written[1] === 'X' ? Number.NaN : Number(written) | 0;
  return /^-?Infinity$/.test(written) ? Number(written) : Number.NaN;
}

data.NumberData.prototype.coerceString = function coerceString(this: data.NumberData) {
  return general(this.value);
};
data.StringData.prototype.number = function number(this: data.StringData) {
  return parseNumber(this.value);
};

/** A mapping. Its names may be any, `constructor` too; they ignore case unless they are those of `env`. */
function dictionary(entries: [string, data.ExpressionData][], exact: boolean): data.Dictionary {
  const fold = (key: string) => (exact ? key : key.toUpperCase());
  const found = new Map<string, { key: string; value: data.ExpressionData }>();
  for (const [key, value] of entries) if (!found.has(fold(key))) found.set(fold(key), { key, value });
  return Object.assign(new data.Dictionary(), {
    get: (key: string) => found.get(fold(key))?.value,
    values: () => [...found.values()].map(({ value }) => value),
    pairs: () => [...found.values()],
  });
}

const reader = (exact: boolean) => (key: string, value: unknown) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? dictionary(Object.entries(value), exact)
    : data.reviver(key, value);

/** A plain value as the engine holds it. `exact`: names do not ignore case. */
export const toData = (value: unknown, exact = false): data.ExpressionData =>
  JSON.parse(JSON.stringify(value), reader(exact));

function write(value: data.ExpressionData, before = '\n'): string {
  const within = `${before}  `;
  const list = (items: string[], [open, close]: [string, string]) =>
    items.length === 0 ? open + close : `${open}${within}${items.join(`,${within}`)}${before}${close}`;
  if (value instanceof data.Array)
    return list(
      value.values().map((item) => write(item, within)),
      ['[', ']'],
    );
  if (value instanceof data.Dictionary) {
    const pairs = value.pairs().map((pair) => `${quoteJson(pair.key)}: ${write(pair.value, within)}`);
    return list(pairs, ['{', '}']);
  }
  if (value instanceof data.StringData) return quoteJson(value.value);
  return value instanceof data.Null ? 'null' : value.coerceString();
}

const { format, fromjson, tojson } = wellKnownFunctions;
if (!format || !fromjson || !tojson) throw new Error('the package has lost a function');
const text = (given: data.ExpressionData[]): string => given[0]?.coerceString() ?? '';

/** What the runner's engine answers in place of the package's. */
export const FUNCTIONS: FunctionDefinition[] = [
  { ...tojson, name: 'tojson', call: (value) => new data.StringData(write(value ?? new data.Null())) },
  {
    ...fromjson,
    name: 'fromjson',
    call: (...given) => {
      if (text(given).trim() === '') throw new Error('fromJSON was given an empty text');
      return toData(JSON.parse(text(given)));
    },
  },
  {
    ...format,
    name: 'format',
    call: (...given) => {
      // There are no format specifiers, and nothing else may stand behind the number.
      const open = text(given).replaceAll('{{', '').replaceAll('}}', '');
      if (/\{\d+[^\d}]/.test(open)) throw new Error(`The following format string is invalid: ${text(given)}`);
      return format.call(...given);
    },
  },
];
