import { describe, expect, test } from 'vitest';
import { judge } from './judge.ts';
import type { PolicyContext } from './types.ts';

const context: PolicyContext = {
  kind: 'fix',
  parameters: {
    SHOP_PURGE_URL: 'http://127.0.0.1:4601/cache/purge',
    SHOP_URL: 'http://127.0.0.1:4601/health',
  },
  actions: [
    { id: 'purge', method: 'POST', url: 'http://127.0.0.1:4601/cache/purge', effect: 'cache.purge' },
    { id: 'flag', method: 'PUT', url: 'http://127.0.0.1:4601/flags/new', effect: 'flag.set' },
  ],
};
const head = `#!/usr/bin/env bash
set -euo pipefail
readonly SHOP_PURGE_URL='http://127.0.0.1:4601/cache/purge'
readonly SHOP_URL='http://127.0.0.1:4601/health'
`;

describe('a script as runbooks write it', () => {
  test('purges a cache: allowed, LOW, and the cache fills itself again', () => {
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
    expect(verdict.commands.at(-1)).toMatchObject({
      line: 6,
      column: 1,
      argv: ['sleep', '2'],
      effect: 'read',
    });
  });

  test('sets a flag: allowed, MEDIUM, and somebody must set it back', () => {
    const verdict = judge(`curl -fsS -X PUT --json '{"on":false}' http://127.0.0.1:4601/flags/new`, context);

    expect(verdict).toMatchObject({ verdict: 'allow', risk: 'MEDIUM', findings: [] });
    expect(verdict.effects).toEqual([
      { kind: 'flag.set', target: 'http://127.0.0.1:4601/flags/new', selfRestoring: false },
    ]);
  });

  test('as a verification it may only read', () => {
    const verdict = judge(`${head}curl -X POST "$SHOP_PURGE_URL"\n`, { ...context, kind: 'command' });

    expect(verdict.verdict).toBe('refuse');
    expect(verdict.findings).toEqual([
      {
        line: 5,
        column: 1,
        command: 'curl -X POST "$SHOP_PURGE_URL"',
        level: 'refuse',
        code: 'not-read-only',
        sentence: 'A verification script may only read. Put the change into the fix.',
      },
    ]);
  });

  test('a read of the inventory is allowed, another host needs a person, another POST is refused', () => {
    expect(judge(`${head}curl -fsS "$SHOP_URL"\n`, context).verdict).toBe('allow');
    expect(judge(`${head}curl -fsS https://elsewhere.example/x\n`, context).verdict).toBe('review');
    expect(judge(`${head}curl -X POST "$SHOP_URL"\n`, context).verdict).toBe('refuse');
  });
});

describe('the verdict', () => {
  test('is the worst of its findings, and a finding stands at its own command', () => {
    const verdict = judge('uptime\nfrobnicate now\nrm -rf /srv\n', context);

    expect(verdict.verdict).toBe('refuse');
    expect(verdict.findings.map(({ line, code }) => ({ line, code }))).toEqual([
      { line: 2, code: 'unknown-command' },
      { line: 3, code: 'destructive' },
      { line: 3, code: 'destructive' },
    ]);
  });

  test('lists every command with the arguments it will have', () => {
    const { commands } = judge(
      'NS=shop\nfor d in web api; do kubectl logs "deploy/$d" -n "$NS"; done\ntimeout 5 df -h',
      context,
    );

    expect(commands.map(({ argv }) => argv.join(' '))).toEqual([
      'kubectl logs deploy/web -n shop',
      'kubectl logs deploy/api -n shop',
      'timeout 5 df -h',
      'df -h',
    ]);
  });

  test('shows what is known only at run time as it is written', () => {
    const { commands } = judge('x=$(hostname)\necho "on $x at $(date)"', context);

    expect(commands.at(-1)?.argv).toEqual(['echo', 'on $(hostname) at $(date)']);
  });

  test.each([
    ['an unknown command', 'frobnicate now', 'review', 'HIGH'],
    ['a command known only at run time', '$(echo rm) -rf /', 'refuse', 'HIGH'],
    ['a script that cannot be parsed', 'if then', 'refuse', 'HIGH'],
    ['nothing at all', '', 'review', 'MEDIUM'],
    ['a comment', '# nothing to do', 'review', 'MEDIUM'],
    ['a read', 'df -h', 'allow', 'LOW'],
  ])('of %s', (_name, script, verdict, risk) => {
    expect(judge(script, context)).toMatchObject({ verdict, risk });
  });

  test('of more than 64 commands is refuse, however harmless they are', () => {
    expect(judge('uptime\n'.repeat(64), context).verdict).toBe('allow');
    expect(judge('uptime\n'.repeat(65), context)).toMatchObject({
      verdict: 'refuse',
      findings: [{ code: 'too-many-commands' }],
    });
  });

  test('of sleeps that leave no time for anything is refuse', () => {
    expect(
      judge('for i in {1..30}; do curl -fsS http://localhost/health && break; sleep 10; done', context)
        .verdict,
    ).toBe('allow');
    expect(judge('for i in {1..30}; do uptime; sleep 60; done', context)).toMatchObject({
      verdict: 'refuse',
      findings: [{ code: 'over-cap' }],
    });
  });
});
