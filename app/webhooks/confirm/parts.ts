// What the steps of the confirm page share: their parameters, and the page for a link that offers nothing.
// Must never decide anything about a proposal: app/core/gate/confirm.ts says what a link offers.
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SignIn } from '#adapters/github/sign-in';
import { confirmPath, type Offer, type Offered, type Shown } from '#core/gate/confirm';
import { decided, moved, notKnown } from '#core/messages/confirm-answers';
import type { Desk } from '../../desk/desk.ts';
import type { Hearing, World } from '../../desk/world.ts';
import { type Sealed, unseal } from './cookie.ts';
import { sendPage } from './http.ts';

export type Confirming = Hearing & Pick<World, 'repo' | 'source' | 'policy'>;
export type Parts = { world: Confirming; desk: Pick<Desk, 'wake'>; signIn: SignIn };
export type Call = { request: IncomingMessage; response: ServerResponse; url: URL };

export function cookieOf({ world, signIn }: Parts, { request }: Call): Promise<Sealed | null> {
  return unseal({ ...world.config, signIn }, request.headers.cookie, world.now());
}

export function isFor(cookie: Sealed, key: string, { head, digest }: Shown): boolean {
  return cookie.key === key && cookie.head === head && cookie.digest === digest;
}

/** The page where the sign-in began. */
export function pageOf({ key, head, digest }: Sealed): string {
  return `/confirm/${key}?${new URLSearchParams({ head, digest })}`;
}

/** How many reviews this proposal needs to run. */
export async function neededFor({ source }: Confirming, { judged }: Offer): Promise<number> {
  const { approval } = (await source()).settings;
  return judged.risk === 'HIGH' ? approval.reviews_high : approval.reviews;
}

/** The answer when there is nothing to decide. */
export function refuse(response: ServerResponse, looked: Exclude<Offered, { ok: true }>): true {
  if (looked.why === 'unknown') return sendPage(response, 404, notKnown());
  if (looked.why === 'decided') return sendPage(response, 409, decided(looked.incident));
  return sendPage(response, 409, moved(looked.incident, confirmPath(looked.incident)));
}

export function equal(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.byteLength === right.byteLength && timingSafeEqual(left, right);
}
