// What people do to the page in PagerDuty while a proposal waits: they move it to another service, raise its priority, word its
// title anew, merge it; and pages of services that nobody asked about. As in test/endings/before-the-run.test.ts, PagerDuty alone is told.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { everybodySees, TITLE } from '../support/endings.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, incidentThat, outside, review, ring, settled } from '../support/quick-people.ts';
import { OUTSIDE, type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1', VIGIL_QUIET_SECONDS: '4' });
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

const proposed = (key: string, attempt = 1) =>
  incidentThat(
    world,
    key,
    `is proposed and told in attempt ${attempt}`,
    (seen) => seen.effects.get(`issue.propose#${attempt}`)?.status === 'done',
  );

async function waiting(): Promise<Alert> {
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  await proposed(alert.key);
  return alert;
}

describe.concurrent('while a proposal waits', () => {
  test('the page is moved to another service: the proposal is closed, and another one is made for that service', async () => {
    const alert = await waiting();
    const service = world.nextService();
    const name = world.settings.services[service]?.name ?? '';
    world.pagerduty.edit(alert.id, { service });
    await incidentThat(
      world,
      alert.key,
      'begins again and has closed the old proposal',
      (seen) => seen.attempt === 2 && seen.effects.get('pull.leave#2')?.status === 'done',
    );
    await playRespond(world, alert.key);
    const again = await proposed(alert.key, 2);
    expect([latestOf(again, 'remediation.proposed')?.target, again.opened.service.name]).toEqual([
      name,
      name,
    ]);
    const seen = await outside(world, alert);
    expect(seen.pulls.map(({ state }) => state)).toEqual(['closed', 'open']);
    expect(seen.issues).toMatchObject([{ state: 'open', title: expect.stringContaining(`] ${name}: `) }]);
    expect(seen.issues[0]?.comments[0]).toMatch(/The page was moved from shop-\d+ to shop-\d+ in PagerDuty/);
    expect(seen.slack).toEqual([expect.stringContaining(name)]);

    await review(world, alert.key, 'REQUEST_CHANGES');
    await everybodySees(world, alert, await settled(world, alert.key, 2), {
      ...{ stage: 'ESCALATED', why: /riley rejected the remediation/, attempt: 2, page: 'triggered' },
      ...{ pulls: ['closed', 'closed'], runs: ['respond 1', 'respond 2'], more: 4 },
    });
  });

  test('the priority is raised and the title is worded anew: issue and Slack follow, and the proposal stays', async () => {
    const alert = await waiting();
    world.pagerduty.edit(alert.id, { title: 'All of checkout is down', priority: 'P1' });
    const seen = await incidentThat(
      world,
      alert.key,
      'is told anew',
      ({ effects, latest }) => effects.get(`issue.tell#1.${latest['alert.changed']?.seq}`)?.status === 'done',
    );
    expect(seen.stage).toBe('SYNTHESIZING');
    const found = await outside(world, alert);
    expect(found.issues.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^\[P1\] shop-\d+: All of checkout is down \(/),
    ]);
    expect(found.pulls.map(({ state }) => state)).toEqual(['open']);
  });

  test('the page is merged into another one: RESOLVED with the page it goes on in, the proposal closed', async () => {
    const alert = await waiting();
    const target = await ring(world, 'All of checkout is down');
    world.pagerduty.merge(alert.id, target.id);
    await everybodySees(world, alert, await settled(world, alert.key), {
      ...{ stage: 'RESOLVED', page: 'resolved', pulls: ['closed'], runs: ['respond 1'] },
      why: new RegExp(`The page was merged into ${target.id} in PagerDuty, where it goes on`),
    });
  });
});

test('twenty alerts of a service outside the inventory open nothing, and hold up no other alert', async () => {
  const alerts = [];
  for (let n = 0; n < 20; n++) alerts.push(await ring(world, TITLE, OUTSIDE));
  const inside = await ring(world, TITLE);
  await incidentThat(world, inside.key, 'is investigated', ({ stage }) => stage === 'INVESTIGATING');

  for (const alert of alerts) {
    expect(await world.incident(alert.key)).toBe(null);
    expect(await outside(world, alert)).toMatchObject({
      ...{ issues: [], pulls: [], runs: [], slack: [], page: { status: 'triggered', notes: [] } },
    });
  }
});
