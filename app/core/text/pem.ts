// A private key as people hand it over: PEM on one line, with other line ends, in quotes, in base64. Gives the PEM that is meant.
// Must never give anything that node cannot use, nor say what stood there.
import { createPrivateKey, type KeyObject } from 'node:crypto';

export type ReadKey =
  | { ok: true; pem: string }
  /** `none`: this text holds no key at all. */
  | { ok: false; why: 'none' | 'public' | 'locked' | 'kind' | 'broken' };

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([\s\S]*?)-----END \1-----/g;
const BASE64 = /^[A-Za-z0-9+/_=\s-]+$/;

/** The RSA key in the text. GitHub gives PKCS#1: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/managing-private-keys-for-github-apps */
export function readPem(text: string): ReadKey {
  const plain = unquoted(text);
  if (plain.includes('-----BEGIN')) return inBlocks(plain);
  if (!BASE64.test(plain)) return { ok: false, why: 'none' };
  const bytes = Buffer.from(plain, 'base64');
  const inside = unquoted(bytes.toString('utf8'));
  if (inside.includes('-----BEGIN')) return inBlocks(inside);
  // What stands between the two lines of a PEM file, without them.
  const bare = (['pkcs8', 'pkcs1'] as const).map((type) =>
    usable(() => createPrivateKey({ key: bytes, format: 'der', type })),
  );
  const key = bare.find((one) => one !== null);
  return key ? ofKind(key) : { ok: false, why: 'none' };
}

const unquoted = (text: string): string =>
  text
    .replace(/^\uFEFF/, '')
    .trim()
    .replace(/^(["'])([\s\S]*)\1$/, '$2')
    .replace(/(?:\\+r)?\\+n/g, '\n');

function inBlocks(text: string): ReadKey {
  const blocks = [...text.matchAll(BLOCK)].map(([, label = '', body = '']) => ({ label, body }));
  const own = blocks.find(({ label }) => label.endsWith('PRIVATE KEY'));
  if (!own) {
    const other = /-----BEGIN [A-Z0-9 ]*(PUBLIC KEY|CERTIFICATE)-----/.test(text);
    return { ok: false, why: other ? 'public' : 'broken' };
  }
  if (own.label.includes('ENCRYPTED') || /\bENCRYPTED\b/.test(own.body)) return { ok: false, why: 'locked' };
  if (own.label.includes('OPENSSH')) return { ok: false, why: 'kind' };
  const lines = own.body.replace(/\s+/g, '').match(/.{1,64}/g) ?? [];
  const pem = `-----BEGIN ${own.label}-----\n${lines.join('\n')}\n-----END ${own.label}-----\n`;
  const key = usable(() => createPrivateKey(pem));
  if (!key) return { ok: false, why: 'broken' };
  return key.asymmetricKeyType === 'rsa' ? { ok: true, pem } : { ok: false, why: 'kind' };
}

function ofKind(key: KeyObject): ReadKey {
  if (key.asymmetricKeyType !== 'rsa') return { ok: false, why: 'kind' };
  return { ok: true, pem: `${key.export({ type: 'pkcs8', format: 'pem' })}` };
}

function usable(make: () => KeyObject): KeyObject | null {
  try {
    return make();
  } catch {
    return null;
  }
}
