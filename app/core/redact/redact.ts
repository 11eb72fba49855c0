// The only door for text from outside: what comes out holds no secret and no personal data that code can recognise.
// It must never pass text on when something inside it failed: then the text is withheld whole.
import { personalPlaceholder, secretPlaceholder } from './placeholder.ts';

export { containsPlaceholder } from './placeholder.ts';

/** `start` and `end` are UTF-16 offsets into the input. */
export type Found = { kind: string; start: number; end: number };
export type Redaction = { text: string; found: Found[] };

const EMAIL = /(?<![\w.@/-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}(?![\w-])/g;
const SECRETS: [string, RegExp][] = [
  ['private-key', /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?-----END [A-Z ]{0,40}PRIVATE KEY-----/g],
  ['github-token', /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\w{60,255})/g],
  ['slack-token', /\bxox[abeprs]-[A-Za-z0-9-]{10,250}/g],
  ['aws-access-key-id', /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g],
  ['jwt', /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*/g],
  [
    'assignment',
    /(?<=(?:password|passwd|secret|token|api[_-]?key)["']?[ \t]*[:=][ \t]*["']?)[^\s"'[,;&]{6,200}/gi,
  ],
];

/**
 * A redactor for one incident. `key` keeps personal placeholders stable for it; `knownSecrets` are exact values
 * that must never appear. Idempotent. An internal error withholds the text: `[REDACTED:withheld]`.
 */
export function createRedactor(options: {
  key: string;
  knownSecrets?: readonly string[];
}): (text: string) => Redaction {
  const known = (options.knownSecrets ?? []).filter((value) => value.length >= 4);
  return (text) => {
    const spans: (Found & { put: string })[] = [];
    const add = (kind: string, start: number, value: string, put: string) =>
      spans.push({ kind, start, end: start + value.length, put });
    for (const value of known) {
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length)) {
        add('known-secret', at, value, secretPlaceholder('known-secret'));
      }
    }
    for (const [kind, pattern] of SECRETS) {
      for (const hit of text.matchAll(pattern)) add(kind, hit.index, hit[0], secretPlaceholder(kind));
    }
    for (const hit of text.matchAll(EMAIL)) {
      const value = hit[0].toLowerCase();
      add('email', hit.index, hit[0], personalPlaceholder(options.key, 'EMAIL', value));
    }
    spans.sort((a, b) => a.start - b.start || b.end - a.end);
    let out = '';
    let at = 0;
    const found: Found[] = [];
    for (const { kind, start, end, put } of spans) {
      if (start < at) continue;
      out += text.slice(at, start) + put;
      found.push({ kind, start, end });
      at = end;
    }
    return { text: out + text.slice(at), found };
  };
}
