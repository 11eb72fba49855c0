// Made-up past incidents, each labelled `sample: true`, by which the auto lane of the demo is earned. Built with the
// product's own record functions, so the chain is as real as any. It must never be mistaken for history: people are told.

import type { Runbook } from '#core/knowledge/runbook';
import type { Fact } from '#core/ledger/facts';
import { madeUpLedger } from './made-up-ledger.ts';

const HOUR_MS = 3_600_000;
const zeros = '0'.repeat(64);

function factsOf(key: string, id: string, title: string, runbook: Runbook): Fact[] {
  const run = { id: 1, url: 'http://127.0.0.1/sample' };
  const files = { 'fix.sh': 'echo sample\n', 'verify.yml': 'v: 1\n', 'remediation.yml': 'v: 1\n' };
  return [
    {
      type: 'incident.opened',
      data: {
        key,
        source: 'pagerduty',
        pagerduty: { id, number: null, url: null },
        service: { id: 'PSHOP01', name: 'shop' },
        title,
        urgency: 'high',
        priority: null,
        sample: true,
      },
    },
    { type: 'investigation.started', data: { run } },
    { type: 'hypothesis.received', data: { source: 'alert', text: title, evidence: [] } },
    { type: 'context.retrieved', data: { matches: [], threshold: 85 } },
    { type: 'synthesis.started', data: { run } },
    {
      type: 'remediation.proposed',
      data: {
        by: 'runbook',
        kind: runbook.remediation?.kind ?? '',
        runbook: {
          id: runbook.id,
          path: runbook.path,
          sha256: runbook.sha256,
          block: runbook.block ?? zeros,
        },
        target: 'shop',
        parameters: {},
        risk: 'LOW',
        confidence: null,
        summary: runbook.title,
        quotes: [],
        files,
      },
    },
    {
      type: 'remediation.started',
      data: { digest: zeros, workspace: `vigil-${key}-1`, run, samples: [], snapshot: [] },
    },
    {
      type: 'remediation.finished',
      data: {
        ok: true,
        outcome: 'succeeded',
        exit: 0,
        output: 'sample',
        ms: 1000,
        workspace: `vigil-${key}-1`,
      },
    },
    { type: 'recovery.confirmed', data: { samples: [], reason: 'sample history', ms: 1000 } },
  ];
}

/** A git fast-import stream for the ledger branch: `count` incidents of one alert, each healed, one every 12 hours until now. */
export async function sampleLedger(
  runbook: Runbook,
  title: string,
  count: number,
  now: Date,
): Promise<Buffer> {
  const start = now.getTime() - count * 12 * HOUR_MS;
  const ledger = await madeUpLedger('refs/heads/vigil/ledger', new Date(start));
  for (let index = 0; index < count; index++) {
    const key = `pd-sample${String(index).padStart(4, '0')}`;
    const at = start + index * 12 * HOUR_MS;
    for (const [step, fact] of factsOf(key, key.slice(3).toUpperCase(), title, runbook).entries())
      await ledger.add(key, fact, new Date(at + step * 10_000));
    await ledger.sealOver(new Date(at + HOUR_MS));
  }
  return ledger.take();
}
