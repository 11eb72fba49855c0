// A small inventory with things that last and what undoes them, and what the policy says of a fix and its undo.
// For tests only. It must never build a command by hand: the policy's own engine reads every script.
import { uncovered } from '#core/policy/covers';
import { judge } from '#core/policy/judge';
import type { InventoryAction, JudgedCommand, PolicyContext } from '#core/policy/types';

const host = 'https://admin.example';
const call = (
  id: string,
  path: string,
  effect: InventoryAction['effect'],
  more: Partial<InventoryAction> = {},
) => ({
  ...{ id, method: 'POST' as const, url: `${host}${path}`, effect },
  ...more,
});
const actions: InventoryAction[] = [
  call('pricing-off', '/flags/pricing/off', 'flag.set'),
  call('pricing-on', '/flags/pricing/on', 'flag.set'),
  call('pricing-enable', '/flags/pricing/enable', 'flag.set'),
  call('search-off', '/flags/search/off', 'flag.set'),
  call('search-on', '/flags/search/on', 'flag.set'),
  call('flag-17-off', '/flags/17/off', 'flag.set'),
  call('flag-18-on', '/flags/18/on', 'flag.set'),
  call('guard', '/guards/orders', 'flag.set', { method: 'PUT' }),
  call('unguard', '/guards/orders', 'flag.set', { method: 'DELETE' }),
  call('pool-50', '/config/pool-size/50', 'config.set'),
  call('pool-20', '/config/pool-size/20', 'config.set'),
  call('to-west', '/traffic/west', 'traffic.shift', { undone_by: 'to-east' }),
  call('to-east', '/traffic/east', 'traffic.shift'),
  call('to-north', '/traffic/north', 'traffic.shift'),
  call('replay', '/jobs/replay/run', 'job.run'),
  call('purge', '/cache/purge', 'cache.purge'),
  call('flag', '/flags/pricing', 'flag.set'),
  call('flags', '/flags', 'flag.set'),
  call('split', '/split', 'traffic.shift'),
  call('block', '/blocks/block/bots', 'traffic.shift'),
  call('unblock', '/blocks/block/bots', 'traffic.shift', { method: 'DELETE' }),
];
const names = [
  'web',
  'api',
  'shop',
  'pay',
  'node-1',
  'node-2',
  'nginx',
  'redis',
  'group',
  'other',
  '/var/log/shop',
];
const context = (kind: 'fix' | 'undo'): PolicyContext => ({
  kind,
  parameters: Object.fromEntries(names.map((name, at) => [`P${at}`, name])),
  actions,
});
const commands = (kind: 'fix' | 'undo', lines: readonly string[]): JudgedCommand[] =>
  judge(['#!/usr/bin/env bash', 'set -euo pipefail', ...lines, ''].join('\n'), context(kind)).commands;
export const left = (fix: readonly string[], undo: readonly string[] | null) =>
  uncovered(commands('fix', fix), undo && commands('undo', undo));
export const codesLeft = (fix: readonly string[], undo: readonly string[] | null) =>
  left(fix, undo).map(({ code }) => code);
export const post = (path: string, method = 'POST') =>
  `curl --fail --max-time 10 -X ${method} ${host}${path}`;
