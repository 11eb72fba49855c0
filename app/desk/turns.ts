// How much goes on at once: a round that never overlaps itself, and work side by side with a bound.
// Must never lose a call: whoever asks for a round gets one that began after they asked.

/**
 * Runs `round` so that it never overlaps itself. Who asks while one is under way waits for the next one and shares it, since the
 * one under way may have looked before there was something to see.
 */
export function neverTwice(round: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | null = null;
  let next: Promise<void> | null = null;
  const begin = (): Promise<void> => {
    next = null;
    const own = round().finally(() => {
      if (running === own) running = null;
    });
    running = own;
    return own;
  };
  return () => {
    if (running === null) return begin();
    next ??= running.then(begin, begin);
    return next;
  };
}

/** Lets at most so many pieces of work go on at once; the others wait in the order in which they came. */
export function atMost(most: number): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await work();
    } finally {
      const first = waiting.shift();
      if (first) first();
      else running--;
    }
  };
}
