// Private key blocks, whole or cut off, on many lines or on one. Certificates and public keys stay: they are evidence.
import type { Span } from './span.ts';

const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-Lines:[ \t]*\d{1,4}/g;
const END = /-----END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-MAC:[ \t]*[0-9a-f]+/;
// What a line inside a key may be: base64 alone, base64 after a log prefix, an RFC 1421 header, nothing.
const INSIDE =
  /^[\s>|#*"'+-]{0,40}(?:[A-Za-z0-9+/]{0,80}={0,2}|(?:Proc-Type|DEK-Info|Comment|Version|Hash): ?[^\n]{0,120})["'`,\\ \t\r+]{0,8}$|[A-Za-z0-9+/]{24,}={0,2}["'`,\\ \t\r+]{0,8}$/;
// The same on the line of the opening itself, when the line breaks were lost.
const REST_OF_LINE = /^(?:[A-Za-z0-9+/=]|[ \t\\](?=[A-Za-z0-9+/=\\ \t]{12}))*/;
// The first bytes of PKCS#8, PKCS#1, SEC1, Ed25519 and OpenSSH private keys, as base64 writes them; then the rest of
// the run, over folded lines too.
const BARE =
  /(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{2}[AQgw]IB(?:ADANBgkq|AAK[BC])|MIG[A-Za-z0-9+/]AgE(?:AMB|BBD)|MIHcAgEBBEI|MHcCAQEEI|MC4CAQAwBQYDK2|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{20,16384}(?:(?<=[A-Za-z0-9+/]{56})\r?\n[ \t]{0,16}[A-Za-z0-9+/]{1,76}){0,400}={0,2}/g;

/** Where the key that opens at `begin` ends; `open` when the text ended first, so that more of it may follow. */
export function keyExtent(text: string, begin: number): { end: number; open: boolean } {
  BEGIN.lastIndex = begin;
  let at = begin + (BEGIN.exec(text)?.[0].length ?? 0);
  let first = true;
  for (;;) {
    const newline = text.indexOf('\n', at);
    const line = text.slice(at, newline < 0 ? text.length : newline);
    const end = END.exec(line);
    if (end) return { end: at + end.index + end[0].length, open: false };
    if (first) {
      const rest = REST_OF_LINE.exec(line)?.[0].length ?? 0;
      if (line.slice(rest).replace(/["'`,\\ \t\r+]{0,8}$/, '') !== '') return { end: at + rest, open: false };
    } else if (!INSIDE.test(line)) return { end: at - 1, open: false };
    if (newline < 0) return { end: text.length, open: true };
    at = newline + 1;
    first = false;
  }
}

/** Whether a private key opens in the text and has not ended at its end. */
export function opensKey(text: string): boolean {
  if (!text.includes('-----BEGIN') && !text.includes('Private-Lines')) return false;
  BEGIN.lastIndex = 0;
  for (let hit = BEGIN.exec(text); hit; hit = BEGIN.exec(text)) {
    const extent = keyExtent(text, hit.index);
    if (extent.open) return true;
    BEGIN.lastIndex = Math.max(extent.end, hit.index + hit[0].length);
  }
  return false;
}

/** Reports private keys. */
export function privateKeys(text: string, report: (span: Span) => void): void {
  if (text.includes('-----BEGIN') || text.includes('Private-Lines')) {
    BEGIN.lastIndex = 0;
    for (let hit = BEGIN.exec(text); hit; hit = BEGIN.exec(text)) {
      const { end } = keyExtent(text, hit.index);
      // The words alone, as documentation and error messages have them, hold nothing.
      const body = text.slice(hit.index + hit[0].length, end);
      if (/[A-Za-z0-9]/.test(body)) report({ kind: 'private-key', start: hit.index, end });
      BEGIN.lastIndex = Math.max(end, hit.index + hit[0].length);
    }
  }
  for (const hit of text.matchAll(BARE)) {
    report({ kind: 'private-key', start: hit.index, end: hit.index + hit[0].length });
  }
}
