// Secrets that are known by their name: password=..., "apiKey": "...", --token ..., IDENTIFIED BY '...'.
// The name must be the last part of its word (password_file, tokenCount and secretName say nothing about a value).
import { isSecretValue, looksRandom, type Setting } from './judge.ts';
import { hits, stick } from './matching.ts';
import type { Span } from './span.ts';

const OWNERS =
  'api|app|application|access|account|admin|auth|bearer|bot|client|consumer|crypto|deploy|encryption|hmac|id|ingestion|integration|jwt|licen[sc]e|master|personal|private|pre-?shared|refresh|registration|registry|root|secret|security|signing|ssh|storage|subscription|user|vault|webhook';
/** The names whose value is secret whatever it is, and those whose value must also look so. */
export const STRONG = `pass(?:word|wd|phrase|code|wort)|(?:require|store|key)pass|masterauth|pwd|mot de passe|contrase(?:ñ|n)a|senha|wachtwoord|kennwort|(?:${OWNERS})[ _.-]?(?:key|secret|token|pass)|secret[ _-]?access[ _-]?key|client[ _-]?secret|connection[ _-]?string|cvv2?|cvc2?`;
export const WEAK =
  'secret|token|credentials?|bearer|jwt|(?:j|php)?sess(?:ion)?[ _-]?id|session|sid|routing[ _-]?key|(?<![A-Za-z])(?:pass|pw|creds?)|auth|signature|sig|apikeys?|_authToken|(?<![A-Za-z0-9_.-])key';
/** Short codes of digits, which nothing but their name tells from any number. */
const CODES = '(?<![A-Za-z])(?:otp|pin|(?:2fa|mfa|verification|security|one[ _-]?time|login)[ _-]?code)';
const SUFFIX =
  '(?:[_-]?(?:prod|production|staging|dev|test|old|new|current|previous|primary|secondary|value|base|plain|raw|b64|base64|\\d{1,2}))?s?';
const NAME = new RegExp(`(?:(${STRONG})|(${WEAK})|(${CODES}))${SUFFIX}(?![A-Za-z0-9_]|-[A-Za-z])`, 'gi');
// Words in which a short name is an accident, and names that count or point instead of holding a value.
const NOT_BEFORE =
  /arn:[\w:-]{0,80}$|(?:next|page|continue|continuation|resume|sync|fencing|cancellation|pad|eos|bos|sep|unk|stop|prompt|completion|unexpected|illegal|syntax|public|foreign|partition|sort|cache|max|min|idempotency|trace|group|object|image|public[ _-]?key)[ _-]?(?:token|key|signature)s?$/i;
