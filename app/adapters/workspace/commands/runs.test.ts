// What a look by a command says when its workspace is not what it should be: never red and never green, and nothing is left behind.
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { commandCheck } from '#core/verification/command-check';
import { lookByCommand } from '../../browser/checks/command.ts';
import type { Order, Ran, Workspaces } from '../port.ts';
import { openRuns } from './runs.ts';
import type { Commands } from './workspace.ts';

const check = commandCheck.parse({
  id: 'queue',
  kind: 'command',
  run: 'llen',
  expect: { number: { below: 5 } },
  timeout_s: 1,
});
const beside = commandCheck.parse({ id: 'beside', kind: 'command', run: 'date', timeout_s: 1 });
const waits = new AbortController().signal;
const packed = (text: string): string => Buffer.from(text).toString('base64');

type Act = (hear: (line: string) => void, nonce: string, order: Order) => Promise<Ran>;
/** A place that acts so when it is told to run; `ended` are the names that it was told to end. */
function played(act: Act, more: Partial<Workspaces> = {}) {
  const told: string[] = [];
  const ended: string[] = [];
  const commands: Commands = {
    ...{
      name: () => 'vigil-look',
      from: { incident: 'pd-look1', commit: '', path: 'verify.yml' },
      lasts_s: 300,
    },
    redact: (text) => text.replaceAll('hunter2', '[REDACTED]'),
    warn: (sentence) => told.push(sentence),
    place: (hear) => ({
      ready: async () => ({ ok: true }),
      run: (order, watch) =>
        Promise.race([
          act(hear, /VIGIL_LOOK ([0-9a-f]{32})/.exec(order.script)?.[1] ?? '', order),
          watch.pause(3000).then((): Ran => ({ known: false, reason: 'nothing happened', output: '' })),
        ]),
      async end(name) {
        ended.push(name);
        return { dead: true, gone: true, reason: '' };
      },
      list: async () => ({ ok: true, standing: [] }),
      ...more,
    }),
  };
  const runs = openRuns(commands, [check, beside], 10, Date.now);
  return { ...{ runs, told, ended }, look: async () => (await lookByCommand(check, runs, waits)).look };
}
const never = (): Promise<never> => new Promise(() => {});
const known = (outcome: Extract<Ran, { known: true }>['outcome'], output: string, made = true): Ran => ({
  ...{ known: true, outcome, exit: null, output, ms: 1, said: 'place', made },
});
/** Both lines of a run that began at this time of a workspace whose clock is a minute ahead. */
function frames(nonce: string, which: number, began: number, out: string): [string, string] {
  const clock = began + 60_000;
  const mark = `VIGIL_LOOK ${nonce}`;
  return [
    `${mark} begun ${which} ${clock}`,
    `${mark} ended ${which} ${clock} 0 0 out:${packed(out)} lost:0 err:`,
  ];
}

