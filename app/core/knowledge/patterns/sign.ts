// Ed25519 signatures over a pattern's exact text, in a last line of the file. https://www.rfc-editor.org/rfc/rfc8032
// Must never call a text signed when the signature does not cover all of it.
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

const LINE = /\n<!-- vigil:signature ([0-9a-f]{16}) ([A-Za-z0-9+/=]{88}) -->\n$/;

/** First 16 hex digits of the sha256 of the public key's DER form. People can compare them by voice. */
function fingerprint(publicKey: KeyObject): string {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

export function signed(text: string, privateKey: KeyObject): string {
  const name = fingerprint(createPublicKey(privateKey));
  return `${text}\n<!-- vigil:signature ${name} ${sign(null, Buffer.from(text), privateKey).toString('base64')} -->\n`;
}

export type Opened = { ok: true; text: string; by: string } | { ok: false; reason: string };

/** The text of a signed file, if one of the trusted keys signed all of it. */
export function opened(file: string, trusted: readonly KeyObject[]): Opened {
  const found = LINE.exec(file);
  if (!found) return { ok: false, reason: 'it is not signed' };
  const [whole, name = '', signature = ''] = found;
  const text = file.slice(0, file.length - whole.length);
  const key = trusted.find((candidate) => fingerprint(candidate) === name);
  if (!key) return { ok: false, reason: `it is signed by ${name}, whom you do not trust` };
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
    ? { ok: true, text, by: name }
    : { ok: false, reason: `the signature of ${name} does not fit: the file was changed` };
}
