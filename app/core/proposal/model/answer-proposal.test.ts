// From an answer to a proposal: whose bytes run, where values come from, and what its quotes are worth.
import { dump, load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { ModelUse } from '#core/ledger/model-use';
import { judge } from '#core/policy/judge';
import { parseVerifyPlan } from '#core/verification/plan';
import { incoming, knowledge, answer as made } from '../../../../test/support/claude.ts';
import { matched, proposalOf as planned } from '../../../../test/support/proposals.ts';
import { flagText, PURGE, purgeText, runbookOf, shopSettings } from '../../../../test/support/shop.ts';
import { Manifest } from '../remediation.ts';
import { Answer } from './answer.ts';
import { agreement, jaccard } from './answer-agreement.ts';
import { isRunbooksOwn, mayRunAlone, quoteCounts } from './answer-lane.ts';
import { proposalOf } from './answer-proposal.ts';
import { fromCatalogue } from './offered-fixes.ts';

const cache = runbookOf(purgeText);
const write = (change: Record<string, unknown> = {}) =>
  proposalOf({
    answer: Answer.parse(made(change)),
    ...{ incident: matched(cache), knowledge, incoming, settings: shopSettings() },
    catalogue: fromCatalogue(knowledge.service),
    yaml: (document) => dump(document),
  });
const own = {
  ...{ action: 'script', kind: 'warm-up', fix: 'curl --fail --max-time 10 "$SHOP_URL/warm"\n', undo: null },
  verification: {
    from_runbook: false,
    checks: [{ id: 'home', url: '{SHOP_URL}/', status: 200, contains: ['Shop'] }],
  },
};
function written(change: Record<string, unknown> = {}) {
  const result = write(change);
  if (!result.ok) throw new Error(result.reason);
  return { ...result.proposal, files: { ...result.files, 'remediation.yml': dump(result.manifest) } };
}

describe('a proposal by a model', () => {
  it('that chooses the runbook is byte for byte what the planner would propose', () => {
    const proposal = written();
    expect(proposal.files).toEqual({
      ...planned(cache).files,
      'remediation.yml': proposal.files['remediation.yml'],
    });
    expect(proposal).toMatchObject({
      by: 'model',
      kind: 'purge-cache',
      target: 'shop',
      confidence: 92,
      parameters: { SHOP_PURGE_URL: PURGE },
    });
    expect(Manifest.parse(load(proposal.files['remediation.yml']))).toMatchObject({
      by: 'model',
      evidence: ['alert-1'],
    });
  });

  it('that writes its own script gets the values from the inventory, and a kind that shares no history', () => {
    const proposal = written(own);
    expect(proposal.kind).toBe('model-warm-up');
    expect(proposal.files['fix.sh']).toBe(
      '#!/usr/bin/env bash\nset -euo pipefail\nreadonly SHOP_URL=\'https://shop.example\'\ncurl --fail --max-time 10 "$SHOP_URL/warm"\n',
    );
    expect(proposal.parameters).toEqual({ SHOP_URL: 'https://shop.example' });
    expect(parseVerifyPlan(load(proposal.files['verify.yml']))).toMatchObject({
      ok: true,
      plan: {
        checks: [{ id: 'home', kind: 'http', url: '{SHOP_URL}/', method: 'GET' }],
        symptom: { checks: ['home'] },
      },
    });
  });

  it('that writes a value itself does not make it a parameter', () => {
    const proposal = written({ ...own, fix: 'curl --fail https://evil.example\n' });
    const { parameters, files } = proposal;
    expect(
      judge(files['fix.sh'], { kind: 'fix', parameters, actions: knowledge.service.actions }).verdict,
    ).not.toBe('allow');
  });

  it('that names a catalogue entry is rendered by us', () =>
    expect(
      written({
        action: 'catalogue',
        catalogue: {
          id: 'purge-cache',
          inputs: [
            { name: 'url', value: 'SHOP_PURGE_URL' },
            { name: 'method', value: 'POST' },
          ],
        },
      }),
    ).toMatchObject({ kind: 'purge-cache', parameters: { SHOP_PURGE_URL: PURGE } }));

  it('cites no runbook that was not shown, nor one without a block', () => {
    expect(written({ ...own, runbook: null }).runbook).toBeNull();
    expect(write({ runbook: { id: 'shop-invented', quote: 'It always helps.' } })).toMatchObject({
      ok: false,
    });
  });
});

describe('a quote', () => {
  it('counts only in the text it names', () => {
    const { quotes } = written({
      evidence: [
        { id: 'alert-1', quote: 'checkout   answers 500' },
        { id: 'alert-1', quote: 'checkout answers 503' },
        { id: 'alert-2', quote: 'checkout answers 500' },
      ],
      runbook: { id: 'shop-cache', quote: 'Purge the cache every night.' },
    });
    expect(quotes.map(({ evidence, verified }) => `${evidence} ${verified}`)).toEqual([
      'alert-1 true',
      'alert-1 false',
      'alert-2 false',
      'runbook:shop-cache false',
    ]);
    expect(quoteCounts({ quotes })).toEqual({ verified: 1, unverified: 3 });
  });
});

describe('the auto lane', () => {
  const hash = 'a'.repeat(64);
  const model: ModelUse = {
    ...{
      requested: 'm',
      answered: 'm',
      request: 'req_1',
      stop: 'end_turn',
      calls: 3,
      usd: 0.1,
      prices: '2026-11-22',
    },
    ...{ prompt: hash, schema: hash, tokens: { input: 1, output: 1, cache_write: 0, cache_read: 0 } },
    ...{ consistency: { value: 100, reason: 'alike' }, fallback: null },
  };
  const fallback = { code: 'refusal', reason: 'the model refused' };

  it('is open to the runbook’s own bytes, said three times by the model that was asked', () => {
    expect(mayRunAlone({ ...written(), model }, cache)).toBe(true);
    expect(mayRunAlone(planned(cache), cache)).toBe(true);
  });

  it.each([
    ['a model whose call is not on record', written()],
    ['a model asked once', { ...written(), model: { ...model, consistency: null } }],
    ['a second model', { ...written(), model: { ...model, answered: 'n', fallback } }],
    ['the planner in a model’s place', { ...planned(cache), model: { ...model, answered: null, fallback } }],
    ['a script of the model’s own', { ...written(own), model }],
    ['a person’s bytes', { ...planned(cache), by: 'person' as const }],
  ])('is closed to %s', (_, proposal) => expect(mayRunAlone(proposal, cache)).toBe(false));

  it('knows another runbook’s bytes from its own', () =>
    expect(isRunbooksOwn(planned(cache), runbookOf(flagText))).toBe(false));
});

describe('agreement', () => {
  const commands = (script: string) =>
    judge(script, {
      kind: 'fix',
      parameters: { SHOP_URL: 'https://shop.example', SHOP_PURGE_URL: PURGE },
      actions: knowledge.service.actions,
    }).commands;
  const purge = commands(`curl --fail --max-time 10 -X POST ${PURGE}\n`);
  const more = commands(
    `curl --fail --max-time 10 https://shop.example/\ncurl --fail --max-time 10 -X POST ${PURGE}\n`,
  );
  const elsewhere = commands(
    `curl --fail --max-time 10 -X POST https://admin.shop.example/flags/pricing/off\n`,
  );

  it('of equal answers is whole', () =>
    expect(agreement(purge, [purge, purge])).toMatchObject({ value: 100, sameTargets: true }));
  it('is that of the least alike', () =>
    expect(agreement(purge, [purge, more])).toMatchObject({ value: 50, sameTargets: true }));
  it('is none when something else would be changed', () =>
    expect(agreement(purge, [purge, elsewhere])).toEqual({
      value: 0,
      sameTargets: false,
      reason: '2 of 3 answers would change different things',
    }));
  it('is none with a repetition that failed', () =>
    expect(agreement(purge, [purge, null])).toMatchObject({
      value: 0,
      reason: '1 of 3 answers proposed nothing',
    }));
  it('about nothing is none', () => {
    expect(jaccard(new Set(), new Set())).toBe(0);
    expect(agreement([], [[], []])).toMatchObject({ value: 0 });
    expect(agreement(purge, [])).toMatchObject({ value: 0 });
  });
});
