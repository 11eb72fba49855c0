// Reads and answers HTTP carefully: bodies have a limit, signatures are compared in constant time, answers are short.
// Must never log or echo a body that was not verified.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

export type Body = { ok: true; raw: Buffer } | { ok: false; status: 400 | 408 | 413; reason: string };

const READ_TIMEOUT_MS = 5000;

/** Reads at most `cap` bytes. For a larger body, the connection is closed. */
export async function readBody(request: IncomingMessage, cap: number): Promise<Body> {
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > cap) return { ok: false, status: 413, reason: `the body is larger than ${cap} bytes` };
  const chunks: Buffer[] = [];
  let size = 0;
  const timer = setTimeout(() => request.destroy(new Error('slow body')), READ_TIMEOUT_MS);
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > cap) return { ok: false, status: 413, reason: `the body is larger than ${cap} bytes` };
      chunks.push(chunk);
    }
  } catch {
    return { ok: false, status: 408, reason: 'the body did not arrive' };
  } finally {
    clearTimeout(timer);
  }
  return size === 0
    ? { ok: false, status: 400, reason: 'the body is empty' }
    : { ok: true, raw: Buffer.concat(chunks) };
}

export function answer(response: ServerResponse, status: number, body: Record<string, unknown>): true {
  if (response.headersSent || response.destroyed) return true;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    ...(status === 413 ? { connection: 'close' } : {}),
  });
  response.end(text);
  return true;
}

export function parseJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Whether one of the hex digests is the HMAC-SHA256 of the bytes with one of the secrets. It always tries every pair. */
export function signedBy(raw: Buffer, secrets: readonly string[], hexDigests: readonly string[]): boolean {
  let found = false;
  for (const secret of secrets) {
    const expected = createHmac('sha256', secret).update(raw).digest();
    for (const digest of hexDigests) {
      const given = Buffer.from(digest, 'hex');
      if (given.byteLength === expected.byteLength && timingSafeEqual(given, expected)) found = true;
    }
  }
  return found;
}
