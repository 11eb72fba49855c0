// Whether the app may be sent work, as the last look at the ledger had it.
import { afterEach, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { type Door, door, hearing, memoryLedger, NOW } from '../../test/support/hearing.ts';
import type { World } from '../desk/world.ts';
import { type Amiss, handleReady } from './health.ts';

let open: Door | null = null;
afterEach(() => open?.close());
async function ready(change: Partial<Ledger>, draining = false, amiss?: Amiss) {
  const world = hearing({ ...memoryLedger(), ...change }) as World;
  open = await door(async (_, response) => handleReady(world, draining, response, amiss));
  const answer = await fetch(open.url);
  return [answer.status, await answer.json()];
}
const health = (change: Partial<ReturnType<Ledger['health']>>) => ({
  health: () => ({ heard: NOW.getTime() - 1000, deaf: null, failing: null, ...change }),
});

it('is said without asking the ledger anything', async () => {
  const refresh = async (): Promise<string[]> => {
    throw new Error('nobody may fetch here');
  };
  expect(await ready({ refresh, ...health({}) })).toEqual([200, { status: 'ready', open: 0, broken: 0 }]);
});

it('holds with a broken incident, which holds nobody but itself', async () => {
  const broken = () => new Map([['pd-broken', 'why']]);
  expect(await ready({ broken, ...health({}) })).toMatchObject([200, { status: 'ready', broken: 1 }]);
});

it.each([
  ['writes fail', { failing: { count: 1, since: 0, reason: 'GH013' } }, 'facts cannot be written'],
  [
    'the disk is full',
    { failing: { count: 3, since: 0, reason: 'Error: ENOSPC: no space left on device, write' } },
    'facts cannot be written: the disk is full',
  ],
  [
    'there is no room for the next fact',
    { full: 'ENOSPC: no space left on device, write' },
    'facts cannot be written: the disk is full',
  ],
  [
    'git finds no room',
    { failing: { count: 1, since: 0, reason: 'fatal: write error: No space left on device' } },
    'facts cannot be written: the disk is full',
  ],
  [
    'the remote is silent for long',
    { deaf: 'x', heard: NOW.getTime() - 61_000 },
    'the ledger cannot be reached',
  ],
] as const)('ends when %s', async (_, change, status) => {
  expect(await ready(health(change))).toMatchObject([503, { status }]);
});

it('outlives a remote that is silent for a moment, and ends with the app', async () => {
  expect(await ready(health({ deaf: 'x', heard: NOW.getTime() - 30_000 }))).toMatchObject([200, {}]);
  expect(await ready(health({}), true)).toMatchObject([503, { status: 'draining' }]);
});

it('is over while somebody refuses what Vigil cannot do without, and is not for what it goes on without', async () => {
  const slack = { stops: [], warns: ['Slack refuses it.'] };
  expect(await ready(health({}), false, slack)).toEqual([
    200,
    { status: 'ready', warnings: ['Slack refuses it.'], open: 0, broken: 0 },
  ]);
  const both = { ...slack, stops: ['PagerDuty refuses it.'] };
  expect(await ready(health({}), false, both)).toEqual([
    503,
    {
      ...{ status: 'PagerDuty refuses it.', problems: ['PagerDuty refuses it.'] },
      ...{ warnings: ['Slack refuses it.'], open: 0, broken: 0 },
    },
  ]);
  expect(await ready(health({}), false, { ...slack, looked: false })).toMatchObject([
    503,
    { status: 'looking around' },
  ]);
});
