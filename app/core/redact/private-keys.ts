// Private key blocks, whole or cut off, on many lines or on one. Certificates and public keys stay: they are evidence.

import { hits, stick } from './matching.ts';
import type { Span } from './span.ts';

const BEGIN = /-----BEGIN (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-Lines:[ \t]*\d{1,4}/g;
const END = /-----END (?:[A-Z0-9]{1,12} ){0,4}PRIVATE KEY(?: BLOCK)?-----|Private-MAC:[ \t]*[0-9a-f]{1,128}/;
// What a line inside a key may be: base64 alone, base64 after a log prefix, an RFC 1421 header, nothing.
const INSIDE =
  /^[\s>|#*"'+-]{0,40}(?:[A-Za-z0-9+/]{0,80}={0,2}|(?:Proc-Type|DEK-Info|Comment|Version|Hash): ?[^\n]{0,120})["'`,\\ \t\r+]{0,8}$|[A-Za-z0-9+/]{24,80}={0,2}["'`,\\ \t\r+]{0,8}$/;
// What may follow the opening on its own line, when the line breaks were lost.
const REST = /(?:[A-Za-z0-9+/=]|[ \t\\](?=[A-Za-z0-9+/=\\ \t]{12}))*/y;
const LINE_END = /["'`,\\ \t\r+]{0,8}(?=\n|$)/y;
// Flattened headers may stand between the opening and the body.
const NEAR = 300;
// The first bytes of PKCS#8, PKCS#1, SEC1, Ed25519 and OpenSSH private keys, as base64 writes them; then the rest of
// the run, over folded lines too.
const BARE =
  /(?<![A-Za-z0-9+/])(?:MII[A-Za-z0-9+/]{2}[AQgw]IB(?:ADANBgkq|AAK[BC])|MIG[A-Za-z0-9+/]AgE(?:AMB|BBD)|MIHcAgEBBEI|MHcCAQEEI|MC4CAQAwBQYDK2|b3BlbnNzaC1rZXktdjE)[A-Za-z0-9+/]{20,16384}(?:(?<=[A-Za-z0-9+/]{56})\r?\n[ \t]{0,16}[A-Za-z0-9+/]{1,76}){0,400}={0,2}/g;
const BARE_HINT = /MII|MIG|MIHc|MHcC|MC4C|b3BlbnNza/;

/** Where the key whose opening ends at `from` ends, on this line or a later one. */
function extent(text: string, from: number): number {
  const rest = from + (stick(REST, text, from)?.[0].length ?? 0);
  const near = endIn(text.slice(rest, rest + NEAR).split('\n', 1)[0] ?? '');
  if (near >= 0) return rest + near;
  if (!stick(LINE_END, text, rest)) return rest;
  let at = text.indexOf('\n', rest) + 1;
  while (at > 0) {
    const newline = text.indexOf('\n', at);
    const line = text.slice(at, newline < 0 ? text.length : newline);
    const end = endIn(line);
    if (end >= 0) return at + end;
    if (!INSIDE.test(line)) return at - 1;
    if (newline < 0) return text.length;
    at = newline + 1;
  }
  return text.length;
}

function endIn(line: string): number {
  const end = END.exec(line);
  return end ? end.index + end[0].length : -1;
}

/** Whether a private key is open after this line, by the rules of `extent`, given whether one was before it. */
export function keyOpenAfter(line: string, open: boolean): boolean {
  const end = open ? endIn(line) : -1;
  if (open && end < 0 && INSIDE.test(line)) return true;
  let last = -1;
  for (const hit of line.slice(Math.max(end, 0)).matchAll(BEGIN))
    last = Math.max(end, 0) + hit.index + hit[0].length;
  if (last < 0) return false;
  const rest = last + (stick(REST, line, last)?.[0].length ?? 0);
  return endIn(line.slice(rest, rest + NEAR)) < 0 && stick(LINE_END, line, rest) !== null;
}

/** Reports private keys. */
export function privateKeys(text: string, report: (span: Span) => void): void {
  if (text.includes('-----BEGIN') || text.includes('Private-Lines')) {
    BEGIN.lastIndex = 0;
    for (let hit = BEGIN.exec(text); hit; hit = BEGIN.exec(text)) {
      const from = hit.index + hit[0].length;
      const end = extent(text, from);
      // The words alone, as documentation and error messages have them, hold nothing.
      if (/[A-Za-z0-9]/.test(text.slice(from, end))) report({ kind: 'private-key', start: hit.index, end });
      BEGIN.lastIndex = Math.max(end, from);
    }
  }
  if (!BARE_HINT.test(text)) return;
  for (const hit of hits(BARE, text)) {
    report({ kind: 'private-key', start: hit.index, end: hit.index + hit[0].length });
  }
}
