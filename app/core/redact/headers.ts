// Credentials in HTTP headers and on command lines: Authorization, Cookie, Set-Cookie, curl -u, mysql -p.
import { read } from './base64.ts';
import { isSecretValue, looksRandom } from './judge.ts';
import { hits } from './matching.ts';
import type { Span } from './span.ts';

const AUTHORIZATION =
  /(?:proxy-)?authorization\\{0,3}["'`]?\]?[ \t]*(?:=>|[:=])[ \t]*\[?\\{0,3}["'`]?(?:(Bearer|Basic|Token|ApiKey|SSWS|GenieKey|Bot|Negotiate|NTLM|Splunk)[ \t:=]+(?:token=)?|(AWS4-HMAC-SHA256|Digest|Hawk|OAuth|SharedKey|Signature)[ \t]+)?([^\s"'`\\<>][^\n"'`\\<>]{0,4096})/gi;
const SCHEME = /\b(Bearer|Basic)[ \t]+([A-Za-z0-9._~+/-]{8,4096}={0,2})/gi;
// SMTP and IMAP send the credentials in base64, Redis as they are.
const AUTH = /\bAUTH[ \t]+(?:(PLAIN|LOGIN|XOAUTH2|CRAM-MD5)[ \t]+)?([^\s"'`\\]{8,1024})/g;
const COOKIE =
  /(set-)?cookie2?\\{0,3}["'`]?\]?[ \t]*(?:=>|[:=])[ \t]*\[?\\{0,3}["'`]?([\w!#$%&*+.^|~-]{1,128}=)([^\n"'`\\]{0,8192})/gi;
const COMMANDS: readonly RegExp[] = [
  /\bcurl\b[^\n|;]{0,512}?[ \t](?:-u|--user|--proxy-user|-U)[ \t=]*["']?[^\s:"']{0,128}:([^\s"']{1,256})/dg,
  /\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n|;]{0,512}?[ \t]-p([^\s"'-][^\s"']{2,256})/dg,
  /\bsshpass\b[^\n|;]{0,64}?[ \t]-p[ \t]*["']?([^\s"']{1,256})/dg,
  /\bredis-cli\b[^\n|;]{0,512}?[ \t](?:-a|--pass)[ \t]+["']?([^\s"']{1,256})/dg,
  /\b(?:docker|podman|helm|oc|nerdctl)\b[^\n|;]{0,256}?\blogin\b[^\n|;]{0,256}?[ \t]-p[ \t]*["']?([^\s"'-][^\s"']{2,256})/dg,
  /\b(?:ldapsearch|ldapmodify|ldapadd)\b[^\n|;]{0,512}?[ \t]-w[ \t]*["']?([^\s"']{2,256})/dg,
  /\b(?:sqlcmd|bcp|isql)\b[^\n|;]{0,256}?[ \t]-P[ \t]*["']?([^\s"']{3,256})/dg,
  /\b(?:mongo(?:sh|dump|restore|export|import)?|az login)\b[^\n|;]{0,256}?[ \t]-p[ \t]*["']?([^\s"'-][^\s"']{2,256})/dg,
  /\becho[ \t]+(?:-n[ \t]+)?["']?([^\s"'|]{4,256})["']?[ \t]*\|[ \t]*(?:sudo[ \t]+(?:-\w+[ \t]+){0,3}-S|[^\n|;]{0,200}--password-stdin|(?:sudo[ \t]+)?(?:ch)?passwd)/dg,
  /\bnet use\b[^\n|;]{0,128}?\/user:\S{1,128}[ \t]+([^\s"'/]{3,256})/dgi,
  /\bopenssl\b[^\n|;]{0,512}?(?:\bpass:|[ \t]-k[ \t]+)([^\s"']{2,256})/dg,
  /\bhtpasswd\b[^\n|;]{0,128}?[ \t]-[a-zA-Z]*b[a-zA-Z]*[ \t]+\S{1,128}[ \t]+\S{1,64}[ \t]+["']?([^\s"']{2,256})/dg,
];
const COMMAND_NAMES =
  /\b(?:curl|mysql|mariadb|sshpass|redis-cli|login|ldap|openssl|htpasswd|sqlcmd|bcp|isql|mongo|echo|net use)/;

/** Reports header and command-line credentials; a cookie's attributes and header names stay. */
export function headers(text: string, report: (span: Span) => void): void {
  for (const hit of hits(AUTHORIZATION, text)) {
    const rest = hit[3] ?? '';
    const start = hit.index + hit[0].length - rest.length;
    // A scheme with parameters takes the line; a plain token ends at the next space.
    const value = hit[2] ? rest : (/^[^\s,;)\]}]+/.exec(rest)?.[0] ?? rest);
    const known = hit[1] !== undefined || hit[2] !== undefined;
    if (known ? isSecretValue(value, 'strong', 'exact') : looksRandom(value)) {
      report({ kind: 'authorization', start, end: start + value.length });
    }
  }
  for (const hit of hits(SCHEME, text)) {
    const value = hit[2] ?? '';
    const basic = /^basic$/i.test(hit[1] ?? '');
    const end = hit.index + hit[0].length;
    if (basic ? /^[^\s:]{0,128}:/.test(read(value) ?? '') : looksRandom(value)) {
      report({ kind: 'authorization', start: end - value.length, end });
    }
  }
  for (const hit of hits(AUTH, text)) {
    const value = hit[2] ?? '';
    const end = hit.index + hit[0].length;
    if (hit[1] ? /^[A-Za-z0-9+/]+={0,2}$/.test(value) : looksRandom(value)) {
      report({ kind: 'authorization', start: end - value.length, end });
    }
  }
  for (const hit of hits(COOKIE, text)) cookie(hit, report);
  if (!COMMAND_NAMES.test(text)) return;
  for (const command of COMMANDS) {
    for (const hit of hits(command, text)) {
      const [start, end] = hit.indices?.[1] ?? [0, 0];
      if (isSecretValue(hit[1] ?? '', 'strong', 'exact')) report({ kind: 'password', start, end });
    }
  }
}

function cookie(hit: RegExpExecArray, report: (span: Span) => void): void {
  const [whole, set, name = '', rest = ''] = hit;
  const start = hit.index + whole.length - rest.length;
  // Set-Cookie: only the value of the first pair; what follows are attributes.
  const value = set ? (/^[^;\s,]*/.exec(rest)?.[0] ?? '') : jar(rest);
  const from = set ? start : start - name.length;
  if (value !== '') report({ kind: 'cookie', start: from, end: start + value.length });
}

/** `a; b=1; c=2`: as far as the pairs go, so that the rest of a log line stays. */
function jar(rest: string): string {
  return /^[^;\s]*(?:;[ \t]*[^=;\s]{1,128}=[^;\s]*)*/.exec(rest)?.[0] ?? '';
}
