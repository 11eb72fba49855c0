import { expect, it } from 'vitest';
import type { Source } from '#adapters/git/source';
import type { Testimony } from '#core/policy/second-witness';
import { hearing, memoryLedger } from '../../test/support/hearing.ts';
import { judgement } from '../../test/support/proposals.ts';
import { judgeNow } from './judge-proposal.ts';
import type { World } from './world.ts';

const { incident, proposal, runbook, settings, settingsSha256 } = judgement();
const source = { commit: 'c'.repeat(40), settings, settingsSha256, runbooks: runbook ? [runbook] : [] };

/** The desk with a rehearsed proposal, and a bash that says this of fix.sh. */
function judgedWith(said: Testimony, asked: string[] = []) {
  const world: Partial<World> = {
    ...hearing(memoryLedger([incident])),
    source: async () => source as Source,
    redact: (_, text) => text.replaceAll('hunter2', '[SECRET_1]'),
    witness: async (script) => {
      asked.push(script);
      return said;
    },
  };
  return judgeNow(world as World, incident);
}

it('refuses a proposal that bash reads otherwise than Vigil, and tells people both readings', async () => {
  const asked: string[] = [];
  const reason = 'bash reads “echo hunter2;” where Vigil has understood nothing';
  const { facts, result } = await judgedWith({ is: 'disagrees', reason }, asked);
  const sentence =
    'Vigil may have misread it, so it does not run: bash reads “echo [SECRET_1];” where Vigil has understood nothing.';
  expect(asked).toEqual([proposal.files['fix.sh']]);
  expect(result).toBe('refuse');
  expect(facts).toMatchObject([
    {
      type: 'remediation.judged',
      data: { verdict: 'refuse', lane: 'human', findings: [{ code: 'misread', sentence }] },
    },
    { type: 'incident.escalated', data: { code: 'policy', reason: `fix.sh line 1: ${sentence}` } },
  ]);
});

it.each<Testimony>([{ is: 'agrees' }, { is: 'not-plain' }, { is: 'absent', reason: 'bash is too old here' }])(
  'judges as ever where bash says %j',
  async (said) => {
    const { facts, result } = await judgedWith(said);
    expect(result).toBe('allow');
    expect(facts).toMatchObject([{ type: 'remediation.judged', data: { verdict: 'allow', findings: [] } }]);
  },
);
