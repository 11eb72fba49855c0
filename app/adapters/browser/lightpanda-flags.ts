// How `lightpanda serve` is started, flag by flag with its reason, and which versions know these flags.
// It must never leave to a default what decides whether a page looks whole.

/** Older ones end at once when they see a flag that they do not know, and none of them was ever tried. */
const LEAST = [1, 0] as const;

const TABLE: readonly (readonly [flag: string, value: string, why: string])[] = [
  ['--host', '127.0.0.1', 'nobody but this machine may drive it'],
  ['--port', '0', 'a free one, which it says'],
  // Without these, an iframe is empty, what a style sheet hides counts as visible, a missing image "loads", and a worker never runs.
  ['--load-resources', 'iframe,stylesheet,image,worker', 'what users get'],
  // A script or style sheet in the head that never answers holds up the page until then, and afterwards the page looks whole. So
  // this must be longer than the time of any check, which is 60 s at most.
  ['--http-timeout', '120000', 'a page that hangs must not look whole'],
  ['--http-connect-timeout', '30000', 'a slow network is no dead one: the time of the check decides'],
  // Chromium calls a page unresponsive after 15 s. Memory outside of the heap has no other limit than this.
  ['--watchdog-ms', '10000', 'an endless loop ends, and its connection with it'],
  ['--v8-max-heap-mb', '512', 'a page that eats memory ends before the machine has none left'],
  // A connection costs memory only while it is open.
  [
    '--cdp-max-connections',
    '512',
    'each session of a swarm needs one, and beyond this number it answers 503',
  ],
];

export const flags = (): string[] => TABLE.flatMap(([flag, value, _why]) => [flag, value]);

/** No home: it would keep cookies and a cache there, from one run to the next. */
export const environment = {
  PATH: '/usr/bin:/bin',
  LIGHTPANDA_DISABLE_TELEMETRY: 'true',
  LIGHTPANDA_DISABLE_CORE_DUMP: 'true',
} as const;

/** What it said when asked for its version: the version, or why it cannot be used. */
export function versionOf(said: string): { ok: true; version: string } | { ok: false; reason: string } {
  const [, version = '', major, minor] = /^v?((\d+)\.(\d+)\.\d+\S*)$/.exec(said.trim()) ?? [];
  if (version === '')
    return { ok: false, reason: 'it is no Lightpanda: asked for its version, it told none' };
  const old = Number(major) < LEAST[0] || (Number(major) === LEAST[0] && Number(minor) < LEAST[1]);
  if (!old) return { ok: true, version };
  return { ok: false, reason: `version ${version} is too old: install ${LEAST.join('.')}.0 or a newer one` };
}