describe('a look', () => {
  test.each<[string, Act, string]>([
    [
      'refused',
      async () => known('refused', 'Coder did not make the workspace: no quota', false),
      'no workspace could be had: Coder did not make the workspace: no quota',
    ],
    [
      'not built',
      async () => known('provision_failed', 'its build failed'),
      'no workspace could be had: its build failed',
    ],
    [
      'without an agent',
      async () => known('agent_never_connected', 'no agent'),
      'no workspace could be had: no agent',
    ],
    [
      'lost',
      async () => ({ known: false, reason: 'the agent lost its connection to hunter2', output: '' }),
      'its workspace was lost: the agent lost its connection to [REDACTED]',
    ],
    ['an accident', async () => Promise.reject(new Error('oh no')), 'its workspace was lost: Error: oh no'],
    ['over', async () => known('succeeded', ''), 'its workspace has taken all the looks that it may'],
    [
      'too long',
      async () => known('timed_out', 'x\nlast words\n'),
      'its workspace ended before its time (timed_out): last words',
    ],
    [
      'unreadable',
      async (hear, nonce) => {
        hear(`VIGIL_LOOK ${nonce} ended 0 5 5 0 out:N`);
        return never();
      },
      'what its workspace said cannot be read',
    ],
  ])('at a workspace that is %s saw nothing', async (name, act, reason) => {
    const { look, runs, ended } = played(act);
    expect(await look()).toMatchObject({ outcome: 'inconclusive', reason });
    expect(await look()).toMatchObject({ outcome: 'inconclusive', reason });
    await runs.close();
    // What was not made for it may be somebody else's.
    expect(ended).toEqual(name === 'refused' ? [] : ['vigil-look']);
  });

  test('without a place that is ready makes nothing', async () => {
    const { look, runs, ended } = played(never, {
      ready: async () => ({ ok: false, reason: 'Coder cannot be reached' }),
    });
    expect(await look()).toMatchObject({
      outcome: 'inconclusive',
      reason: 'no workspace can be had: Coder cannot be reached',
    });
    await runs.close();
    expect(ended).toEqual([]);
  });

  test('takes no run that began before it was asked for, by the workspace’s own clock', async () => {
    let more: (began: number, out: string) => void = () => {};
    const { look, runs } = played((hear, nonce) => {
      more = (began, out) => {
        for (const line of frames(nonce, 0, began, out)) hear(line);
      };
      more(Date.now(), '1');
      return never();
    });
    expect(await look()).toMatchObject({ outcome: 'pass' });
    const before = Date.now();
    await delay(20);
    const second = look();
    more(before, '2'); // it comes now and was begun before
    expect(await Promise.race([second, delay(50, 'nothing yet')])).toBe('nothing yet');
    more(Date.now() + 1, '9');
    expect(await second).toMatchObject({ outcome: 'fail', reason: 'printed 9, expected below 5' });
    await runs.close();
  });

  test('of two commands of a turn takes both runs of one round', async () => {
    const { runs } = played((hear, nonce) => {
      const began = Date.now() + 2;
      for (const which of [0, 1]) for (const line of frames(nonce, which, began + which, '1')) hear(line);
      return never();
    });
    expect(await runs.next(check, waits)).toMatchObject({ run: { out: '1' } });
    expect(await runs.next(beside, waits)).toMatchObject({ run: { out: '1' } });
    const again = runs.next(beside, waits);
    expect(await Promise.race([again, delay(50, 'nothing yet')])).toBe('nothing yet');
    await runs.close();
    expect(await again).toEqual({ nothing: 'the looking was ended' });
  });

  test('is told nothing by a line of another nonce', async () => {
    const { look, runs } = played((hear) => {
      for (const line of frames('0'.repeat(32), 0, Date.now() + 1, '1')) hear(line);
      return never();
    });
    expect(await Promise.race([look(), delay(50, 'nothing yet')])).toBe('nothing yet');
    await runs.close();
  });

  test('that is stopped ends, and so does its workspace, which is told when it stays', async () => {
    const { runs, told, ended } = played(never, {
      end: async () => ({ dead: true, gone: false, reason: 'hunter2 refused' }),
    });
    const stop = new AbortController();
    const looking = runs.next(check, stop.signal);
    stop.abort();
    expect(await looking).toEqual({ nothing: 'stopped before it ran' });
    await runs.close();
    expect(ended).toEqual([]);
    expect(told).toEqual(['the workspace vigil-look could not be removed: [REDACTED] refused']);
  });

  test('where no commands may run says so', async () => {
    for (const [commands, reason] of [
      [null, 'this job may run no commands: docs/checks.md#command'],
      [{ none: 'no place is named' }, 'no place is named'],
    ] as const) {
      const { look } = await lookByCommand(check, openRuns(commands, [check], 10, Date.now), waits);
      expect(look).toEqual({ outcome: 'inconclusive', reason, lost: false });
    }
  });
});
