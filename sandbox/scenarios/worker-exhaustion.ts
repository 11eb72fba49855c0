// The human lane: a MEDIUM restart waits for a person. Someone who may not write, and a review of other bytes, do not count.
import { latestOf } from '#core/ledger/replay';
import { asPerson, breakShop, review, ring } from '../people.ts';
import type { World } from '../world.ts';
import { issueState, pageStatus, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const workerExhaustion: Scenario = {
  name: 'worker-exhaustion',
  about: 'Every order worker is stuck; the restart may lose orders, so it waits for a review that counts.',
  expected: 'RESOLVED',
  deadlineMs: 600_000,
  // Here every system takes part: a model decides, a privacy service looks at each text, a content lake remembers.
  world: { llm: 'anthropic', skyflow: { people: ['Frida Fischer'] }, sanity: true },
  async begin(world) {
    await breakShop(world, 'workers');
    await ring(world, 'trigger', 'Order workers are exhausted', {
      queue: 'orders',
      waiting: 12,
      first: 'an order of Frida Fischer',
    });
  },
  async people(world, record, incident, { look, aside }) {
    const pulled = latestOf(incident, 'pull.opened');
    if (record.type !== 'effect.done' || record.data.effect !== 'slack.post#1' || !pulled) return;
    await look('asking');
    const { number } = pulled;
    const pull = (await asPerson(world, 'riley', 'GET', `/pulls/${number}`)) as { base: { sha: string } };
    await review(world, 'robin', number, 'APPROVE');
    await review(world, 'riley', number, 'APPROVE', pull.base.sha);
    aside('reviewsThatDoNotCount');
    await review(world, 'sam', number, 'APPROVE');
  },
  async verdicts(world, incident) {
    const approved = latestOf(incident, 'remediation.approved');
    const pull = latestOf(incident, 'pull.opened');
    const reviews = (await asPerson(world, 'riley', 'GET', `/pulls/${pull?.number}/reviews`)) as unknown[];
    const proposal = latestOf(incident, 'remediation.proposed');
    const told = JSON.stringify([
      incident.records,
      world.slack.messages(),
      world.claude?.received.map(({ body }) => body),
    ]);
    return [
      {
        what: 'Claude was asked once, and its answer held to account',
        ok: proposal?.by === 'model' && proposal.model !== undefined && messagesTo(world) === 1,
      },
      {
        what: 'the customer’s name left nowhere: not to the model, the ledger or Slack',
        ok: (world.skyflow?.asked.length ?? 0) > 0 && !told.includes('Frida'),
      },
      {
        what: 'Sanity remembers the incident and that it helped',
        ok: world.sanity?.documents().some((document) => document['effectiveness'] === 100) === true,
      },
      { what: 'three people reviewed', ok: reviews.length === 3, played: true },
      {
        what: 'only the one who may write and looked at these bytes counted',
        ok: approved?.lane === 'human' && approved.by.join() === 'sam',
        played: true,
      },
      { what: 'a person approved', ok: approved?.lane === 'human' && approved.by.length > 0 },
      {
        what: 'the policy called it MEDIUM',
        ok: latestOf(incident, 'remediation.judged')?.risk === 'MEDIUM',
      },
      {
        what: 'it ran once and the workspace is gone',
        ok: workspacesGone(world) && world.coder.workspaces().length === 1,
      },
      { what: 'PagerDuty is resolved', ok: pageStatus(world, incident) === 'resolved' },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
    ];
  },
};

function messagesTo(world: World): number {
  return world.claude?.received.filter(({ path }) => path.startsWith('/v1/messages')).length ?? 0;
}
