// The policy's own data are broken: a table that throws, an effect without a risk, a check nobody wrote. The answer is
// refuse with a reason, through to the proposal, and never an exception that somebody else has to understand.
import { expect, test } from 'vitest';
import { judgeScripts } from '#core/gate/judged-scripts';
import { judgeProposal } from '#core/gate/judgement';
import { effects } from '#core/policy/effects';
import type { Described } from '#core/policy/engine/apply';
import { describedTools } from '#core/policy/engine/described-tools';
import { judge } from '#core/policy/judge';
import type { PolicyContext } from '#core/policy/types';
import { judgement, proposalOf } from '../support/proposals.ts';
import { purgeText, runbookOf, shopService, shopSettings } from '../support/shop.ts';

const context: PolicyContext = { kind: 'fix', parameters: {}, actions: [] };
const table = describedTools as Map<string, Described>;

/** Runs with one entry of the policy's data replaced, and puts it back whatever happens. */
function spoilt<T>(name: string, spoil: (good: Described) => unknown, run: () => T): T {
  const good = table.get(name);
  if (!good) throw new Error(`the policy does not describe ${name}`);
  table.set(name, spoil(good) as Described);
  try {
    return run();
  } finally {
    table.set(name, good);
  }
}

const throwing = (good: Described): Described => ({
  ...good,
  get rule(): never {
    throw new Error('no such table');
  },
});
const spoils: [string, (good: Described) => unknown][] = [
  ['throws', throwing],
  ['is empty', () => ({})],
  ['lost its options', (good) => ({ ...good, rule: { ...good.rule, options: undefined } })],
  ['names a check nobody wrote', (good) => ({ ...good, rule: { ...good.rule, check: 'nonesuch' } })],
  ['names an effect nobody knows', (good) => ({ ...good, rule: { ...good.rule, effect: 'nonesuch' } })],
];

test.each(spoils)('a description of a command that %s refuses the script', (_, spoil) => {
  expect(judge('df -h', context).verdict).toBe('allow');
  const verdict = spoilt('df', spoil, () => judge('uptime\ndf -h\n', context));
  expect(verdict).toMatchObject({ verdict: 'refuse', risk: 'HIGH' });
  expect(verdict.findings[0]?.sentence).toMatch(/policy/i);
  expect(judge('df -h', context).verdict).toBe('allow');
});

test('an effect without a risk does not pass for harmless', () => {
  const { read } = effects;
  const open = effects as Record<string, unknown>;
  try {
    for (const broken of [undefined, {}, { risk: 'NONE', selfRestoring: true }]) {
      open['read'] = broken;
      expect(judge('df -h', context)).toMatchObject({
        verdict: 'refuse',
        risk: 'HIGH',
        findings: [{ code: 'policy-broken' }],
      });
    }
  } finally {
    open['read'] = read;
  }
});

test.each<[string, object]>([
  ['no context at all', {}],
  [
    'parameters that throw',
    {
      ...context,
      get parameters() {
        throw new Error('no inventory');
      },
    },
  ],
  ['actions that are no list', { ...context, actions: 7 }],
  ['an action without an address', { ...context, actions: [null] }],
])('%s refuses', (_, broken) => {
  expect(judge('df -h', broken as PolicyContext)).toMatchObject({
    verdict: 'refuse',
    risk: 'HIGH',
    findings: [{ line: 1, code: 'policy-broken' }],
  });
});

test('what is no text is refused like everything else that cannot be read', () => {
  const nonsense: unknown[] = [undefined, null, 7, {}];
  for (const script of nonsense) expect(judge(script as string, context).verdict).toBe('refuse');
});

test('a proposal that was fine yesterday is refused while the table is broken, in both lanes', () => {
  const proposal = proposalOf(runbookOf(purgeText));
  const whole = () => judgeScripts(proposal, shopService(), shopSettings(), new Date(0), []).verdict;
  expect(whole()).toBe('allow');
  const [verdict, judged] = spoilt('curl', throwing, () => [whole(), judgeProposal(judgement())] as const);
  expect(verdict).toBe('refuse');
  expect(judged).toMatchObject({ verdict: 'refuse', lane: 'human' });
  expect(judged.findings[0]).toMatchObject({ file: 'fix.sh', code: 'policy-broken' });
  expect(whole()).toBe('allow');
});
