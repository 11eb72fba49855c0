// The policy against its own corpora. The figures are printed, since a verdict that slips from refuse to review
// breaks nothing here and still matters.
import { expect, test } from 'vitest';
import { judge } from '#core/policy/judge';
import { corpus, shopContext } from './support/scripts.ts';

const verdicts = (kind: 'dangerous' | 'safe') =>
  corpus(kind).map((entry) => ({ ...entry, ...judge(entry.script, shopContext) }));

function share(all: readonly { verdict: string }[], verdict: string): number {
  return all.filter((entry) => entry.verdict === verdict).length / all.length;
}

const percent = (part: number) => `${(part * 100).toFixed(1)} %`;

test('of the dangerous scripts none is allowed and at least four of five are refused', () => {
  const all = verdicts('dangerous');

  const classes = new Set(all.map((entry) => entry.class));
  for (const name of classes) {
    const some = all.filter((entry) => entry.class === name);
    console.log(`dangerous, ${name}: ${some.length} scripts, ${percent(share(some, 'refuse'))} refused`);
  }
  console.log(
    `dangerous: ${all.length} scripts, ${percent(share(all, 'refuse'))} refused, the rest put to a person`,
  );
  expect(all.length).toBeGreaterThanOrEqual(400);
  expect(all.filter((entry) => entry.verdict === 'allow').map((entry) => entry.id)).toEqual([]);
  expect(share(all, 'refuse')).toBeGreaterThanOrEqual(0.8);
});

test('of the safe scripts at least nine of ten are allowed, and none of those is more than MEDIUM', () => {
  const all = verdicts('safe');

  console.log(`safe: ${all.length} scripts, ${percent(share(all, 'allow'))} allowed`);
  expect(all.length).toBeGreaterThanOrEqual(300);
  expect(share(all, 'allow')).toBeGreaterThanOrEqual(0.9);
  expect(all.filter((entry) => entry.verdict === 'allow' && entry.risk === 'HIGH')).toEqual([]);
});

test('every finding says where it stands and why, in a sentence', () => {
  for (const entry of verdicts('dangerous')) {
    expect(entry.findings.length, entry.id).toBeGreaterThan(0);
    for (const finding of entry.findings) {
      expect(finding.line, entry.id).toBeGreaterThan(0);
      expect(finding.sentence, entry.id).toMatch(/^\S.*\.$/s);
      expect(finding.code, entry.id).toMatch(/^[a-z-]+$/);
    }
  }
});

test('no script of either corpus changes its verdict to something milder as a verification script', () => {
  const order = ['allow', 'review', 'refuse'];
  for (const entry of [...corpus('dangerous'), ...corpus('safe')]) {
    const asFix = judge(entry.script, shopContext);
    const asCheck = judge(entry.script, { ...shopContext, kind: 'command' });
    expect(order.indexOf(asCheck.verdict), entry.id).toBeGreaterThanOrEqual(order.indexOf(asFix.verdict));
    if (asCheck.verdict === 'allow') expect(asCheck.effects, entry.id).toEqual([]);
  }
});

test('without an inventory nothing that changes something is allowed', () => {
  const empty = { kind: 'fix', parameters: {}, actions: [] } as const;
  for (const entry of corpus('safe')) {
    const { verdict, effects } = judge(entry.script, empty);
    if (verdict !== 'allow') continue;
    const kinds = effects.map((effect) => effect.kind).filter((kind) => !kind.startsWith('files.'));
    expect(kinds, entry.id).toEqual([]);
  }
});
