// A fix that does not help: two things are broken, the runbook knows one. The flag stays off, because switching it on again would bring
// that fault back; people get all that is known, and one word would undo it.
import { latestOf } from '#core/ledger/replay';
import { asPerson, breakShop, review, ring } from '../people.ts';
import type { World } from '../world.ts';
import { issueState, pageStatus, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const badFlag: Scenario = {
  name: 'bad-flag',
  about:
    'The flag is switched off as approved, but orders still fail; it stays off and people take over, since the undo would bring its fault back.',
  expected: 'ESCALATED',
  deadlineMs: 600_000,
  async begin(world) {
    await breakShop(world, 'flag');
    await breakShop(world, 'workers');
    await ring(world, 'trigger', 'Checkout fails after a flag change', { flag: 'new-pricing' });
  },
  async people(world, record) {
    if (record.type === 'pull.opened') await review(world, 'riley', record.data.number, 'APPROVE');
  },
  async verdicts(world, incident) {
    const refuted = latestOf(incident, 'recovery.refuted');
    return [
      {
        what: 'the fix ran and did not help, and nothing got worse',
        ok: refuted !== null && refuted.worse === undefined,
      },
      { what: 'nothing was undone', ok: latestOf(incident, 'undo.started') === null },
      { what: 'the flag is as the fix left it', ok: world.shop.state().flags['new-pricing'] === false },
      {
        what: 'the issue says what an undo would bring back, and how to ask for it',
        ok: /Nothing was undone: .*`\/vigil undo`.*would bring back the flag/.test(
          await said(world, incident.issue?.number),
        ),
      },
      {
        what: 'Slack says it too, with a button',
        ok: /would bring back the flag.*vigil_undo/.test(JSON.stringify(world.slack.messages())),
      },
      { what: 'PagerDuty still rings', ok: pageStatus(world, incident) === 'triggered' },
      { what: 'the issue stays open', ok: (await issueState(world, incident)) === 'open' },
      {
        what: 'the workspace is gone',
        ok: workspacesGone(world) && world.coder.workspaces().length === 1,
      },
    ];
  },
};

/** All comments of an issue. */
async function said(world: World, number: number | undefined): Promise<string> {
  const comments = (await asPerson(world, 'riley', 'GET', `/issues/${number}/comments`)) as {
    body: string;
  }[];
  return comments.map(({ body }) => body).join('\n');
}
