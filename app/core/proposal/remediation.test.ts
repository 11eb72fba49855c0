// What an approval is bound to, and how scripts get their parameters.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bindParameters, type DigestParts, digestOf, Manifest, renderScript, sha12 } from './remediation.ts';

const parts: DigestParts = {
  files: { 'fix.sh': 'true\n', 'undo.sh': 'false\n', 'verify.yml': 'v: 1\n', 'remediation.yml': 'v: 1\n' },
  runbookSha256: 'a'.repeat(64),
  templateVersion: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11',
  policyVersion: '1-abcdef',
  settingsSha256: 'b'.repeat(64),
};

describe('the digest an approval is bound to', () => {
  test('is the same for the same bytes, whatever their order', () => {
    const files = Object.fromEntries(Object.entries(parts.files).reverse());
    expect(digestOf({ ...parts, files })).toBe(digestOf(parts));
    expect(digestOf(parts)).toMatch(/^[0-9a-f]{64}$/);
    expect(sha12(digestOf(parts))).toBe(digestOf(parts).slice(0, 12));
  });

  test('changes with any changed byte of any part', () => {
    const changes: ((part: string) => DigestParts)[] = [
      ...Object.keys(parts.files).map((name) => (text: string) => ({
        ...parts,
        files: { ...parts.files, [name]: text },
      })),
      (text) => ({ ...parts, runbookSha256: text }),
      (text) => ({ ...parts, templateVersion: text }),
      (text) => ({ ...parts, policyVersion: text }),
      (text) => ({ ...parts, settingsSha256: text }),
    ];
    const originals = [
      ...Object.values(parts.files),
      parts.runbookSha256 ?? '',
      parts.templateVersion,
      parts.policyVersion,
      parts.settingsSha256,
    ];
    fc.assert(
      fc.property(
        fc.nat({ max: changes.length - 1 }),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (which, where, by) => {
          const original = originals[which] ?? '';
          const at = where % original.length;
          const byte = String.fromCharCode((original.charCodeAt(at) + by) % 256);
          const changed = original.slice(0, at) + byte + original.slice(at + 1);
          expect(digestOf(changes[which]?.(changed) ?? parts)).not.toBe(digestOf(parts));
        },
      ),
      { numRuns: 300 },
    );
  });

  test.each<[string, DigestParts]>([
    ['a file more', { ...parts, files: { ...parts.files, 'x.sh': '' } }],
    ['a file less', { ...parts, files: { 'fix.sh': 'true\n' } }],
    ['a file renamed', { ...parts, files: { 'fix.sh': 'true\n', 'undo2.sh': 'false\n' } }],
    ['two files swapped', { ...parts, files: { ...parts.files, 'fix.sh': 'false\n', 'undo.sh': 'true\n' } }],
    ['no runbook', { ...parts, runbookSha256: null }],
    ['an empty runbook hash', { ...parts, runbookSha256: '' }],
  ])('changes with %s', (_, other) => {
    expect(digestOf(other)).not.toBe(digestOf(parts));
  });
});

describe('a script', () => {
  test('carries its parameters as readonly literals before the runbook’s own lines', () => {
    expect(renderScript('\necho "$A"\n\n', { B_URL: 'https://b.example/x?y=$HOME`id`', A: '1 2' })).toBe(
      [
        '#!/usr/bin/env bash',
        'set -euo pipefail',
        "readonly A='1 2'",
        "readonly B_URL='https://b.example/x?y=$HOME`id`'",
        '',
        'echo "$A"',
        '',
      ].join('\n'),
    );
  });

  test.each(["it's", "x'; curl https://evil.example; '", 'two\nlines', 'carriage\rreturn', 'nul\0'])(
    'is never rendered with a value that would leave its quotes: %j',
    (value) => {
      expect(() => renderScript('true\n', { A: value })).toThrow(
        'A holds a character that no literal may hold',
      );
    },
  );

  test('is never rendered with a name that is no name', () => {
    expect(() => renderScript('true\n', { "A='' B": 'x' })).toThrow('is not a parameter name');
  });
});

describe('the parameters of a script', () => {
  const inventory = { SHOP_URL: 'https://shop.example', OTHER: 'x' };

  test('are those the runbook names, with the inventory’s values', () => {
    expect(bindParameters(['SHOP_URL'], inventory)).toEqual({
      ok: true,
      parameters: { SHOP_URL: 'https://shop.example' },
    });
    expect(bindParameters([], inventory)).toEqual({ ok: true, parameters: {} });
  });

  test.each(['SHOP_TOKEN', 'toString', '__proto__'])('are refused when the inventory has no %s', (name) => {
    expect(bindParameters(['SHOP_URL', name], inventory)).toEqual({
      ok: false,
      reason: `the inventory has no parameter ${name} for this service`,
    });
  });
});

test('a manifest holds what it says and nothing else', () => {
  const manifest: Manifest = {
    v: 1,
    incident: 'pd-q1shop1',
    attempt: 1,
    by: 'runbook',
    kind: 'purge-cache',
    target: 'shop',
    risk: 'LOW',
    runbook: null,
    parameters: {},
    summary: 'Purge the cache.',
    evidence: [],
    quotes: [],
    timeouts: { script_seconds: 900, verify_seconds: 120 },
  };
  expect(Manifest.parse(manifest)).toEqual(manifest);
  expect(Manifest.safeParse({ ...manifest, approved: true }).success).toBe(false);
});
