// What the judgement says of a proposal whose plan holds a command: nothing of one that reads, and nobody may approve another.
import { describe, expect, test } from 'vitest';
import { parseVerifyPlan } from '#core/verification/plan';
import { judgement, proposalOf } from '../../../test/support/proposals.ts';
import { purgeText, runbookOf, shopService, shopSettings } from '../../../test/support/shop.ts';
import { judgeProposal } from './judgement.ts';

const settings = shopSettings();
function judged(run: string, change: Parameters<typeof judgement>[0] = {}) {
  const checks = [
    { id: 'health', kind: 'http', url: '{SHOP_URL}/health' },
    { id: 'queue', kind: 'command', run },
  ];
  // The symptom is no command, so that none runs before approval.
  const parsed = parseVerifyPlan({ v: 1, checks, symptom: { checks: ['health'] } });
  if (!parsed.ok) throw new Error(parsed.reason);
  const own = proposalOf(runbookOf(purgeText));
  const { SHOP_URL = '' } = shopService().parameters;
  const proposal = { ...own, by: 'model' as const, parameters: { ...own.parameters, SHOP_URL } };
  const { verdict, findings } = judgeProposal(judgement({ proposal, plan: parsed.plan, ...change }));
  return { verdict, told: findings.map(({ file, code, sentence }) => `${file} ${code}: ${sentence}`) };
}

describe('a plan with a command', () => {
  test('that only reads is judged as without it', () => {
    expect(judged('curl -fsS {SHOP_URL}/health')).toEqual({ verdict: 'allow', told: [] });
  });

  test('that does more is refused, whoever would approve it', () => {
    expect(judged('curl -fsS -X DELETE {SHOP_URL}/orders')).toEqual({
      verdict: 'refuse',
      told: [expect.stringMatching(/^verify\.yml not-read-only: queue: /)],
    });
  });

  test('that the inventory’s own actions would allow a fix is refused as well', () => {
    expect(judged('curl -fsS -X POST {SHOP_CACHE_PURGE_URL}').verdict).toBe('refuse');
  });

  test('with a value that nobody gives is refused', () => {
    expect(judged('curl -fsS {SHOP_EDGE}/health')).toEqual({
      verdict: 'refuse',
      told: ['verify.yml unbound: queue: the inventory has no SHOP_EDGE.'],
    });
  });

  test('that a rule of the organisation names is refused', () => {
    const rule = { name: 'no-curl', verdict: 'review' as const, because: 'It is slow', command: ['curl'] };
    const change = { settings: { ...settings, policy: { rules: [rule] } } };
    const { verdict, told } = judged('curl -fsS {SHOP_URL}/health', change);
    expect(verdict).toBe('refuse');
    expect(told).toContain(
      'verify.yml not-read-only: queue: The rule no-curl of vigil.yml wants a person to look: It is slow',
    );
  });
});
