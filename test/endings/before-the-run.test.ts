// Every way an incident can end before anything ran, through the front door: a signed webhook in, and what GitHub, Slack and
// PagerDuty show afterwards. Jobs are played; the rest is real. They share one world and go on side by side.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { EARLY, type Story, tell } from '../support/endings.ts';
import { fact } from '../support/incidents.ts';
import { playRespond, runOf, say } from '../support/quick-jobs.ts';
import { as, incidentThat, page, review } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';
import { stories } from '../support/told-stories.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1', VIGIL_QUIET_SECONDS: '4' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

const proposed = (key: string) =>
  incidentThat(
    world,
    key,
    'is proposed and told',
    (seen) => seen.effects.get('issue.propose#1')?.status === 'done',
  );

/** Ends the first respond run red before any of its jobs has said anything. */
async function failsOnce(key: string): Promise<void> {
  const incident = await incidentThat(
    world,
    key,
    'is investigated',
    ({ effects }) => effects.get('respond.dispatch#1')?.status === 'done',
  );
  world.jobs.end(await runOf(world, 'respond', incident), 'failure');
}
const AGAIN = ' again 0 once more';

const told: Story[] = [
  {
    name: 'a review that asks for changes: ESCALATED, the pull request closed',
    async happens(_, { key }) {
      await playRespond(world, key);
      await review(world, key, 'REQUEST_CHANGES');
    },
    seen: {
      stage: 'ESCALATED',
      why: /riley rejected the remediation: changes requested in a review/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered', stages: [...EARLY, 'ESCALATED'] },
    },
  },
  {
    name: 'the pull request closed by a person: ESCALATED, and nobody called “github” is blamed',
    async happens(_, { key }) {
      await playRespond(world, key);
      const seen = await proposed(key);
      await as(world, 'riley', `/pulls/${latestOf(seen, 'pull.opened')?.number}`, 'PATCH', {
        state: 'closed',
      });
    },
    seen: {
      stage: 'ESCALATED',
      why: /(?<!rejected.*)The pull request was closed before anything ran/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered' },
    },
  },
  stories['false alarm'],
  {
    name: 'nothing red but the alert still firing: ESCALATED, no pull request',
    happens: (_, { key }) => playRespond(world, key, { rehearsal: 'absent' }),
    seen: {
      stage: 'ESCALATED',
      why: /Nothing was broken when Vigil looked: order was green 3 of 3 times\. The alert is firing/,
      ...{ pulls: [], runs: ['respond 1'], page: 'triggered', stages: [...EARLY, 'ESCALATED'] },
    },
  },
  {
    name: 'the alert gone and quiet while people think: RESOLVED alone, the pull request closed',
    async happens(_, alert) {
      await playRespond(world, alert.key);
      await proposed(alert.key);
      await page(world, alert, 'resolved');
    },
    seen: {
      stage: 'RESOLVED',
      why: /The service recovered on its own before anything ran/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'resolved', stages: [...EARLY, 'RESOLVED'] },
    },
  },
  {
    name: 'a planner without a fitting runbook: ESCALATED, no pull request',
    async happens(_, { key }) {
      const incident = await incidentThat(
        world,
        key,
        'is investigated',
        ({ stage }) => stage !== 'TRIGGERED',
      );
      const run = await runOf(world, 'respond', incident);
      await say(world, run, 'orient', incident, [
        fact('evidence.gathered', { branch: '', items: [] }),
        fact('hypothesis.received'),
        fact('context.retrieved', { matches: [] }),
      ]);
      await say(world, run, 'decide', incident, [
        fact('incident.escalated', { code: 'no_runbook', reason: 'no runbook matches this incident' }),
      ]);
      world.jobs.end(run, 'success');
    },
    seen: {
      stage: 'ESCALATED',
      why: /No runbook fits, and Vigil does not invent one\. no runbook matches this incident/,
      ...{ pulls: [], runs: ['respond 1'], page: 'triggered', stages: [...EARLY, 'ESCALATED'] },
    },
  },
  {
    name: 'a run that fails twice before it said anything: ESCALATED from INVESTIGATING',
    async happens(_, { key }) {
      await failsOnce(key);
      world.jobs.end(await runOf(world, 'respond', { key, attempt: 1 }, AGAIN), 'failure');
    },
    seen: {
      stage: 'ESCALATED',
      why: /A workflow run ended without saying what it found\. workflow run \d+ failed/,
      ...{ pulls: [], runs: ['respond 1', `respond 1${AGAIN}`], page: 'triggered' },
      stages: ['TRIGGERED', 'INVESTIGATING', 'ESCALATED'],
    },
  },
  {
    name: 'a run that fails once before it said anything: another one finds that nothing is broken',
    async happens(_, { key }) {
      await failsOnce(key);
      await runOf(world, 'respond', { key, attempt: 1 }, AGAIN);
      await playRespond(world, key, { rehearsal: 'absent', more: AGAIN });
    },
    seen: {
      stage: 'ESCALATED',
      why: /Nothing was broken when Vigil looked: order was green 3 of 3 times/,
      ...{ pulls: [], runs: ['respond 1', `respond 1${AGAIN}`], page: 'triggered' },
      stages: [...EARLY, 'ESCALATED'],
    },
  },
];

describe.concurrent('before anything ran', () => {
  test.each(told)('$name', async (story) => void (await tell(world, story)));
});
