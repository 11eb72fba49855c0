// Turns a cart into an order: price by flag, total, worker. Its three ways to fail are the demo's incidents; each is a fault
// in what it relies on, and checkout itself never asks whether something is "broken".
import { type PriceCache, type Product, productOf } from './prices.ts';
import type { Pool } from './workers.ts';

export type Cart = { id: string; quantity: number }[];
export type Order = { number: string; total: number; name: string };
export type Outcome = { ok: true; order: Order } | { ok: false; status: 400 | 500 | 503; reason: string };
export type Flags = Map<string, boolean>;

/** Discounts by quantity of the new pricing. Whoever wrote the table forgot those who buy a single piece. */
const tiers = [
  { from: 10, percent: 15 },
  { from: 3, percent: 5 },
  { from: 2, percent: 2 },
];

function newPrice(cents: number, quantity: number): number {
  const tier = tiers.find(({ from }) => quantity >= from);
  if (!tier) throw new Error(`new-pricing has no tier for quantity ${quantity}`);
  return Math.round(cents * (1 - tier.percent / 100));
}

export async function checkout(
  cart: Cart,
  name: string,
  { cache, pool, flags, numbers }: { cache: PriceCache; pool: Pool; flags: Flags; numbers: () => string },
): Promise<Outcome> {
  const lines = cart.map(({ id, quantity }) => ({ product: productOf(id), quantity }));
  if (lines.length === 0 || lines.some(({ product }) => !product))
    return { ok: false, status: 400, reason: 'the cart is empty or holds what the shop does not sell' };
  // The new pricing reads the catalogue itself; the old one asks the cache.
  const price = (product: Product, quantity: number) =>
    flags.get('new-pricing') ? newPrice(product.cents, quantity) : cache.cents(product);
  try {
    const total = lines.reduce(
      (sum, { product, quantity }) => sum + (product ? price(product, quantity) * quantity : 0),
      0,
    );
    if (!Number.isFinite(total))
      throw new Error(`the total of the order is ${total}: a cached price is not a number`);
    const order = await pool
      .submit(() => ({ number: numbers(), total, name }))
      .catch((error: Error) => error);
    return order instanceof Error ? { ok: false, status: 503, reason: order.message } : { ok: true, order };
  } catch (error) {
    return { ok: false, status: 500, reason: error instanceof Error ? error.message : String(error) };
  }
}
