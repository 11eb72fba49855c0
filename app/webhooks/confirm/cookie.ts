// The one cookie of the confirm page: how far a browser's sign-in is. It is sealed, so that only Vigil's replicas can read
// or write it. Must never hold a token. What it holds is useless without the client's secret, and it ends after minutes.
import { hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import * as z from 'zod';
import { isIncidentKey } from '#core/ledger/incident-key';

/** GitHub's codes last ten minutes. One minute less leaves time to use a code. */
export const COOKIE_SECONDS = 9 * 60;
const bytes = {
  key: z.string().refine(isIncidentKey),
  head: z.string(),
  digest: z.string(),
  verifier: z.string(),
};
const Sealed = z.discriminatedUnion('step', [
  z.object({ step: z.literal('asked'), ...bytes, state: z.string() }),
  z.object({ step: z.literal('back'), ...bytes, code: z.string(), csrf: z.string(), until: z.number() }),
]);
export type Sealed = z.infer<typeof Sealed>;
type Keys = { github: { webhookSecret: string }; signIn: { clientSecret: string }; url: string };

// Over https, the prefix `__Host-` makes the browser keep the cookie for this host only. Plain http is for this machine.
const secure = (url: string): boolean => url.startsWith('https:');
const nameOf = (url: string): string => (secure(url) ? '__Host-vigil-confirm' : 'vigil-confirm');

function keyOf({ github, signIn }: Keys): Uint8Array {
  const secret = `${github.webhookSecret}\n${signIn.clientSecret}`;
  return new Uint8Array(hkdfSync('sha256', secret, '', 'vigil confirm cookie', 32));
}

/** A Set-Cookie header. */
export async function seal(keys: Keys, content: Sealed, now: Date): Promise<string> {
  const seconds = Math.floor(now.getTime() / 1000);
  const value = await new EncryptJWT(content)
    .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + COOKIE_SECONDS)
    .encrypt(keyOf(keys));
  return setCookie(keys.url, value, COOKIE_SECONDS);
}

export function forget(url: string): string {
  return setCookie(url, '', 0);
}

function setCookie(url: string, value: string, seconds: number): string {
  // Lax: the way back from GitHub is a navigation from another site, and it must bring the cookie along.
  return `${nameOf(url)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${secure(url) ? '; Secure' : ''}`;
}

/** What the request's cookie says. Null: there is none, it is not ours, or its time is over. */
export async function unseal(keys: Keys, header: string | undefined, now: Date): Promise<Sealed | null> {
  const start = `${nameOf(keys.url)}=`;
  const values = (header ?? '').split(/;\s*/).filter((part) => part.startsWith(start));
  // Two cookies of one name: somebody else set one of them, and nobody can tell which one.
  if (values.length !== 1) return null;
  try {
    const { payload } = await jwtDecrypt(values[0]?.slice(start.length) ?? '', keyOf(keys), {
      currentDate: now,
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    });
    return Sealed.safeParse(payload).data ?? null;
  } catch {
    return null;
  }
}
