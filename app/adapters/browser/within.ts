// A time limit for work that cannot be aborted, such as a command to a browser that may have died.
// It must never be the only limit where the work takes an AbortSignal: what is late here goes on in the background.

export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** The work's result; rejects with TooLate after `ms` milliseconds, or with the signal's reason when it aborts. */
export async function within<T>(ms: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
  let stop = () => {};
  const limit = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(new TooLate(`no answer within ${ms} ms`)), ms);
    const onAbort = () => reject(signal?.reason);
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort);
    stop = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    stop();
  }
}
