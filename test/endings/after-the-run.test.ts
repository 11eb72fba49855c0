// Every way an incident can end once a script was started, through the front door: a signed webhook in, and what GitHub, Slack
// and PagerDuty show afterwards. Jobs are played; the rest is real. They share one world and go on side by side.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobDue } from '#core/incident/job-due';
import { latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { BOTH, everybodySees, RAN, type Story, TITLE, tell } from '../support/endings.ts';
import { playRemediate, playRespond } from '../support/quick-jobs.ts';
import { as, incidentThat, outside, page, review, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';
import { stories } from '../support/told-stories.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world);
});
afterAll(async () => {
  await app?.close();
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

async function approved(key: string): Promise<void> {
  await playRespond(world, key);
  await review(world, key, 'APPROVE');
}

const told: Story[] = [
  stories.healed,
  {
    name: 'the only lasting act of the script fails: nothing is left half done, ESCALATED, no undo',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { execute: 'failed' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /The script did not succeed: failed, exit code 22\.(?! The undo)/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'ESCALATED'] },
    },
  },
  stories.undone,
  {
    name: 'the fix does not help: ESCALATED, the state is left, no undo',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { verify: 'refuted' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /The fix ran and did not help: order was red 3 of 5 times\.(?! The undo)/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'VERIFYING', 'ESCALATED'] },
    },
  },
  {
    name: 'the fix makes something worse and the undo fails too: ESCALATED, and everybody hears of both',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { verify: 'worse', undo: 'failed' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /The fix ran and made something worse: home was green before the run and is red\. The undo failed too\./,
      ...{ ...BOTH, page: 'triggered' },
    },
  },
  {
    name: 'nobody could see whether it helped: ESCALATED, no undo',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { verify: 'inconclusive' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /Vigil could not see whether it helped: the browser was lost\.(?! The undo)/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'VERIFYING', 'ESCALATED'] },
    },
  },
  {
    name: 'what the script did is unknown: ESCALATED, nothing more runs',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { execute: 'lost' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /It is not known what the script did: the workspace stopped answering\. Nothing more runs until a person says so/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'ESCALATED'] },
    },
  },
  {
    name: 'the run dies while the script runs: lost, ESCALATED, nothing more runs',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { execute: 'vanishes' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /It is not known what the script did: workflow run \d+ failed\. Nothing more runs until a person says so/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'ESCALATED'] },
    },
  },
  {
    name: 'the run dies while it verifies: ESCALATED from VERIFYING',
    async happens(_, { key }) {
      await approved(key);
      await playRemediate(world, key, { verify: 'vanishes' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /A workflow run ended without saying what it found\. workflow run \d+ failed/,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'VERIFYING', 'ESCALATED'] },
    },
  },
];

describe.concurrent('once a script was started', () => {
  test.each(told)('$name', async (story) => {
    const incident = await tell(world, story);
    for (const job of ['execute', 'undo'] as const)
      expect(jobDue(incident, job, 1).due, `${job} may run again`).toBe(false);
  });

  test('what did not help is left, everybody hears what the undo would bring back, and one word runs it', async () => {
    const alert = await ring(world, TITLE);
    await approved(alert.key);
    await playRemediate(world, alert.key, { verify: 'refuted' });
    const left = await settled(world, alert.key);
    expect([jobDue(left, 'undo', 1).due, latestOf(left, 'undo.started')]).toEqual([false, null]);
    const seen = await outside(world, alert);
    const bring =
      /Nothing was undone: nothing got worse[\s\S]*would bring back the flag as it was while the fault was there/;
    for (const said of [seen.issues[0]?.comments[0], seen.slack[0], seen.page.notes.at(-1)])
      expect(said).toMatch(bring);

    await as(world, 'riley', `/issues/${left.issue?.number}/comments`, 'POST', { body: '/vigil undo' });
    const asked = await incidentThat(world, alert.key, 'dispatched the undo', (now) =>
      [...now.effects].some(([name, { status }]) => name.startsWith('undo.dispatch') && status === 'done'),
    );
    expect(jobDue(asked, 'undo', 1).due).toBe(true);
    expect(latestOf(asked, 'undo.requested')).toEqual({ by: 'riley' });
  });

  test('the alert comes back: the issue is open again at once, attempt 2 goes its own way', async () => {
    const alert = await ring(world, TITLE);
    await approved(alert.key);
    await playRemediate(world, alert.key);
    await settled(world, alert.key);
    await page(world, alert, 'triggered');
    const again = await incidentThat(
      world,
      alert.key,
      'is told to be open again',
      (seen) => seen.attempt === 2 && seen.effects.get('issue.reopen#2')?.status === 'done',
    );
    expect(again.stage).toBe('INVESTIGATING');
    const seen = await outside(world, alert);
    expect(seen.issues[0]).toMatchObject({ state: 'open', labels: ['vigil:investigating'] });
    expect(seen.slack[0]).toMatch(/^Looking again: shop-/);

    await approved(alert.key);
    await playRemediate(world, alert.key);
    const incident = await settled(world, alert.key, 2);
    await everybodySees(world, alert, incident, {
      stage: 'RESOLVED',
      attempt: 2,
      why: /The fix ran and the service works again/,
      pulls: ['merged', 'merged'],
      runs: ['respond 1', 'remediate 1', 'respond 2', 'remediate 2'],
      page: 'resolved',
    });
  });

  test('a person says retry after a failure: attempt 2 begins, and may end otherwise', async () => {
    const alert = await ring(world, TITLE);
    await approved(alert.key);
    await playRemediate(world, alert.key, { execute: 'failed' });
    const failed = await settled(world, alert.key);
    await as(world, 'riley', `/issues/${failed.issue?.number}/comments`, 'POST', { body: '/vigil retry' });
    await incidentThat(world, alert.key, 'is retried', ({ attempt }) => attempt === 2);
    await approved(alert.key);
    await playRemediate(world, alert.key);
    const incident = await settled(world, alert.key, 2);
    expect(latestOf(incident, 'incident.retried')).toEqual({ by: 'riley' });
    const seen = await outside(world, alert);
    expect(seen.issues[0]?.state).toBe('closed');
    expect(seen.runs).toEqual(['respond 1', 'remediate 1', 'respond 2', 'remediate 2']);
    expect(seen.page.status).toBe('resolved');
  });
});
