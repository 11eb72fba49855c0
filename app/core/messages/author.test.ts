// What the pull request says about the model: who answered, what it cost, what stands in for it, and which quotes hold.

import { describe, expect, it } from 'vitest';
import type { Proposal } from '#core/ledger/facts';
import type { ModelUse } from '#core/ledger/model-use';
import { facts } from '../../../test/support/incidents.ts';
import { authorLines } from './author.ts';

const model: ModelUse = {
  requested: 'claude-opus-5-5',
  answered: 'claude-opus-5-5',
  request: 'req_011CSHoEeqs5C35K2UUqR7Fy',
  stop: 'end_turn',
  calls: 1,
  tokens: { input: 1000, output: 3000, cache_write: 4000, cache_read: 10_000 },
  usd: 0.086,
  prices: '2026-11-22',
  prompt: 'a'.repeat(64),
  schema: 'b'.repeat(64),
  consistency: null,
  fallback: null,
};
const proposal = (change: Partial<Proposal>): Proposal => ({ ...facts['remediation.proposed'], ...change });

describe('the author of a proposal', () => {
  it('is not mentioned when no model was asked', () => expect(authorLines(proposal({}))).toEqual([]));

  it('is the model, with request, tokens and cost, its words neutralised and its quotes marked', () => {
    const lines = authorLines(
      proposal({
        by: 'model',
        model,
        summary: 'The cache is bad. @everyone ![x](https://evil.example/x.png) <img src=x>',
        quotes: [
          { evidence: 'alert-1', text: 'answers 500', verified: true },
          { evidence: 'runbook:shop-cache', text: 'purge everything', verified: false },
          { evidence: 'note-1', text: 'nobody compared this' },
        ],
      }),
    );
    expect(lines[0]).toBe(
      '**Author** `claude-opus-5-5` wrote this. Request `req_011CSHoEeqs5C35K2UUqR7Fy`, stop reason `end_turn`, 1 call, tokens 15000 in (10000 from the cache) and 3000 out, $0.0860 at the prices of 2026-11-22. Rules `aaaaaaaaaaaa`, schema `bbbbbbbbbbbb`.',
    );
    expect(lines[1]).not.toMatch(/@|(?<!\\)<|(?<!\\)\[/);
    expect(lines.slice(2)).toEqual([
      '- `alert-1`: “answers 500” (found there)',
      '- `runbook:shop-cache`: “purge everything” **(not found there)**',
      '- `note-1`: “nobody compared this” **(not found there)**',
      '',
    ]);
  });

  it('is said to stand in when another model, or the planner, takes the place of the one that failed', () => {
    const fallback = { code: 'refusal', reason: 'the model refused (category cyber)' };
    const second = authorLines(
      proposal({ by: 'model', model: { ...model, answered: 'claude-sonnet-5-5', calls: 2, fallback } }),
    );
    expect(second[0]).toContain('`claude-opus-5-5` was asked and failed (`refusal`: the model refused');
    expect(second[0]).toContain('`claude-sonnet-5-5` stands in, so this never runs without a person');
    const planner = authorLines(
      proposal({ by: 'runbook', model: { ...model, answered: null, usd: null, fallback } }),
    );
    expect(planner[0]).toContain(
      'the runbook’s own remediation stands in, so this never runs without a person',
    );
    expect(planner[0]).toContain('cost unknown');
  });
});
