// What the models cost, as data with its source, and what a list of calls cost. In US dollars per million tokens.
// Must never guess a price: when a model is not in the table, its cost is unknown.

export type Tokens = { input: number; output: number; cache_write: number; cache_read: number };

/** Source: the specifications on each model's page, such as https://platform.claude.com/docs/en/models/opus-5-5/overview. */
export const PRICES_OF = '2026-11-22';
/** `cache_write` is the price of the five-minute cache. Vigil uses no other. */
const prices: Readonly<Record<string, Tokens>> = {
  'claude-opus-5-5': { input: 4, output: 20, cache_write: 5, cache_read: 0.2 },
  'claude-sonnet-5-5': { input: 2, output: 10, cache_write: 2.5, cache_read: 0.2 },
  'claude-opus-5': { input: 5, output: 25, cache_write: 6.25, cache_read: 0.5 },
  'claude-sonnet-5': { input: 2, output: 10, cache_write: 2.5, cache_read: 0.2 },
};

export const NO_TOKENS: Tokens = { input: 0, output: 0, cache_write: 0, cache_read: 0 };

export function addTokens(a: Tokens, b: Tokens): Tokens {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cache_write: a.cache_write + b.cache_write,
    cache_read: a.cache_read + b.cache_read,
  };
}

/** Dollars, to a hundredth of a cent. Null: the model's price is not known. A dated id costs the same as its alias. */
export function costOf(model: string, tokens: Tokens): number | null {
  const price = prices[model.replace(/-\d{8}$/, '')];
  if (!price) return null;
  const dollars =
    tokens.input * price.input +
    tokens.output * price.output +
    tokens.cache_write * price.cache_write +
    tokens.cache_read * price.cache_read;
  return Math.round(dollars / 100) / 10_000;
}

/** Whether the model that was asked also answered. An alias may answer with its dated id. */
export function sameModel(asked: string, answered: string): boolean {
  return (
    answered === asked ||
    (answered.startsWith(`${asked}-`) && /^\d{8}$/.test(answered.slice(asked.length + 1)))
  );
}
