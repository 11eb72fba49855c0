// A question about the small shop and a client of the stand-in, for tests of the brain. Waiting costs no time here: the
// pauses are written down. It must never change what the adapter sends.

import type { Limits } from '#adapters/claude/call';
import { type ClaudeClient, openClaude } from '#adapters/claude/client';
import { consult } from '#adapters/claude/ladder';
import type { Incoming, Knowledge } from '#core/proposal/model/question';
import { flagText, purgeText, runbookOf, shopService } from './shop.ts';

export const KEY = 'sk-ant-sandbox-0123456789';
export const MODEL = 'claude-opus-5-5';

export const knowledge: Knowledge = {
  service: shopService(),
  runbooks: [runbookOf(purgeText), runbookOf(flagText)],
  catalogue: [],
};

export const incoming: Incoming = {
  title: 'Checkout error rate is high on shop',
  service: 'shop',
  hypothesis: 'Checkout error rate is high. The alert says status: 500.',
  evidence: [{ id: 'alert-1', text: 'checkout answers 500 for 31 % of the orders' }],
  missing: ['Datadog: not configured'],
};

export function clientOf(url: string, key = KEY): ClaudeClient {
  const opened = openClaude({ baseUrl: url, gateways: [], credential: { key } });
  if (!opened.ok) throw new Error(opened.reason);
  return opened.client;
}

/** Limits of a test and the pauses, in milliseconds, that were asked for. */
export function limits(change: Partial<Limits> = {}): Limits & { pauses: number[] } {
  const pauses: number[] = [];
  return {
    pauses,
    callMs: 5000,
    until: Date.now() + 60_000,
    retries: 2,
    pause: async (ms) => pauses.push(Math.round(ms)),
    ...change,
  };
}

export const ask = (url: string, within = limits(), about = incoming) =>
  consult(clientOf(url), MODEL, knowledge, about, within);

/** An answer as the stand-in gives it for the shop, with parts replaced. */
export function answer(change: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    analysis: 'Orders fail with 500 while pages work.',
    evidence: [{ id: 'alert-1', quote: 'checkout answers 500' }],
    hypothesis: 'The price cache holds wrong entries.',
    runbook: { id: 'shop-cache', quote: '# Checkout fails' },
    risks: ['The shop is slow for a minute.'],
    blast_radius: 'The cache of the shop.',
    risk: 'LOW',
    action: 'runbook',
    ...{ kind: null, fix: null, undo: null, undo_impossible: null, catalogue: null },
    verification: { from_runbook: true, checks: [] },
    confidence: 92,
    abstain_reason: null,
    ...change,
  };
}

/** A scripted message whose only text is this. */
export const saying = (text: unknown) => ({
  message: { content: [{ type: 'text', text: typeof text === 'string' ? text : JSON.stringify(text) }] },
});
