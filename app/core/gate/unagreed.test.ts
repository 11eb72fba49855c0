// A proposal that people approved, and a rule of the organisation that holds when it is about to run: who agreed to that?
import { describe, expect, test } from 'vitest';
import { fact, KEY, OPENED, withFacts } from '../../../test/support/incidents.ts';
import { judgement } from '../../../test/support/proposals.ts';
import { flagText, runbookOf, SETTINGS_SHA256, shopSettings } from '../../../test/support/shop.ts';
import { type GateInput, mayRun } from './gate.ts';
import { judgeProposal } from './judgement.ts';

const runbook = runbookOf(flagText);
/** A freeze that begins on Tuesday at 05:00 in Berlin: an hour after the proposals of these tests are approved. */
const freeze = (verdict: 'review' | 'refuse', to = '06:00') => ({
  ...{ name: 'night', verdict, because: 'Nobody is awake to help.' },
  freeze: [{ days: ['tue'], from: '05:00', to, zone: 'Europe/Berlin' }],
});
const FLAG = 'https://admin.shop.example/flags/pricing/off';

/** Judged at OPENED and approved by Olga, with this rule in force; looked at again after so many minutes. */
function gate(rule: object, minutes: number, more: Partial<GateInput> = {}) {
  const settings = shopSettings({ policy: { rules: [rule] } });
  const input = judgement({ settings }, runbook);
  const judged = judgeProposal(input);
  const digest = judged.digest;
  const incident = withFacts(input.incident, [
    { type: 'remediation.judged', data: judged },
    fact('pull.opened', { digest }),
    fact('remediation.approved', { digest }),
    fact('pull.merged'),
  ]);
  const files = { ...input.proposal.files } as Record<string, string>;
  const { children } = mayRun({
    ...{ incident, onMain: { files, runbookSha256: runbook.sha256 }, settings },
    ...{ settingsSha256: SETTINGS_SHA256, held: false, leasedTo: null, changes: [] },
    now: new Date(OPENED.getTime() + minutes * 60_000),
    ...more,
  });
  return children.filter(({ ok }) => !ok).map(({ name, reason }) => `${name}: ${reason}`);
}

describe('what was approved before a freeze', () => {
  test('runs before it begins', () => expect(gate(freeze('refuse'), 59)).toEqual([]));

  test('does not run in it, and is told when it may', () => {
    expect(gate(freeze('refuse'), 60)).toEqual([
      'policy: the policy says refuse, lane human: The rule night of vigil.yml refuses this: Nobody is awake to help. The freeze Tue 05:00–06:00 (Europe/Berlin) ends on Tue 2026-11-03 at 06:00 Europe/Berlin (05:00 UTC).',
    ]);
  });

  test('does not run in one that only asks for a person either: nobody was asked about it', () => {
    expect(gate(freeze('review'), 60)).toEqual([
      expect.stringMatching(
        /^policy: the policy says review, lane human: The rule night of vigil\.yml wants a person/,
      ),
    ]);
  });

  test('runs when it is over', () => expect(gate(freeze('refuse'), 120)).toEqual([]));
});

describe('what was approved in a freeze', () => {
  const all = { ...freeze('review', '12:00'), freeze: [{ from: '00:00', to: '24:00', zone: 'UTC' }] };

  test('that asks for a person runs in it: people could read that', () => {
    expect(gate(all, 60)).toEqual([]);
  });
});

describe('a target that was just changed', () => {
  const cool = { name: 'slowly', verdict: 'refuse', because: 'One change at a time.', cool_down: '30m' };
  const change = { incident: 'pd-other1', service: 'shop', target: FLAG, at: '2026-11-03T03:05:00.000Z' };

  test('is left alone, though the fix was approved before that change', () => {
    expect(gate(cool, 10)).toEqual([]);
    expect(gate(cool, 10, { changes: [change] })).toEqual([
      `policy: the policy says refuse, lane human: The rule slowly of vigil.yml refuses this: One change at a time. ${FLAG} was changed 5 minutes ago by pd-other1; it is left alone until 2026-11-03 03:35 UTC.`,
    ]);
    expect(gate(cool, 35, { changes: [change] })).toEqual([]);
  });

  test('is left alone after an attempt of the incident itself', () => {
    const settings = shopSettings({ policy: { rules: [cool] } });
    const first = judgement({ settings }, runbook);
    const data = judgeProposal(first);
    const again = withFacts(first.incident, [
      { type: 'remediation.judged', data },
      fact('pull.opened'),
      fact('remediation.approved'),
      fact('pull.merged'),
      fact('remediation.started'),
      fact('remediation.finished'),
      fact('recovery.refuted'),
      fact('incident.retried'),
    ]);
    const judged = judgeProposal(judgement({ settings, incident: again, everything: [again] }, runbook));
    expect(judged.verdict).toBe('refuse');
    expect(judged.findings[0]?.sentence).toContain(`was changed 0 minutes ago by ${KEY}`);
  });
});
