// The pool that writes orders: two workers and a short queue in front of them. A job that never ends keeps its worker until
// the pool is restarted; nothing here frees it sooner.

const workers = 2;
const longestQueue = 20;
const patience = 400;

export type Pool = ReturnType<typeof openPool>;

export function openPool() {
  let busy = 0;
  let stuck = 0;
  let generation = 0;
  let queue: (() => void)[] = [];
  const next = () => {
    while (busy < workers) {
      const job = queue.shift();
      if (!job) return;
      busy += 1;
      job();
    }
  };
  return {
    state: () => ({ workers, busy, queued: queue.length, stuck }),
    /** Does the work when a worker is free; fails when none became free within 400 ms or the queue is full. */
    submit<T>(work: () => T): Promise<T> {
      if (queue.length >= longestQueue) return Promise.reject(new Error('the order queue is full'));
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          queue = queue.filter((one) => one !== job);
          reject(new Error(`no order worker became free within ${patience} ms (${busy} of ${workers} busy)`));
        }, patience);
        const job = () => {
          clearTimeout(timer);
          const born = generation;
          void Promise.resolve()
            .then(work)
            .then(resolve, reject)
            .finally(() => {
              if (born === generation) busy -= 1;
              next();
            });
        };
        queue.push(job);
        next();
      });
    },
    /** Hands every worker a job that waits for a lock nobody will release. */
    exhaust(): void {
      const hang = () => {
        stuck += 1;
      };
      queue.unshift(...Array.from({ length: workers - busy }, () => hang));
      next();
    },
    /** New workers, empty hands; who still waits is served by them. */
    restart(): void {
      generation += 1;
      busy = 0;
      stuck = 0;
      next();
    },
  };
}
