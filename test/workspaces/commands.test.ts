// Looks by commands in Coder as a job takes them: one workspace for a sampling and none left, whatever becomes of it; and what stays behind
// is the janitor's. On the stand-in, with the live server's lag.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { samplePlan } from '#adapters/browser/checks/sampler';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import { commandsInCoder } from '#adapters/workspace/commands/coder';
import { lookWorkspaceName } from '#core/ledger/incident-key';
import { bind, type Sample, VerifyPlan } from '#core/verification/plan';
import { tidy } from '../../actions/watch/tidy.ts';
import { type Coder, startCoder } from '../../sandbox/coder/server.ts';
import { usual } from '../../sandbox/coder/workspaces.ts';
import { fact, incidentOf, KEY, untilMerged } from '../support/incidents.ts';
import { whyNoSandbox } from '../support/recorder.ts';
import { shopSettings } from '../support/shop.ts';

const absent = whyNoSandbox() !== null;
const version = 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02';
const template = { name: 'reads', id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01', versionId: version };
let dir = '';
let coder: Coder;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'commands-coder-'));
  coder = await startCoder({ dir, token: 'test-token', organization: 'acme', template });
});
beforeEach(() => void Object.assign(coder.ways, usual));
afterAll(async () => {
  await coder.close();
  await rm(dir, { recursive: true, force: true });
});
const standing = () => coder.workspaces().filter(({ status }) => status !== 'deleted');

let run = 0;
function job() {
  run += 1;
  let nth = 0;
  const settings = shopSettings();
  const workspace = { ...settings.workspace, measure_template: { template: 'reads', version } };
  const told: string[] = [];
  const commands = commandsInCoder(
    { coder: { url: coder.api }, workspace } as typeof settings,
    'test-token',
    {
      name: () => lookWorkspaceName(KEY, `${run}-1`, ++nth),
      from: { incident: KEY, commit: 'a'.repeat(40), path: 'verify.yml' },
      redact: (text) => text,
      warn: (sentence) => told.push(sentence),
    },
  );
  return { commands, told };
}
function planOf(checks: readonly { run: string; expect?: object }[], rule: object) {
  const ids = checks.map((_, n) => `c${n}`);
  const written = {
    v: 1,
    checks: checks.map((check, n) => ({ id: ids[n], kind: 'command', timeout_s: 5, ...check })),
    symptom: { checks: ids, red: rule, green: rule },
  };
  const bound = bind(VerifyPlan.parse(written), {});
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
const queue = { run: 'seq 9 | wc -l', expect: { number: { below: 5 } } };
type More = Partial<Parameters<typeof samplePlan>[0]>;
async function red(rule: object, more: More = {}, checks = [queue]) {
  const { commands, told } = job();
  const plan = planOf(checks, rule);
  return {
    ...(await samplePlan({ plan, which: 'red', browser: { chromiumPath: null }, commands, ...more })),
    told,
  };
}

describe.skipIf(absent)('a sampling with commands in Coder', () => {
  test('has one workspace, of the incident’s name, and leaves none', async () => {
    const before = coder.workspaces().length;
    const { verdict, reason, samples } = await red({ need: 3, of: 3, over_s: 4 });
    expect([verdict, reason]).toEqual(['red', expect.stringContaining('last: printed 9, expected below 5')]);
    expect(coder.workspaces().slice(before)).toEqual([
      { name: expect.stringMatching(new RegExp(`^vigil-${KEY}-m[0-9a-f]{7}$`)), status: 'deleted' },
    ]);
    const times = samples.map(({ at }) => at);
    // Over four seconds, less what a busy machine holds a line back: the workspace's clock is known only as well as that.
    expect((times[2] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(3000);
  });

  test.each<[string, Partial<Coder['ways']>, string]>([
    ['cannot be built', { failStart: { error: 'no node left' } }, 'no workspace could be had: no node left'],
    [
      'has a template that is archived',
      { archived: true },
      `no workspace can be had: workspace.measure_template.version ${version} (sandbox) is archived in Coder; pin one that is not`,
    ],
  ])('sees nothing where its workspace %s', async (_, ways, reason) => {
    Object.assign(coder.ways, ways);
    const { verdict, samples } = await red({ need: 1, of: 2, over_s: 1 });
    expect(verdict).toBe('inconclusive');
    expect(samples.map((one) => [one.outcome, one.reason])).toEqual(
      [1, 2].map(() => ['inconclusive', reason]),
    );
    expect(standing()).toEqual([]);
  });

  test.each<[string, (name: string) => void, RegExp]>([
    [
      'is stopped by somebody',
      (name) => coder.hands.stop(name),
      /^its workspace was lost: its workspace was stopped/,
    ],
    ['is taken away', (name) => coder.hands.remove(name), /^its workspace was lost: /],
    [
      'is restarted',
      (name) => coder.hands.restartAgent(name),
      /^its workspace was lost: .*it may have run twice/,
    ],
  ])(
    'ends where its workspace %s in the middle: what was seen counts, and what comes is nothing',
    async (_, act, why) => {
      const samples: Sample[] = [];
      const seen = await red(
        { need: 3, of: 3, over_s: 4 },
        {
          onSample: (sample) => {
            samples.push(sample);
            if (samples.length === 1) act(standing()[0]?.name ?? '');
          },
        },
      );
      expect(seen.verdict).toBe('inconclusive');
      expect(samples[0]).toMatchObject({ outcome: 'fail', reason: 'printed 9, expected below 5' });
      expect(samples.at(-1)).toMatchObject({ outcome: 'inconclusive', reason: expect.stringMatching(why) });
      expect(standing()).toEqual([]);
    },
  );

  test('that is stopped takes its workspace away', async () => {
    const stop = new AbortController();
    const looking = red(
      { need: 9, of: 9, over_s: 60 },
      { signal: stop.signal, onSample: () => stop.abort() },
    );
    expect(await looking).toMatchObject({
      verdict: 'inconclusive',
      reason: expect.stringMatching(/^stopped before/),
    });
    expect(standing()).toEqual([]);
  });

  test('of a job that died leaves one, and the janitor takes it away once it is old enough', async () => {
    const { commands } = job();
    if ('none' in commands) throw new Error(commands.none);
    const name = commands.name();
    const place = commands.place(() => {});
    const dying = new AbortController();
    const watch = { now: Date.now, pause: (ms: number) => delay(ms), tell: () => {} };
    const order = {
      name,
      script: 'sleep 60',
      nonce: 'c'.repeat(32),
      timeoutSeconds: 90,
      from: commands.from,
    };
    const pause = (ms: number) => delay(ms, undefined, { signal: dying.signal });
    const running = place.run(order, { ...watch, pause });
    running.catch(() => {});
    while (standing().length === 0) await delay(20);
    dying.abort();
    const incident = incidentOf([...untilMerged, fact('remediation.started')]);
    const after = (hours: number) =>
      tidy({
        workspaces: coderWorkspaces({
          api: coder.api,
          token: 'test-token',
          template: 'x',
          version,
          ttlMinutes: 60,
        }),
        ledger: { owner: async () => ({ ok: true, incident }), open: async () => [] },
        watch: { ...watch, now: () => Date.now() + hours * 3_600_000 },
        dryRun: false,
        post: async () => 'the app is told nothing of it',
      });
    expect(await after(1)).toMatchObject([{ name, done: 'stays' }]);
    expect(await after(3)).toMatchObject([{ name, done: 'ended' }]);
    expect(standing()).toEqual([]);
  });
});
