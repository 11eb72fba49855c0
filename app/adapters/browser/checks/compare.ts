// Compares one answer with what the plan expects of it, and says in one line what is different.
// It must never repeat a cookie or the query of a location, because those may hold a secret.
import { isDeepStrictEqual } from 'node:util';
import { misfitOf } from '#core/verification/answer-schema';
import { bodyFault } from '#core/verification/body';
import type { HttpCheck } from '#core/verification/checks';
import { fitsStatus, statusWords } from '#core/verification/status';
import type { Answer } from './ask.ts';
import { oneLine, place } from './look.ts';
import { locationOf } from './redirects.ts';

type Expect = HttpCheck['expect'];

/** Null when all is as expected. `url` is what was asked, from which a location without an origin is seen. */
export function compare(expect: Expect, answer: Answer, url: string, ms: number): string | null {
  if (!fitsStatus(expect.status, answer.status))
    return `answered ${answer.status}, expected ${statusWords(expect.status)}`;
  const said = compareLocation(expect.location, answer, url) ?? compareHeaders(expect.header, answer);
  if (said !== null) return said;
  const text = answer.body.toString('utf8');
  const absent = expect.contains.find((part) => !text.includes(part));
  if (absent !== undefined) return `the answer does not contain ${JSON.stringify(absent)}`;
  const other = expect.body === undefined ? null : bodyFault(expect.body, text);
  if (other !== null) return other;
  const wantsJson = Object.keys(expect.json).length > 0 || expect.schema !== undefined;
  const reason = wantsJson ? compareJson(expect, text) : null;
  if (reason !== null) return reason;
  if (expect.below_ms !== undefined && ms >= expect.below_ms)
    return `took ${Math.round(ms)} ms, expected below ${expect.below_ms} ms`;
  return null;
}

/** Whole, with its query and fragment. Both are seen from the address that was asked, so that a path alone will do. */
function compareLocation(expected: string | undefined, answer: Answer, url: string): string | null {
  if (expected === undefined) return null;
  const wanted = URL.parse(expected, url)?.href ?? expected;
  const got = locationOf(answer, url);
  if (got === null) return `answered ${answer.status} without a location, expected ${place(wanted)}`;
  if (got.href === wanted) return null;
  const [here, there] = [place(got.href), place(wanted)];
  return here === there
    ? `sends to ${here} with another query than expected`
    : `sends to ${here}, expected ${there}`;
}

/** Several headers of one name are one, joined by a comma (RFC 9110, 5.3). Only cookies cannot be joined. */
function compareHeaders(expected: Expect['header'], { headers }: Answer): string | null {
  for (const [name, wanted] of Object.entries(expected)) {
    const got = headers.get(name);
    const isCookie = name.toLowerCase() === 'set-cookie';
    const values = isCookie ? headers.getSetCookie() : got === null ? [] : [got];
    const there = got === null ? 'missing' : isCookie ? 'another one' : JSON.stringify(got);
    if (typeof wanted === 'string') {
      if (!values.includes(wanted)) return `header ${name} is ${there}, expected ${JSON.stringify(wanted)}`;
    } else if ('present' in wanted) {
      if ((got !== null) !== wanted.present)
        return `header ${name} is ${there}, expected ${wanted.present ? 'any' : 'none'}`;
    } else if (!values.some((value) => value.includes(wanted.contains)))
      return `header ${name} is ${there}, expected ${JSON.stringify(wanted.contains)} in it`;
  }
  return null;
}

function compareJson({ json, schema }: Expect, text: string): string | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'the answer is not JSON';
  }
  for (const [pointer, wanted] of Object.entries(json)) {
    const got = at(document, pointer);
    if (got === undefined) return `the answer has no ${pointer}`;
    if (!isDeepStrictEqual(got, wanted))
      return oneLine(`${pointer} is ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
  }
  return schema === undefined ? null : misfitOf(schema, document);
}

// JSON pointer, RFC 6901: https://www.rfc-editor.org/rfc/rfc6901
function at(document: unknown, pointer: string): unknown {
  const keys = pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  return keys.reduce<unknown>((value, key) => {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    return Object.entries(value).find(([name]) => name === key)?.[1];
  }, document);
}
