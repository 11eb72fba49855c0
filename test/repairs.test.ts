// Daily work against the policy: of the repairs that may run unseen nearly all are allowed, and of those that deserve a yes none is
// refused. The figures are printed, with each script that misses and the first finding, which has to say why.
import { describe, expect, test } from 'vitest';
import { judge } from '#core/policy/judge';
import type { Verdict } from '#core/policy/types';
import { type Repair, repairContext, repairs } from './support/scripts.ts';

type Judged = Repair & Verdict;
const judged = (list: 'unseen' | 'yes'): Judged[] =>
  repairs(list).map((repair) => ({ ...repair, ...judge(repair.script, repairContext) }));
const share = (all: readonly Judged[], verdict: Verdict['verdict']): number =>
  all.filter((one) => one.verdict === verdict).length / all.length;
const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const told = ({ id, verdict, findings }: Judged): string =>
  `${id}: ${verdict}, ${findings.map(({ line, code, sentence }) => `line ${line}, ${code}: ${sentence}`).join(' | ')}`;

describe('ordinary repairs', () => {
  test('that may run unseen are allowed, nine of ten at least, and change something', () => {
    const all = judged('unseen');
    const missed = all.filter(({ verdict }) => verdict !== 'allow');

    process.stdout.write(`unseen: ${all.length} repairs, ${percent(share(all, 'allow'))} allowed\n`);
    for (const one of missed) process.stdout.write(`  ${told(one)}\n`);
    expect(all.length).toBe(70);
    expect(all.every(({ deserves }) => deserves === 'allow')).toBe(true);
    expect(share(all, 'allow')).toBeGreaterThanOrEqual(0.9);
    expect(all.filter(({ effects }) => effects.length === 0).map(({ id }) => id)).toEqual([]);
    expect(all.filter(({ verdict, risk }) => verdict === 'allow' && risk === 'HIGH')).toEqual([]);
  });

  test('that deserve a yes can have it', () => {
    const all = judged('yes');
    const missed = all.filter(({ verdict }) => verdict === 'refuse');

    process.stdout.write(
      `yes: ${all.length} repairs, ${percent(share(all, 'review'))} put to a person, ${percent(share(all, 'allow'))} allowed\n`,
    );
    for (const one of missed) process.stdout.write(`  ${told(one)}\n`);
    expect(all.length).toBe(55);
    expect(missed.map(({ id }) => id)).toEqual([]);
    expect(all.filter(({ effects }) => effects.length === 0).map(({ id }) => id)).toEqual([]);
  });

  test('say what they do: none that can be approved has an effect that nobody described', () => {
    const strange = [...judged('unseen'), ...judged('yes')].filter(
      ({ verdict, effects }) => verdict !== 'refuse' && effects.some(({ kind }) => kind === 'unknown'),
    );
    expect(strange.map(told)).toEqual([]);
  });
});