const SHORT = /^(?:pwd|sid|sig|auth|jwt|cvv|cvc)$/i;
const ASSIGN =
  /(?:\\{0,4}["'`])?[\])]?[ \t]{0,16}(?::[ \t]*[A-Za-z][\w<>[\]?|.]{0,30}[ \t]{1,4}=(?!=)|:=|=>|={1,2}(?![=>~])|:(?!:)|->|%3[dDaA])[ \t]{0,16}(?:!!\w{1,12}[ \t]{1,4}|\[[ \t]{0,4}(?=["'`]))?/y;
const VALUE =
  /(?:(?:Some|Secret|Just)\()?(?:[bBuUrRfF@](?=["'`]))?(?:"((?:[^"\\\n]|\\[^\n]){1,2048})"?|'((?:[^'\\\n]|\\[^\n]){1,2048})'?|`([^`\n]{1,2048})`|((?:[^\s"'`<>,;&\\]|[,;&](?![\s"'{}[\]]|$|[\w.-]{1,40}[=:])|<(?=\w+>)|\\(?!["'nrtu\\])){1,2048}))/y;
const SCHEME = /(?:Bearer|Basic|Token|Digest|ApiKey|SSWS)[ \t]+/iy;
const TAGGED = />[ \t]{0,4}([^<>\n]{1,1024})(?=<\/)/y;
const FLAG_VALUE = /[ \t]+(?!-)(?:"([^"\n]{1,1024})"|'([^'\n]{1,1024})'|([^\s"'`;|&<>]{1,1024}))/y;
const PROSE =
  /[ \t]+(?:is|was|are|will be)(?:[ \t]+(?:set|reset|changed)[ \t]+to)?[ \t]*:?[ \t]+["'`]?([^\s"'`<>]{4,256})/iy;
const BARE = /[ \t]+["'`]?([A-Za-z0-9_+/=.-]{20,512})(?![\w])/y;
const IDENTIFIED =
  /\bIDENTIFIED[ \t]+(?:WITH[ \t]+\w{1,40}[ \t]+)?(?:BY|AS)[ \t]+(?:PASSWORD[ \t]+)?["']([^"'\n]{1,256})/gi;
// A name as one argument or cell and its value as the next; a list of names looks the same, so the value must be mixed.
const ARGUMENT = /["'`]?[ \t]*[,(][ \t]*(?=["'])/y;
const CELL = /(?:[ \t]*[→⇒➜]|[ \t]+\||[ ]*\t)[ \t]*([^\s|"'`]{4,256})/y;
const BYTES = /[ \t]+bytes/y;
const QUOTED = /[ \t]+["']([^"'\n]{3,512})["']/y;
const NETRC = /\blogin[ \t]+\S{1,128}[ \t]+password[ \t]+$/i;

/** Reports the values of sensitive names. */
export function assignments(text: string, report: (span: Span) => void): void {
  NAME.lastIndex = 0;
  for (let hit = NAME.exec(text); hit; hit = NAME.exec(text)) {
    const before = text.slice(Math.max(0, hit.index - 64), hit.index);
    const name = hit[1] ?? hit[2] ?? hit[3] ?? '';
    if (NOT_BEFORE.test(before + hit[0]) || (SHORT.test(name) && /[a-z]$/i.test(before))) continue;
    const end = hit.index + hit[0].length;
    const value = valueAfter(text, end, before, name);
    // "invalid token" is no id token: inside a lower-case word the name is an accident, and only the value can tell.
    const whole = !/[A-Za-z]$/.test(before) || /^[A-Z]|^(?:pass|secret|token)/.test(name);
    const strength = hit[1] && whole ? 'strong' : 'weak';
    if (!value) continue;
    const code = hit[3] !== undefined && /^\d{4,8}$/.test(value.text);
    if (code || (isSecretValue(value.text, strength, value.setting) && fits(name, value.text))) {
      report({ kind: kindOf(name), start: value.start, end: value.start + value.text.length });
      NAME.lastIndex = value.start + value.text.length;
    }
  }
  for (const hit of hits(IDENTIFIED, text)) {
    const value = hit[1] ?? '';
    const start = hit.index + hit[0].length - value.length;
    if (isSecretValue(value, 'strong', 'exact'))
      report({ kind: 'password', start, end: start + value.length });
  }
}

type Value = { text: string; start: number; setting: Setting };

function valueAfter(text: string, at: number, before: string, name: string): Value | null {
  const assign = stick(ASSIGN, text, at);
  if (assign) {
    let start = at + assign[0].length;
    start += stick(SCHEME, text, start)?.[0].length ?? 0;
    const setting = /[=>]|%3d/i.test(assign[0]) ? 'exact' : 'yaml';
    const value = read(stick(VALUE, text, start), start, setting);
    // kubectl describe says how long each value is.
    const size = value && /^\d{1,7}$/.test(value.text) && stick(BYTES, text, value.start + value.text.length);
    return size ? null : value;
  }
  const tagged = stick(TAGGED, text, at);
  if (tagged) return read(tagged, at, 'exact');
  if (/(?:^|[\s"'=])--?(?:[a-z][\w-]*)?$/i.test(before))
    return read(stick(FLAG_VALUE, text, at), at, 'exact');
  const argument = stick(ARGUMENT, text, at);
  if (argument) {
    const start = at + argument[0].length;
    return read(stick(VALUE, text, start), start, 'prose');
  }
  const cell = stick(CELL, text, at);
  if (cell) return read(cell, at, 'prose');
  const prose = stick(PROSE, text, at);
  if (prose) return read(prose, at, 'prose');
  const bare = stick(BARE, text, at);
  if (bare && looksRandom(bare[1] ?? '') && !/[./]/.test(bare[1] ?? '')) return read(bare, at, 'prose');
  if (!/pass/i.test(name)) return null;
  if (
    /^(?:requirepass|masterauth)$/i.test(name) ||
    NETRC.test(`${before}${text.slice(at - name.length, at)} `)
  )
    return read(stick(FLAG_VALUE, text, at), at, 'exact');
  return read(stick(QUOTED, text, at), at, 'prose');
}

function read(hit: RegExpExecArray | null, at: number, setting: Setting): Value | null {
  if (!hit) return null;
  const index = hit.findIndex((group, position) => position > 0 && group !== undefined);
  const group = hit[index];
  if (group === undefined) return null;
  const quoted = hit[0].endsWith(group) ? 0 : 1;
  const start = at + hit[0].length - quoted - group.length;
  // An object or a list follows, whose parts have names of their own.
  if (quoted === 0 && /^[{[]/.test(group)) return null;
  const bare = quoted === 0 ? unbracketed(group) : group;
  return { text: bare, start, setting: quoted === 1 && setting === 'yaml' ? 'exact' : setting };
}

/** A closing bracket that the value did not open belongs to the text around it, like a full stop at its end. */
function unbracketed(value: string): string {
  let text = value.replace(/[.:]+$/, '');
  for (const [open, close] of ['()', '[]', '{}'].map((pair) => [pair[0] ?? '', pair[1] ?? ''] as const)) {
    const index = text.indexOf(close);
    if (index >= 0 && !text.slice(0, index).includes(open)) text = text.slice(0, index);
  }
  return text;
}

function fits(name: string, value: string): boolean {
  if (/^cv[vc]/i.test(name)) return /^\d{3,4}$/.test(value);
  // A bare "key" is mostly the key of a map, a cache or a bucket.
  if (/^key$/i.test(name)) return /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[\w+=]{20,256}$/.test(value);
  return !(/^pwd$/i.test(name) && /^[/~.]/.test(value));
}

function kindOf(name: string): string {
  if (/pass|pwd/i.test(name)) return 'password';
  if (/token|jwt|bearer/i.test(name)) return 'token';
  if (/sess|sid/i.test(name)) return 'session';
  if (/cv[vc]/i.test(name)) return 'card-code';
  return /key/i.test(name) ? 'key' : 'secret';
}
