// A sensitive name in one field and its value in the next, on one line or two:
//   - name: DB_PASSWORD            {"name": "API_KEY", "value": "..."}            password: |
//     value: ...                                                                    ...
import { STRONG, WEAK } from './assignments.ts';
import { isSecretValue } from './judge.ts';
import { hits, stick } from './matching.ts';
import type { Span } from './span.ts';

const SENSITIVE = `[\\w.-]{0,64}?(?:(?:${STRONG})|(?:${WEAK}))s?`;
const NAMED = new RegExp(
  `(?:name|key|variable|parameter[_-]?key|env)\\\\{0,3}["']?[ \\t]*[:=][ \\t]*\\\\{0,3}["']?${SENSITIVE}\\\\{0,3}["']?[ \\t]*,?[ \\t]*(?:\\r?\\n[ \\t]*)?\\\\{0,3}["']?(?:value|parameter[_-]?value|default|val)\\\\{0,3}["']?[ \\t]*[:=][ \\t]*`,
  'gi',
);
const DANGLING = new RegExp(
  `^([ \\t-]*)(?:[\\w.-]{0,64}?)["']?(?:(${STRONG})|${WEAK})s?["']?[ \\t]*[:=][ \\t]*(?:[|>][-+]?\\d?|\\\\)?[ \\t]*\\r?\\n([ \\t]+)(?=\\S)`,
  'gim',
);
const VALUE = /\\{0,3}"((?:[^"\\\n]|\\[^"\n]){1,2048})|'([^'\n]{1,2048})|([^\s"'\\,}][^\s"'\\,}]{0,2047})/y;
const NEXT_KEY = /^[\w.-]{1,64}:(?:\s|$)|^- /;

export function pairs(text: string, report: (span: Span) => void): void {
  for (const hit of hits(NAMED, text)) value(text, hit.index + hit[0].length, 'exact', report);
  for (const hit of hits(DANGLING, text)) {
    const at = hit.index + hit[0].length;
    const deeper = (hit[3] ?? '').length > (hit[1] ?? '').length;
    const end = text.indexOf('\n', at);
    if (deeper && !NEXT_KEY.test(text.slice(at, end < 0 ? text.length : end)))
      value(text, at, 'yaml', report);
  }
}

function value(text: string, at: number, setting: 'exact' | 'yaml', report: (span: Span) => void): void {
  const hit = stick(VALUE, text, at);
  const found = hit?.slice(1).find((group) => group !== undefined);
  if (!hit || !found || !isSecretValue(found, 'strong', setting)) return;
  const start = at + hit[0].length - found.length;
  report({ kind: 'secret', start, end: start + found.length });
}
