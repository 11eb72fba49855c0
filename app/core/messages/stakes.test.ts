// The first lines that somebody reads who was just woken: what the fault costs, how risky the fix is, why, and who sets it back.
import { describe, expect, test } from 'vitest';
import { judgeProposal } from '#core/gate/judgement';
import { latestOf } from '#core/ledger/replay';
import { active, attack, traps } from '../../../test/support/hostile.ts';
import { fact, withFacts } from '../../../test/support/incidents.ts';
import { judgement, proposalOf } from '../../../test/support/proposals.ts';
import { flagText, runbookOf, shopSettings } from '../../../test/support/shop.ts';
import { slackMessage } from './chat.ts';
import { confirmPage } from './confirm.ts';
import { pullBody } from './pull.ts';

const DEPLOY = 'https://github.com/acme/deploy';

/** The flag's runbook with a section Impact, judged for a shop of which the inventory says this. */
function shown(impact: string | null, inventory: object = {}) {
  const text =
    impact === null
      ? flagText
      : flagText.replace('---\n```bash fix', `---\n## Impact\n${impact}\n\n\`\`\`bash fix`);
  const runbook = runbookOf(text);
  const { services } = shopSettings();
  const settings = shopSettings({ services: { PSHOP01: { ...services['PSHOP01'], ...inventory } } });
  const service = settings.services['PSHOP01'];
  if (!service) throw new Error('no shop');
  const proposal = proposalOf(runbook, settings);
  const input = judgement({ settings, service, proposal }, runbook);
  const judged = judgeProposal(input);
  const incident = withFacts(input.incident, [
    { type: 'remediation.judged', data: judged },
    fact('pull.opened', { digest: judged.digest }),
  ]);
  const pull = latestOf(incident, 'pull.opened');
  if (!pull) throw new Error('no pull request');
  return {
    pull: pullBody(incident, proposal, judged),
    page: confirmPage({ act: 'approve', incident, proposal, judged, pull }, 1, { signIn: '/sign-in' }),
    slack: slackMessage(incident).blocks.flatMap((one) => (one.type === 'section' ? [one.text.text] : [])),
  };
}

describe('what is at stake', () => {
  const { pull, page, slack } = shown('Orders in the queue are lost.');
  const why = 'flag.set lasts until somebody changes it back.';

  test('stands in the first lines of the pull request, above what will run', () => {
    const [first] = pull.split('**Why we think so**');
    expect(first).toContain('\n**Impact** Orders in the queue are lost.\n');
    expect(first).toContain(`\n**Risk MEDIUM** ${why}\n`);
  });

  test('stands on the confirm page, above what will run', () => {
    const [first] = page.split('<h2>Why Vigil thinks so</h2>');
    expect(first).toContain('<strong>Impact</strong> Orders in the queue are lost.');
    expect(first).toContain(`<strong>Risk MEDIUM</strong> ${why}`);
  });

  test('stands in Slack right below what is proposed', () => {
    expect(slack[1]).toBe(`*Impact:* Orders in the queue are lost.\n*Risk MEDIUM:* ${why}`);
  });

  test('is without an impact where the runbook names none, and never without a reason', () => {
    const silent = shown(null);
    expect(silent.pull).not.toContain('**Impact**');
    expect(silent.page).not.toContain('Impact');
    expect(silent.slack[1]).toBe(`*Risk MEDIUM:* ${why}`);
  });

  test('names who sets the fix back, when, and where the lasting one belongs', () => {
    const heals = { managed_by: 'argocd', repository: DEPLOY, self_heal: true };
    const both = shown(null, { targets: [{ name: 'flag-off', ...heals }] });
    for (const text of [both.pull.replaceAll('&zwnj;', ''), both.page])
      expect(text).toContain(
        `flags/pricing/off is managed by Argo CD from ${DEPLOY}, which sets this back within 3m. The lasting fix belongs into ${DEPLOY}.`,
      );
  });

  test('keeps a runbook’s words words, and as short as they must be', () => {
    const hostile = shown(
      `${attack.replaceAll('```', '~~').replaceAll('# Heading', '@acme')} ${'x'.repeat(5000)}`,
    );
    const part = /\*\*Impact\*\* (.*)\n/.exec(hostile.pull)?.[1] ?? '';
    expect(part.length).toBeGreaterThan(100);
    expect(part.length).toBeLessThan(700);
    for (const trap of traps) expect(active(part), trap).not.toContain(trap);
    expect(hostile.page).not.toContain('<img');
    expect(hostile.slack.join('\n')).not.toContain('<!channel');
  });
});

test('a judgement from before says its risk and nothing that it does not know', () => {
  const proposal = proposalOf(runbookOf(flagText));
  const input = judgement({}, runbookOf(flagText));
  const { because: _, ...old } = judgeProposal(input);
  const incident = withFacts(input.incident, [{ type: 'remediation.judged', data: old }]);
  expect(pullBody(incident, proposal, old)).toContain('\n**Risk MEDIUM**\n');
  expect(slackMessage(incident).blocks.filter(({ type }) => type === 'section')).toHaveLength(1);
});
