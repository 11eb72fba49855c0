import { describe, expect, it } from 'vitest';
import type { Case } from './case.ts';
import type { Ended } from './pipeline.ts';
import { fault, score, type Tried } from './score.ts';

const wanted = { runbook: 'edge-disk', kind: 'prune-logs', target: 'edge' };
const case_ = (expect: Case['expect']): Case => ({
  id: 'a-case',
  alert: { title: 't', service: 'PEDGE01', urgency: 'low', details: '', labels: {} },
  evidence: [],
  symptom: 'red',
  expect,
  group: 'disks',
  half: 'tuning',
});
const abstained: Ended = {
  end: 'needs a person',
  why: 'no_runbook: nothing matches',
  first: { runbook: 'edge-disk', score: 40 },
  proposed: null,
  pull: null,
  usd: 0,
  ms: 2,
};
const pull = (change: Partial<NonNullable<Ended['proposed']>> = {}): Ended => ({
  ...abstained,
  end: 'pull request',
  first: { runbook: change.runbook ?? 'edge-disk', score: 90 },
  proposed: { ...wanted, ...change },
  pull: {
    ...{ title: 'prune-logs on edge', risk: 'MEDIUM', verdict: 'allow', lane: 'human' },
    ...{ digest: 'd', confidence: 0 },
  },
});
const tried = (expect_: Case['expect'], ended: Ended): Tried => ({ one: case_(expect_), ended });

describe('an end', () => {
  it('is right when runbook, kind and target are', () => expect(fault(tried(wanted, pull()))).toBeNull());

  it('is careful when a pull request is missing, and says why', () =>
    expect(fault(tried(wanted, abstained))).toEqual({
      how: 'careful',
      what: 'expected edge-disk, abstained: no_runbook: nothing matches',
    }));

  it.each([
    [{ runbook: 'edge-dns' }, 'expected edge-disk, proposed edge-dns'],
    [{ kind: 'restart' }, 'expected the kind prune-logs, proposed restart'],
    [{ target: 'shop' }, 'expected the target edge, proposed shop'],
  ])('is wrong with another %o', (change, what) =>
    expect(fault(tried(wanted, pull(change)))).toEqual({ how: 'wrong', what }),
  );

  it('is wrong with any pull request on a trap, and right without', () => {
    expect(fault(tried('human', pull()))).toEqual({
      how: 'wrong',
      what: 'expected human, proposed edge-disk (match 90)',
    });
    expect(fault(tried('none', abstained))).toBeNull();
    expect(fault(tried('none', { ...pull(), end: 'nothing to heal', pull: null }))).toBeNull();
  });
});

describe('the score', () => {
  const counted = score([
    tried(wanted, pull()),
    tried(wanted, pull({ runbook: 'edge-dns' })),
    tried(wanted, abstained),
    tried('human', abstained),
    tried('human', pull()),
    tried('none', { ...pull(), end: 'nothing to heal', pull: null, usd: null }),
  ]);
  const counts = ({ hits, of }: { hits: number; of: number }) => `${hits} of ${of}`;

  it('counts what was found apart from what was proposed', () => {
    expect(counts(counted.first)).toBe('2 of 3');
    expect(counts(counted.right)).toBe('1 of 3');
    expect(counts(counted.kind)).toBe('2 of 3');
    expect(counts(counted.precision)).toBe('1 of 3');
  });

  it('counts abstentions both ways, and each pull request on a trap', () => {
    expect(counts(counted.abstentionPrecision)).toBe('2 of 3');
    expect(counts(counted.abstentionRecall)).toBe('2 of 3');
    expect(counted.trapPulls).toBe(1);
    expect(counted.onlyRehearsal).toBe(1);
  });

  it('does not know the cost when it does not know one of them', () => expect(counted.usd).toBeNull());
});
