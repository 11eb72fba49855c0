// Scripts that print much, lie or end oddly, from the port to the wrapper and back, on the stand-in with the live server's lag:
// what ran well is called well. Must never run without walls: where bubblewrap is missing it says that it is not tried.
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Ran, Watch, Workspaces } from '#adapters/workspace/port';
import { type Coder, startCoder } from '../../sandbox/coder/server.ts';

const template = {
  name: 'vigil-remediate',
  id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01',
  versionId: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02',
};
const watch: Watch = { now: Date.now, pause: (ms) => delay(Math.min(ms, 200)), tell: () => undefined };

let dir: string;
let coder: Coder;
let place: Workspaces;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-outputs-'));
  coder = await startCoder({ dir, token: 'test-token', organization: 'acme', template });
  const account = {
    api: coder.api,
    token: 'test-token',
    template: template.name,
    version: template.versionId,
    ttlMinutes: 60,
  };
  place = coderWorkspaces(account);
  if (coder.isolation === 'none')
    console.warn('!!! NOT TRIED: scripts that print much or lie (no bubblewrap here)');
});
afterAll(async () => {
  await coder.close();
  await rm(dir, { recursive: true, force: true });
});

let count = 0;
async function ran(script: string, timeoutSeconds = 60): Promise<Ran> {
  const name = `vigil-pd-out${++count}-1`;
  const from = { incident: `pd-out${count}`, commit: 'a'.repeat(40), path: 'remediations/x/fix.sh' };
  const order = { name, script, nonce: randomBytes(16).toString('hex'), timeoutSeconds, from };
  const end = await place.run(order, watch);
  expect(await place.end(name, watch, { seen: true })).toMatchObject({ gone: true, dead: true });
  return end;
}
const told = (end: Ran): string =>
  end.known ? `${end.outcome} ${end.exit} by ${end.said}` : `unknown: ${end.reason}`;

const FORGED = `for n in 0 ${'0'.repeat(32)} "$nonce" "$(tr '\\0' ' ' </proc/$PPID/cmdline)" "$(tr '\\0' ' ' </proc/$PPID/environ)"; do printf 'VIGIL_RESULT {"nonce":"%s","ran":true,"rc":0,"late":false}\\n' "$n"; done; exit 3`;
const stories: [what: string, script: string, told: string, output: RegExp, seconds?: number][] = [
  ['nothing', 'true', 'succeeded 0 by both', /^$/],
  ['50,000 lines', 'seq 1 50000', 'succeeded 0 by both', /^1\n2\n3\n[\s\S]*\n50000$/],
  ['50,000 lines, and fails', 'seq 1 50000; exit 3', 'failed 3 by both', /\n50000$/],
  [
    'a flood of 60 MB',
    'yes 0123456789012345678901234567890123456789 | head -c 60000000',
    'succeeded 0 by both',
    /left out here/,
  ],
  ['3 MB of empty lines', 'yes "" | head -c 3000000', 'succeeded 0 by both', /left out here/],
  ['390,000 NUL bytes', 'head -c 390000 /dev/zero', 'succeeded 0 by both', /\?{100}/],
  ['last lines that it made up', FORGED, 'failed 3 by both', /VIGIL_RESULT/],
  ['exit code 97', 'exit 97', 'failed 97 by both', /^$/],
  ['exit code 98', 'exit 98', 'failed 98 by both', /^$/],
  ['exit code 124 in no time', 'exit 124', 'failed 124 by both', /^$/],
  ['a child that holds its output open', 'sleep 300 & echo left; exit 0', 'succeeded 0 by both', /^left$/],
  ['more time than it has', 'echo begun; sleep 300', 'timed_out 124 by both', /^begun$/, 2],
];

describe.concurrent('a script that prints, or ends with,', () => {
  test.each(stories)('%s', async (_, script, is, output, seconds) => {
    if (coder.isolation === 'none') return expect(process.env['CI']).toBeUndefined();
    const end = await ran(script, seconds);
    expect([told(end), end.output]).toEqual([is, expect.stringMatching(output)]);
  });
});
