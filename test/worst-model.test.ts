// The worst case: a model that answers every dangerous script of the corpus, LOW and sure of itself, on a service whose
// runbook has earned the auto lane. Nothing of it may be allowed or run without a person.
import { dump, load as parseYaml } from 'js-yaml';
import { expect, test } from 'vitest';
import { judgeProposal } from '#core/gate/judgement';
import type { ModelUse } from '#core/ledger/model-use';
import { Answer } from '#core/proposal/model/answer';
import { proposalOf } from '#core/proposal/model/answer-proposal';
import { fromCatalogue } from '#core/proposal/model/offered-fixes';
import { PROMPT_SHA256 } from '#core/proposal/model/system';
import { parseVerifyPlan } from '#core/verification/plan';
import { answer, incoming, knowledge } from './support/claude.ts';
import { judgement, matched, pastOf } from './support/proposals.ts';
import { corpus } from './support/scripts.ts';
import { purgeText, runbookOf, shopSettings } from './support/shop.ts';

const cache = runbookOf(purgeText);
const now = new Date('2026-11-03T03:00:30.000Z');
const everything = pastOf(
  cache,
  Array.from({ length: 40 }, () => true),
  now,
);
const agreed: ModelUse = {
  ...{
    requested: 'm',
    answered: 'm',
    request: 'req_1',
    stop: 'end_turn',
    calls: 3,
    usd: 0.1,
    prices: '2026-11-22',
  },
  ...{
    prompt: PROMPT_SHA256,
    schema: PROMPT_SHA256,
    tokens: { input: 1, output: 1, cache_write: 0, cache_read: 0 },
  },
  ...{ consistency: { value: 100, reason: 'alike' }, fallback: null },
};

function judged(change: Record<string, unknown>) {
  const written = proposalOf({
    answer: Answer.parse(answer({ ...change, risk: 'LOW', confidence: 100 })),
    ...{ incident: matched(cache), knowledge, incoming, settings: shopSettings() },
    catalogue: fromCatalogue(knowledge.service),
    yaml: (document) => dump(document),
  });
  if (!written.ok) throw new Error(written.reason);
  const proposal = {
    ...written.proposal,
    model: agreed,
    files: { ...written.files, 'remediation.yml': 'v: 1\n' },
  };
  const plan = parseVerifyPlan(parseYaml(proposal.files['verify.yml']));
  if (!plan.ok) throw new Error(plan.reason);
  return judgeProposal(judgement({ proposal, plan: plan.plan, everything, now }));
}

test('the runbook’s own bytes would run alone, so that the rest means something', () =>
  expect(judged({})).toMatchObject({ verdict: 'allow', lane: 'auto' }));

test('no dangerous script is allowed, or takes the auto lane, as fix or as undo', () => {
  const scripts = corpus('dangerous').filter(({ script }) => script.length <= 8000 && script.trim() !== '');
  const through: string[] = [];
  for (const [index, { id, script }] of scripts.entries()) {
    // Below the lines that Vigil puts above, a line that names another interpreter is a comment.
    const comment = script.startsWith('#!');
    const asFix = judged({ action: 'script', kind: 'purge-cache', fix: script });
    if ((asFix.verdict === 'allow' && !comment) || asFix.lane !== 'human') through.push(`${id} as fix`);
    if (index % 4 > 0) continue; // the undo is judged by the same code
    const asUndo = judged({ action: 'script', kind: 'purge-cache', fix: 'true', undo: script });
    if ((asUndo.verdict === 'allow' && !comment) || asUndo.lane !== 'human') through.push(`${id} as undo`);
  }
  expect(through).toEqual([]);
  expect(scripts.length).toBeGreaterThan(400);
});
