// Looks by commands as somebody sees them who samples a plan: a real script in a real workspace of this machine, of which nothing is left.
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bind, type Sample, VerifyPlan } from '#core/verification/plan';
import { whyNoSandbox } from '../../../../test/support/recorder.ts';
import { bubblewrapWorkspaces } from '../../workspace/bubblewrap/workspaces.ts';
import type { Commands } from '../../workspace/commands/workspace.ts';
import { samplePlan } from './sampler.ts';

const absent = whyNoSandbox() !== null;
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'commands-test-'));
});
afterEach(async () => {
  expect(await readdir(join(dir, 'w')).catch(() => [])).toEqual([]);
  await rm(dir, { recursive: true, force: true });
});

let count = 0;
const here = (more: Partial<Commands> = {}): Commands => ({
  place: (hear) => bubblewrapWorkspaces({ dir: join(dir, 'w'), hear: (_, line) => hear(line) }),
  name: () => `vigil-look-${++count}`,
  from: { incident: 'pd-look1', commit: 'a'.repeat(40), path: 'verify.yml' },
  lasts_s: 200,
  redact: (text) => text.replaceAll('hunter2', '[REDACTED]'),
  ...more,
});

type Written = { run: string; expect?: object; timeout_s?: number };
async function sampled(checks: readonly Written[], rule: object, commands = here(), values = {}) {
  const written = {
    v: 1,
    checks: checks.map((check, n) => ({ id: `c${n}`, kind: 'command', ...check })),
    symptom: { checks: checks.map((_, n) => `c${n}`), green: rule },
  };
  const bound = bind(VerifyPlan.parse(written), values);
  if (!bound.ok) throw new Error(bound.reason);
  const samples: Sample[] = [];
  const sampling = samplePlan({
    ...{ plan: bound.plan, which: 'green', browser: { chromiumPath: null }, commands },
    onSample: (sample) => samples.push(sample),
  });
  return { ...(await sampling), samples };
}
const once = { need: 1, of: 1, over_s: 0 };
async function seen(check: Written, values = {}) {
  const { samples } = await sampled([check], once, here(), values);
  return samples.map(({ outcome, reason }) => [outcome, reason]);
}

describe.skipIf(absent)('a command in a workspace', () => {
  test('is looked at as often as the rule says, in one workspace, and its numbers decide', async () => {
    const commands = here();
    let made = 0;
    const place: Commands['place'] = (hear) => {
      made += 1;
      return commands.place(hear);
    };
    const rule = { need: 3, of: 3, over_s: 2 };
    const two = [{ run: 'seq 7 | wc -l', expect: { number: { below: 8 } } }, { run: 'uname' }];
    const { verdict, samples } = await sampled(two, rule, { ...commands, place });
    expect(verdict).toBe('confirmed');
    expect(samples.map(({ check, outcome }) => `${check} ${outcome}`)).toEqual(
      [1, 2, 3].flatMap(() => ['c0 pass', 'c1 pass']),
    );
    const [first = 0, , , , last = 0] = samples.map(({ at }) => at);
    expect(last - first).toBeGreaterThanOrEqual(1900);
    expect(Math.max(...samples.map(({ ms }) => ms))).toBeLessThan(1000);
    expect(made).toBe(1);
  });

  test.each<[string, Written, unknown]>([
    [
      'an exit code',
      { run: 'ls /nope' },
      ['fail', expect.stringMatching(/^ended with exit code 2, expected 0: ls: cannot access '\/nope'/)],
    ],
    [
      'an exit code that is expected',
      { run: "printf 'a b'", expect: { exit: [0, 1], text: { equals: 'a b' } } },
      ['pass', null],
    ],
    ['a time-out', { run: 'sleep 30', timeout_s: 1 }, ['fail', 'did not end within 1 s']],
    [
      'no such command',
      { run: 'redis-cli ping' },
      [
        'inconclusive',
        expect.stringMatching(/^the workspace has no such command, or may not run it \(exit code 127\)/),
      ],
    ],
    [
      'a flood',
      { run: 'seq 1 10000', expect: { lines: { at_least: 5 } } },
      ['inconclusive', 'it printed 46894 bytes more than a look keeps: let it print less'],
    ],
    ['a flood whose words nobody asked for', { run: 'seq 1 10000' }, ['pass', null]],
    [
      'no number',
      { run: 'echo five', expect: { number: { below: 8 } } },
      ['inconclusive', 'it printed no number: five'],
    ],
    [
      'a secret',
      { run: 'echo hunter2', expect: { number: { below: 8 } } },
      ['inconclusive', 'it printed no number: [REDACTED]'],
    ],
  ])('says of %s what it says of the service', async (_, check, said) =>
    expect(await seen(check)).toEqual([said]),
  );

  test('has the inventory’s values as single words, whatever they hold', async () => {
    const odd = `a  $(id) "b"; rm -rf / # {X} \`id\` * ~ !`;
    const run = 'printf %s/%s/%s x {ODD} "y{ODD}z"';
    expect(
      await seen({ run, expect: { text: { equals: 'x/{ODD}/y{ODD}z' } } }, { ODD: odd, X: 'put in twice' }),
    ).toEqual([['pass', null]]);
  });
});
