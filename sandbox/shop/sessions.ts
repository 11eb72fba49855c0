// Who is at the till: a cookie that no script can read leads to a cart and, after signing in, to a customer. It must never trust a
// cart or a name that a browser sends with an order.
import { randomBytes } from 'node:crypto';
import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import type { Cart } from './checkout.ts';

export type Visit = { cart: Cart; customer: string | null };
export type Sessions = ReturnType<typeof openSessions>;

const COOKIE = 'session';
const KEPT = 2000;

export function openSessions() {
  const visits = new Map<string, Visit>();
  let waiting = 0;
  const found = (c: Context): Visit | undefined => visits.get(getCookie(c, COOKIE) ?? '');
  return {
    /** How many customers signed in at their cart since one of them ordered. */
    waiting: (): number => waiting,
    /** Who has no session has an empty cart. */
    of: (c: Context): Visit => found(c) ?? { cart: [], customer: null },
    /** The visit of this browser; it begins with the first product. */
    begun(c: Context): Visit {
      const before = found(c);
      if (before) return before;
      const visit: Visit = { cart: [], customer: null };
      const id = randomBytes(16).toString('hex');
      const [oldest] = visits.keys();
      if (visits.size >= KEPT && oldest) visits.delete(oldest);
      visits.set(id, visit);
      setCookie(c, COOKIE, id, { httpOnly: true, sameSite: 'Lax', path: '/' });
      return visit;
    },
    signIn(visit: Visit, name: string): void {
      visit.customer = name;
      if (visit.cart.length > 0) waiting += 1;
    },
    ordered(visit: Visit): void {
      visit.cart = [];
      waiting = 0;
    },
  };
}
