// Loaded before the app in a world where its clock is wrong: whoever asks for the time hears another one. It must never be
// loaded but by `--import`, and changes nothing else: timers run as they do.
const ahead = Number(process.env['SANDBOX_CLOCK_AHEAD_MS'] ?? '0');
const RealDate = Date;
const now = (): number => RealDate.now() + ahead;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, given) => (given.length === 0 ? new target(now()) : Reflect.construct(target, given)),
  apply: () => new RealDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
