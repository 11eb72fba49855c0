// The auto lane: a poisoned cache, a LOW runbook with an earned history, nobody needs to get up.
import { known } from '#core/replay';
import type { Scenario } from './scenario.ts';

export const checkoutErrors: Scenario = {
  name: 'checkout-errors',
  about: 'The price cache is poisoned and nobody can buy; an earned runbook heals it without waking anyone.',
  expected: 'RESOLVED',
  deadlineMs: 90_000,
  async begin(world) {
    world.watchShop();
    await fetch(`${world.shop.admin}/break/cache`, { method: 'POST', signal: AbortSignal.timeout(5000) });
  },
  async verdicts(world, incident) {
    const rehearsed = known(incident, 'remediation.rehearsed');
    const started = known(incident, 'remediation.started');
    const confirmed = known(incident, 'recovery.confirmed');
    const paged = world.pagerduty.incidents().find((page) => page.id === incident.opened.pagerduty.id);
    const pull = known(incident, 'pull.opened');
    const message = world.slack
      .messages()
      .find((posted) => pull !== null && JSON.stringify(posted).includes(pull.url));
    const red = (samples: readonly { outcome: string }[] | undefined) =>
      samples?.some((sample) => sample.outcome === 'fail') === true;
    const issue = await fetch(
      `${world.github.api}/repos/${world.owner}/${world.repo}/issues/${incident.issue?.number}`,
      { headers: { authorization: `token ${world.reviewer.token}` }, signal: AbortSignal.timeout(5000) },
    );
    const { state } = (await issue.json()) as { state: string };
    return [
      { what: 'the journey was red before anything was proposed', ok: red(rehearsed?.samples) },
      {
        what: 'the auto lane approved, earned by labelled sample history',
        ok: known(incident, 'remediation.approved')?.lane === 'auto',
      },
      { what: 'the journey was red again right before the run', ok: red(started?.samples) },
      {
        what: 'the journey was green after it, every time',
        ok:
          confirmed !== null &&
          confirmed.samples.length > 0 &&
          confirmed.samples.every((sample) => sample.outcome === 'pass'),
      },
      { what: 'PagerDuty is resolved', ok: paged?.status === 'resolved' },
      { what: 'Slack links the pull request', ok: message !== undefined },
      { what: 'the issue is closed', ok: state === 'closed' },
      {
        what: 'the workspace is gone',
        ok: world.coder.workspaces().every(({ status }) => status === 'deleted'),
      },
    ];
  },
};
