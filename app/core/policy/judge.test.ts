import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { PolicyContext } from './types.ts';

const context: PolicyContext = {
  kind: 'fix',
  parameters: {
    SHOP_PURGE_URL: 'http://127.0.0.1:4601/cache/purge',
    SHOP_URL: 'http://127.0.0.1:4601/health',
  },
  actions: [{ id: 'purge', method: 'POST', url: 'http://127.0.0.1:4601/cache/purge', effect: 'cache.purge' }],
};
const head = `#!/usr/bin/env bash
set -euo pipefail
readonly SHOP_PURGE_URL='http://127.0.0.1:4601/cache/purge'
readonly SHOP_URL='http://127.0.0.1:4601/health'
`;

test('a cache purge that the inventory offers is allowed, LOW and self-restoring', () => {
  const verdict = judge(
    `${head}curl --fail --silent --show-error --max-time 10 -X POST "$SHOP_PURGE_URL"\nsleep 2\n`,
    context,
  );

  expect(verdict.findings).toEqual([]);
  expect(verdict.verdict).toBe('allow');
  expect(verdict.risk).toBe('LOW');
  expect(verdict.effects).toEqual([
    { kind: 'cache.purge', target: 'http://127.0.0.1:4601/cache/purge', selfRestoring: true },
  ]);
  expect(verdict.commands.at(-1)).toMatchObject({ line: 6, argv: ['sleep', '2'] });
});

test('the same purge in a verification script is refused, because that may only read', () => {
  const verdict = judge(`${head}curl -X POST "$SHOP_PURGE_URL"\n`, { ...context, kind: 'command' });

  expect(verdict.verdict).toBe('refuse');
  expect(verdict.findings[0]).toMatchObject({ line: 5, column: 1, code: 'not-read-only' });
});

test('a read from the inventory is allowed, another host needs a person, another POST is refused', () => {
  expect(judge(`${head}curl -fsS "$SHOP_URL"\n`, context).verdict).toBe('allow');
  expect(judge(`${head}curl -fsS https://elsewhere.example/x\n`, context).verdict).toBe('review');
  expect(judge(`${head}curl -X POST "$SHOP_URL"\n`, context).verdict).toBe('refuse');
});

test.each([
  ['an unknown command', 'frobnicate now', 'review'],
  ['a command known only at run time', '$(echo rm) -rf /', 'refuse'],
  ['a script that cannot be parsed', 'if then', 'refuse'],
])('%s', (_name, script, expected) => {
  expect(judge(script, context).verdict).toBe(expected);
});
