// Sends one request as a plain client without a browser, and reads the whole answer.
// It must never follow a redirect by itself (whoever asks decides where to go) and never read more than it may keep.

const MOST_BYTES = 4 * 1024 * 1024;

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
