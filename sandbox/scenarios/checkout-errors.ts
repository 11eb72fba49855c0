// The auto lane: a poisoned cache, a LOW runbook with an earned history, nobody needs to get up.
import { known } from '#core/replay';
import { breakShop } from '../people.ts';
import { issueState, pageStatus, sawRed, slackLinksPull, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const checkoutErrors: Scenario = {
  name: 'checkout-errors',
  about: 'The price cache is poisoned and nobody can buy; an earned runbook heals it without waking anyone.',
  expected: 'RESOLVED',
  deadlineMs: 90_000,
  async begin(world) {
    world.watchShop();
    await breakShop(world, 'cache');
  },
  async verdicts(world, incident) {
    const confirmed = known(incident, 'recovery.confirmed');
    const green =
      confirmed?.samples.every((sample) => sample.outcome === 'pass') && confirmed.samples.length > 0;
    return [
      {
        what: 'the journey was red before anything was proposed',
        ok: sawRed(known(incident, 'remediation.rehearsed')?.samples),
      },
      {
        what: 'the auto lane approved, earned by labelled sample history',
        ok: known(incident, 'remediation.approved')?.lane === 'auto',
      },
      {
        what: 'the journey was red again right before the run',
        ok: sawRed(known(incident, 'remediation.started')?.samples),
      },
      { what: 'the journey was green after it, every time', ok: green === true },
      { what: 'PagerDuty is resolved', ok: pageStatus(world, incident) === 'resolved' },
      { what: 'Slack links the pull request', ok: slackLinksPull(world, incident) },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
      { what: 'the workspace is gone', ok: workspacesGone(world) },
    ];
  },
};
