// Holds one process that many share. It is started when it is first needed, and once more if it died.
// It must never start it a third time: what ends it twice will end it again.

type Started<T> = { ok: true; value: T } | { ok: false; reason: string };

export function keep<T extends { close(): Promise<void> }>(
  start: () => Promise<Started<T>>,
  alive: (value: T) => boolean,
) {
  let current: Promise<Started<T>> | null = null;
  let starts = 0;
  const get = async (): Promise<Started<T>> => {
    const before = current;
    const now = await before;
    if (now?.ok && alive(now.value)) return now;
    if (current !== before) return get(); // somebody else has restarted it in the meantime
    if (starts >= 2)
      return now !== null && !now.ok ? now : { ok: false, reason: 'the browser was lost twice' };
    starts += 1;
    current = (now?.ok ? now.value.close() : Promise.resolve()).then(start);
    return current;
  };
  const close = async () => {
    const now = await current;
    current = null;
    if (now?.ok) await now.value.close();
  };
  return { get, close };
}
