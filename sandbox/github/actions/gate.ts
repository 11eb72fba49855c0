// A queue before a number of places: the machines jobs run on, and a concurrency group (one place). First come, first
// served. Must never let more in than it has places, nor more wait than it has room for.

export type Gate = { enter(stop: AbortSignal): Promise<(() => void) | null> };

/** `enter` resolves to the function that gives the place back, or to null when `stop` came first or nobody more may wait. */
export function createGate(places: number, room = Number.POSITIVE_INFINITY): Gate {
  let free = places;
  const waiting = new Set<() => void>();
  const leave = () => {
    free++;
    const [next] = waiting;
    next?.();
  };
  return {
    enter: (stop) =>
      new Promise((resolve) => {
        const settle = (entered: boolean) => {
          waiting.delete(attempt);
          stop.removeEventListener('abort', giveUp);
          resolve(entered ? leave : null);
        };
        const giveUp = () => settle(false);
        const attempt = () => {
          if (free === 0) return;
          free--;
          settle(true);
        };
        if (stop.aborted || (free === 0 && waiting.size >= room)) return giveUp();
        stop.addEventListener('abort', giveUp);
        waiting.add(attempt);
        attempt();
      }),
  };
}
