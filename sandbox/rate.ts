// How many requests a vendor takes in a window of time. One counter for every stand-in's own limits, so that none of them
// counts differently. It must never count one key's requests for another, nor say what a refusal looks like.

/** What a request found: whether it is taken, and what the vendor's headers tell. `reset` is whole seconds, at least 1. */
export type Taken = { ok: boolean; limit: number; remaining: number; reset: number };

/** Takes requests by key, or as much as one weighs. A window begins with the first request after the last one ended. */
export function rate(limit: number, seconds: number): (key?: string, weight?: number) => Taken {
  const windows = new Map<string, { end: number; used: number }>();
  return (key = '', weight = 1) => {
    const now = Date.now();
    const running = windows.get(key);
    const window = running && running.end > now ? running : { end: now + seconds * 1000, used: 0 };
    windows.set(key, window);
    const ok = window.used + weight <= limit;
    if (ok) window.used += weight;
    const reset = Math.max(1, Math.ceil((window.end - now) / 1000));
    return { ok, limit, remaining: limit - window.used, reset };
  };
}
