// E-mail addresses and the pairs that name a person: user=jdoe, full_name="Jane Doe", dob=1980-02-29.
// Names in running text are beyond patterns; Skyflow closes that gap where it is configured.
import { accountOfAPerson, nameOfAPerson } from './accounts.ts';
import { hits } from './matching.ts';
import type { Span } from './span.ts';

// Anchored at the @, which is rare: the local part is read backwards from there.
const EMAIL =
  /@(?<=([\w.+'\u00a1-\uffff-]{0,63}[\w+\u00a1-\uffff-])@)(?:[A-Za-z0-9\u00a1-\uffff](?:[A-Za-z0-9\u00a1-\uffff-]{0,61}[A-Za-z0-9\u00a1-\uffff])?\.){1,8}(?:[A-Za-z\u00a1-\uffff]{2,24}|xn--[A-Za-z0-9-]{2,59})(?![\w@-])/g;
const BEFORE_LOCAL = /[\w.@+\u00a1-\uffff-]/;
// systemd units, image densities, cluster and compute names: an @ that joins no person to a mail domain.
const NOT_MAIL =
  /\.(?:service|socket|timer|mount|target|slice|scope|device|swap|path|png|jpe?g|gif|svg|webp|js|ts|css|json|ya?ml|conf|log|local|svc|internal|localdomain|consul|lan|arpa|compute|test-cluster)$/i;
const MACHINE_MAIL =
  /^(?:git|rabbit|celery|ejabberd|kafka|akka|pekko|erlang|nodetool|getty|user-runtime-dir)@/i;

const USER =
  /(?:user|name|Name|login|_by)(?<=(?<![A-Za-z])(?:user|username|user_name|userName|login|logname|uname|account_name|accountName|display_name|displayName|nickname|screen_name|requested_by|created_by|updated_by|sudo_user|ruser|remote_user|owner_name))\\{0,3}["']?[ \t]*[:=][ \t]*(?:\\{0,3}(["'])([^"'\\\n]{2,64})\\{0,3}\1|([A-Za-z][\w.-]{1,39})(?![\w@:/.(=-]))/g;
const NAME =
  /(?:name|cardholder)(?<=(?<![A-Za-z-])(?:(?:first|last|middle|full|given|family|customer|patient|client|card_?holder|holder|recipient|employee|contact|maiden|legal|billing|beneficiary)[ _-]?name|surname|cardholder))\\{0,3}["']?[ \t]*[:=][ \t]*(?:\\{0,3}["']([^"'\\\n]{2,80})\\{0,3}["']|([\p{L}][\p{L}'.-]{1,40}(?: [\p{L}][\p{L}'.-]{0,40}){0,3})(?![\p{L}=]))/giu;
const PLAIN_NAME =
  /name(?<![\w.-]name)\\{0,3}["']?[ \t]*[:=][ \t]*\\{0,3}["'](\p{Lu}\p{Ll}{1,30}(?: \p{Lu}\.?)?(?: (?:van |de |von |der |la |da )*\p{Lu}[\p{L}'-]{1,30}){1,2})\\{0,3}["']/gu;
const BORN =
  /(?:dob|birth[ _-]?(?:date|day)?)(?<=(?<![A-Za-z])(?:dob|date[ _-]?of[ _-]?birth|birth[ _-]?(?:date|day)))\\{0,3}["']?[ \t]*[:=][ \t]*\\{0,3}["']?(\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})/gi;

export function emails(text: string, report: (span: Span) => void): void {
  if (!text.includes('@')) return;
  for (const hit of hits(EMAIL, text)) {
    const local = (hit[1] ?? '').replace(/^[.']+/, '');
    const start = hit.index - local.length;
    const value = local + hit[0];
    const before = text[start - 1] ?? '';
    if (local === '' || (BEFORE_LOCAL.test(before) && before !== '.') || NOT_MAIL.test(value)) continue;
    if (MACHINE_MAIL.test(value)) continue;
    // user:password@host is an address of a machine, and its password another detector's.
    if (/:\/\/[^\s/?#"'<>]*$/.test(text.slice(Math.max(0, start - 160), start))) continue;
    report({ kind: 'email', start, end: hit.index + hit[0].length, value: value.toLowerCase() });
  }
}

export function people(text: string, report: (span: Span) => void): void {
  for (const hit of hits(USER, text)) {
    const value = hit[2] ?? hit[3] ?? '';
    if (!accountOfAPerson(value)) continue;
    const start = hit.index + hit[0].lastIndexOf(value);
    report({ kind: 'user', start, end: start + value.length, value: value.toLowerCase() });
  }
  for (const [pattern, kind] of [
    [NAME, 'name'],
    [PLAIN_NAME, 'name'],
    [BORN, 'birthdate'],
  ] as const) {
    for (const hit of hits(pattern, text)) {
      // Unquoted, a name goes on only as far as its words are capitalised.
      const value = hit[1]?.trim() ?? /^\S+(?: \p{Lu}\S*)*/u.exec(hit[2] ?? '')?.[0] ?? '';
      if (value === '' || !nameOfAPerson(value)) continue;
      const start = hit.index + hit[0].lastIndexOf(value);
      report({ kind, start, end: start + value.length, value: value.toLowerCase() });
    }
  }
}
