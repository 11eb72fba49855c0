// The products and the price cache in front of them. Entries live until someone purges them, so a wrong one stays wrong:
// that is the fault which `poison` brings about. It must never correct itself.

export type Product = { id: string; name: string; cents: number; about: string };
export const products: Product[] = [
  { id: 'mug', name: 'Night shift mug', cents: 1290, about: 'Holds enough coffee for one incident.' },
  { id: 'lamp', name: 'Desk lamp', cents: 4900, about: 'Red light, so that nobody else wakes up.' },
  { id: 'socks', name: 'Warm socks', cents: 890, about: 'For cold server rooms.' },
];
export const productOf = (id: string) => products.find((product) => product.id === id);
export const euros = (cents: number) => `${(cents / 100).toFixed(2)} €`;

export type PriceCache = ReturnType<typeof openPriceCache>;

export function openPriceCache() {
  const entries = new Map<string, string>();
  return {
    entries,
    /** Price in cents as the cache has it; NaN when the entry is no number. */
    cents({ id, cents }: Product): number {
      const entry = entries.get(id) ?? String(cents);
      entries.set(id, entry);
      return Number(entry);
    },
    /** What a supplier's feed once did: it sent prices for people instead of numbers. */
    poison: () => {
      for (const { id, cents } of products) entries.set(id, euros(cents));
    },
    purge: () => entries.clear(),
  };
}
