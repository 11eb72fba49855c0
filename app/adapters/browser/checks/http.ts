// Asks one HTTP endpoint, as a plain client without a browser, and compares the answer with what the plan expects.
// It must never follow a redirect (the plan names one place) and never read more of an answer than it may keep.

import { isDeepStrictEqual } from 'node:util';
import type { HttpCheck } from '#core/verification/checks';
import { errorLine, fail, type Look, oneLine, pass, sawNothing } from './look.ts';

const MOST_BYTES = 4 * 1024 * 1024;
// These say that our own machine has no network. They say nothing about the service.
const OUR_FAULT = ['EAI_AGAIN', 'ENETUNREACH', 'ENETDOWN', 'EMFILE', 'ENFILE'];

export type Answer = { status: number; headers: Headers; body: Buffer };

/** One request, its body read to the end. Throws what fetch throws, and when the body is over 4 MiB. */
export async function ask(url: string, init: RequestInit & { signal: AbortSignal }): Promise<Answer> {
  const response = await fetch(url, {
    ...init,
    redirect: 'manual',
    headers: { 'user-agent': 'Vigil (verification)', ...init.headers },
  });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > MOST_BYTES) throw new Error(`the answer is over ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.status, headers: response.headers, body: Buffer.concat(chunks) };
}

/** Looks once. `now` counts milliseconds. `below_ms` limits the time of the whole answer, with its body. */
export async function lookAtHttp(check: HttpCheck, signal: AbortSignal, now: () => number): Promise<Look> {
  const limit = AbortSignal.timeout(check.timeout_s * 1000);
  const began = now();
  try {
    const { method, headers, body } = check;
    const answer = await ask(check.url, {
      method,
      headers,
      body: body ?? null,
      signal: AbortSignal.any([signal, limit]),
    });
    const reason = compare(check.expect, answer, now() - began);
    return reason === null ? pass : fail(reason);
  } catch (error) {
    if (signal.aborted) return sawNothing('stopped before the answer came');
    if (limit.aborted) return fail(`no whole answer within ${check.timeout_s} s`);
    const code =
      error instanceof Error && error.cause instanceof Error && 'code' in error.cause
        ? String(error.cause.code)
        : '';
    return OUR_FAULT.includes(code)
      ? sawNothing(`no way out: ${errorLine(error)}`)
      : fail(`no answer: ${errorLine(error)}`);
  }
}

function compare(expect: HttpCheck['expect'], answer: Answer, ms: number): string | null {
  if (answer.status !== expect.status) return `answered ${answer.status}, expected ${expect.status}`;
  for (const [name, wanted] of Object.entries(expect.header)) {
    const got = answer.headers.get(name);
    if (got !== wanted)
      return `header ${name} is ${got === null ? 'missing' : JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`;
  }
  const text = answer.body.toString('utf8');
  const absent = expect.contains.find((part) => !text.includes(part));
  if (absent !== undefined) return `the answer does not contain ${JSON.stringify(absent)}`;
  const reason = Object.keys(expect.json).length > 0 ? compareJson(expect.json, text) : null;
  if (reason !== null) return reason;
  if (expect.below_ms !== undefined && ms >= expect.below_ms)
    return `took ${Math.round(ms)} ms, expected below ${expect.below_ms} ms`;
  return null;
}

function compareJson(expected: HttpCheck['expect']['json'], text: string): string | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return 'the answer is not JSON';
  }
  for (const [pointer, wanted] of Object.entries(expected)) {
    const got = at(document, pointer);
    if (got === undefined) return `the answer has no ${pointer}`;
    if (!isDeepStrictEqual(got, wanted))
      return oneLine(`${pointer} is ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`);
  }
  return null;
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
