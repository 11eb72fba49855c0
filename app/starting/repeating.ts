// Work that is done again and again, each time a while after it ended. Must never overlap with itself, however long it takes.

/** Begins a while from now; `pause` is asked each time. What ends it waits for what is under way, unless that takes too long. */
export function repeating(work: () => Promise<unknown>, pause: () => number): { end(): void } {
  let ended = false;
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    if (!ended) timer = setTimeout(() => void work().then(arm, arm), pause());
  };
  arm();
  return {
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
