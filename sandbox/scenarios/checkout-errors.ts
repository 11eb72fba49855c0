// The auto lane: a poisoned cache, a LOW runbook with an earned history, nobody needs to get up.
import { latestOf } from '#core/ledger/replay';
import { breakShop, rootCauseNote } from '../people.ts';
import { issueState, pageStatus, sawRed, slackLinksPull, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

// As docs/integrations/cleric.md asks a root-cause agent to write it.
const NOTE = `Investigation of the checkout errors is done.

\`\`\`vigil-rca
{"schema": 1, "summary": "Checkout answers 500 since the price cache holds entries that are no numbers",
 "root_cause": "The price cache is poisoned: it holds prices that are no numbers", "confidence": 0.85,
 "evidence": [{"claim": "every failed order says that a cached price is not a number"}],
 "recommended_actions": ["Purge the price cache"], "affected_services": ["shop"]}
\`\`\``;

export const checkoutErrors: Scenario = {
  name: 'checkout-errors',
  about: 'The price cache is poisoned and nobody can buy; an earned runbook heals it without waking anyone.',
  expected: 'RESOLVED',
  deadlineMs: 600_000,
  world: { rcaWaitSeconds: 30 },
  async begin(world) {
    world.watchShop();
    await breakShop(world, 'cache');
    await rootCauseNote(world, NOTE);
  },
  async verdicts(world, incident) {
    const confirmed = latestOf(incident, 'recovery.confirmed');
    const green =
      confirmed?.samples.every((sample) => sample.outcome === 'pass') && confirmed.samples.length > 0;
    return [
      {
        what: 'the journey was red before anything was proposed',
        ok: sawRed(latestOf(incident, 'remediation.rehearsed')?.samples),
      },
      {
        what: 'the root-cause note was waited for and believed, by its author’s id',
        ok: latestOf(incident, 'hypothesis.received')?.source === 'cleric',
      },
      {
        what: 'Datadog’s monitor, metric and logs are evidence',
        ok: ['monitor-1', 'metric-1', 'logs-1'].every((id) =>
          latestOf(incident, 'evidence.gathered')?.items.some((item) => item.id === id),
        ),
      },
      {
        what: 'the auto lane approved, earned by labelled sample history',
        ok: latestOf(incident, 'remediation.approved')?.lane === 'auto',
      },
      {
        what: 'the journey was red again right before the run',
        ok: sawRed(latestOf(incident, 'remediation.started')?.samples),
      },
      { what: 'the journey was green after it, every time', ok: green === true },
      { what: 'PagerDuty is resolved', ok: pageStatus(world, incident) === 'resolved' },
      { what: 'Slack links the pull request', ok: slackLinksPull(world, incident) },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
      { what: 'the workspace is gone', ok: workspacesGone(world) },
    ];
  },
};
