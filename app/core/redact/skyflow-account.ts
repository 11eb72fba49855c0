// Whether what an operator gave for Skyflow is an account that can be used: exact hosts, both ids, a token that is not over.
// Must never repeat a value in a problem, and never take half an account for none: then text would leave uncleaned.
import * as z from 'zod';

export type SkyflowAccount = {
  /** Origin of the vault, without a path. */
  url: string;
  vaultId: string;
  token: string;
  /** When a bearer token ends, as the token says itself; null when it does not say, or for an API key. */
  expires: Date | null;
};
export type SkyflowGiven = {
  url?: string | undefined;
  vaultId?: string | undefined;
  bearer?: string | undefined;
  apiKey?: string | undefined;
};
export type ReadAccount = { ok: true; account: SkyflowAccount | null } | { ok: false; problems: string[] };

// The hosts the vendor's SDK knows: https://github.com/skyflowapi/skyflow-node. A vault is one label below one of them.
const VAULT =
  /^https:\/\/[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.vault\.skyflowapis(?:\.com|\.tech|\.dev|-preview\.com)$/;
const LOOPBACK = /^http:\/\/127\.0\.0\.1:\d{1,5}$/;
const Payload = z.object({ exp: z.number().optional() });

/** Null when nothing is given; all that is missing or wrong when only some of it is. `now` decides whether a bearer is over. */
export function skyflowAccount(given: SkyflowGiven, now: Date): ReadAccount {
  const { vaultId, bearer, apiKey } = given;
  if (!given.url && !vaultId && !bearer && !apiKey) return { ok: true, account: null };
  const url = given.url?.replace(/\/$/, '') ?? '';
  const token = apiKey || bearer || '';
  const expires = apiKey ? null : expiryOf(token);
  const problems = [
    ...(VAULT.test(url) || LOOPBACK.test(url)
      ? []
      : ['SKYFLOW_VAULT_URL: the address of a vault, such as https://abc123.vault.skyflowapis.com']),
    ...(/^[A-Za-z0-9_-]{8,64}$/.test(vaultId ?? '') ? [] : ['SKYFLOW_VAULT_ID: the id of the vault']),
    ...(/^[\x21-\x7e]{20,}$/.test(token)
      ? []
      : ['SKYFLOW_API_KEY or SKYFLOW_BEARER_TOKEN: at least 20 characters without spaces']),
    ...(expires && expires <= now
      ? [
          `SKYFLOW_BEARER_TOKEN: expired at ${expires.toISOString()}; make a new one, or set SKYFLOW_API_KEY, which lasts`,
        ]
      : []),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, account: { url, vaultId: vaultId ?? '', token, expires } };
}

/** The `exp` of a JWT, unverified: it only tells us early what Skyflow would answer. */
function expiryOf(token: string): Date | null {
  const [, payload = '', signature] = token.split('.');
  if (signature === undefined) return null;
  try {
    const parsed = Payload.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
    return parsed.success && parsed.data.exp !== undefined ? new Date(parsed.data.exp * 1000) : null;
  } catch {
    return null;
  }
}
