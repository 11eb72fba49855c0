// A proposal whose ground moved: withdrawn with the name of what changed, and asked anew while that is possible.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { plan } from '#core/proposal/planner';
import { fact, withFacts } from '../../../test/support/incidents.ts';
import { judgement } from '../../../test/support/proposals.ts';
import { flagText, runbookOf, SETTINGS_SHA256, shopSettings } from '../../../test/support/shop.ts';
import { judgeProposal, matchOf } from './judgement.ts';
import { askAnew, type Now, superseded } from './superseded.ts';

const runbook = runbookOf(flagText);
const newer = runbookOf(flagText.replace('--max-time 10', '--max-time 9'));
const input = judgement({}, runbook);
const judged = withFacts(input.incident, [{ type: 'remediation.judged', data: judgeProposal(input) }]);
const now: Now = { settings: shopSettings(), settingsSha256: SETTINGS_SHA256, runbooks: [runbook] };
const types = (facts: readonly Fact[]) => facts.map(({ type }) => type);
const reason = ([first]: readonly Fact[]) =>
  first?.type === 'remediation.withdrawn' ? first.data.reason : null;
const again = ['remediation.withdrawn', 'remediation.proposed', 'remediation.rehearsed'];

describe('a judged proposal', () => {
  test('stands while everything it is bound to stands', () => {
    expect(superseded(judged, now)).toEqual([]);
  });

  const template = { template: 'vigil-remediate', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b12' };
  test.each<[string, Partial<Now>]>([
    ['vigil.yml', { settingsSha256: '6'.repeat(64) }],
    ['the workspace template', { settings: shopSettings({ workspace: template }) }],
    ['the policy', { policy: '6-abc' }],
    ['the policy and vigil.yml', { policy: '6-abc', settingsSha256: '6'.repeat(64) }],
  ])('is asked anew with the same bytes when %s changes', (what, change) => {
    const facts = superseded(judged, { ...now, ...change });
    expect(reason(facts)).toBe(`${what} changed while the proposal was open`);
    expect(types(facts)).toEqual(again);
    expect(facts[1]?.data).toEqual(input.proposal);
  });

  test('gives way to a new one when the runbook changes, and that one is for people', () => {
    const facts = superseded(judged, { ...now, runbooks: [newer] });
    expect(reason(facts)).toBe('the runbook changed while the proposal was open');
    expect(types(facts)).toEqual(['remediation.withdrawn']);
    const withdrawn = withFacts(judged, facts);
    expect(plan(withdrawn, [newer], shopSettings())).toMatchObject({ ok: true });
    expect(plan(judged, [newer], shopSettings())).toMatchObject({ ok: false, code: 'runbook_changed' });
    expect([matchOf(withdrawn, runbook), matchOf(withdrawn, newer)]).toEqual([98, 60]);
  });

  test('gives way when the inventory gives other values', () => {
    const shop = shopSettings();
    const service = shop.services['PSHOP01'];
    if (!service) throw new Error('no shop');
    const parameters = { ...service.parameters, SHOP_FLAG_OFF_URL: 'https://other.example' };
    const settings = { ...shop, services: { PSHOP01: { ...service, parameters } } };
    expect(types(superseded(judged, { ...now, settings, settingsSha256: '6'.repeat(64) }))).toEqual([
      'remediation.withdrawn',
    ]);
  });

  test('of a person is kept and judged beside the runbook as it is now', () => {
    const files = { ...input.proposal.files, 'fix.sh': `${input.proposal.files['fix.sh']}#\n` };
    const proposal = { ...input.proposal, by: 'person' as const, files };
    const own = withFacts(input.incident, [
      { type: 'remediation.proposed', data: proposal },
      fact('remediation.rehearsed'),
      { type: 'remediation.judged', data: judgeProposal({ ...input, proposal }) },
    ]);
    const facts = superseded(own, { ...now, runbooks: [newer] });
    expect(types(facts)).toEqual(again);
    expect(facts[1]?.data).toMatchObject({ files, runbook: { sha256: newer.sha256, block: newer.block } });
    expect(types(superseded(own, { ...now, runbooks: [] }))).toEqual(['remediation.withdrawn']);
  });

  test('is not proposed again without end', () => {
    let incident: Incident = judged;
    for (let turn = 0; turn < 20; turn++) incident = withFacts(incident, askAnew(incident, now, 'it moved'));
    expect(askAnew(incident, now, 'it moved')).toEqual([
      {
        type: 'incident.escalated',
        data: { code: 'unsettled', reason: 'it moved, and it was proposed 20 times before' },
      },
    ]);
  });
});
