// A time limit for work that cannot be aborted, such as a command to a browser that may have died.
// It must never be the only limit when the work takes an AbortSignal, because late work goes on in the background.

/** Aborts after so many seconds, which a plan may give as 1.005, and of which a sum of such is seldom a whole number of milliseconds. */
export const after = (seconds: number): AbortSignal => AbortSignal.timeout(Math.ceil(seconds * 1000));

export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** The result of the work. Rejects with TooLate after `ms` milliseconds, or with the signal's reason when it aborts. */
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
