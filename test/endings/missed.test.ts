// What happens while the app is away is not lost: GitHub tells of the end of a run once, and nobody may be listening.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../../app/start.ts';
import { everybodySees, TITLE } from '../support/endings.ts';
import { fact } from '../support/incidents.ts';
import { playRespond, runOf, say } from '../support/quick-jobs.ts';
import { type Alert, incidentThat, page, review, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

let world: QuickWorld;
let app: Running;
beforeAll(async () => {
  world = await startQuickWorld();
  app = await startQuickApp(world);
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

test('runs that fail while nobody listens leave their incidents to people all the same', async () => {
  const [running, silent]: [Alert, Alert] = [await ring(world, TITLE), await ring(world, TITLE)];
  await playRespond(world, running.key);
  await review(world, running.key, 'APPROVE');
  const ready = await incidentThat(
    world,
    running.key,
    'is dispatched and told',
    ({ effects }) =>
      effects.get('remediate.dispatch#1')?.status === 'done' &&
      effects.get('issue.propose#1')?.status === 'done',
  );
  const run = await runOf(world, 'remediate', ready);
  const digest = ready.latest['remediation.approved']?.data.digest ?? '';
  const started = await say(world, run, 'execute', ready, [fact('remediation.started', { digest })]);
  expect(started.status).toBe(202);
  const investigated = await incidentThat(
    world,
    silent.key,
    'is investigated',
    ({ effects }) => effects.get('respond.dispatch#1')?.status === 'done',
  );
  const first = await runOf(world, 'respond', investigated);
  await app.close();
  world.jobs.end(run, 'failure');
  world.jobs.end(first, 'success');
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1' });

  await everybodySees(world, running, await settled(world, running.key), {
    stage: 'ESCALATED',
    why: /It is not known what the script did: workflow run \d+ failed\. Nothing more runs until a person says so/,
    ...{ pulls: ['merged'], runs: ['respond 1', 'remediate 1'], page: 'triggered' },
  });
  await everybodySees(world, silent, await settled(world, silent.key), {
    stage: 'ESCALATED',
    why: /A workflow run ended without saying what it found\. workflow run \d+ ended without a word/,
    ...{ pulls: [], runs: ['respond 1'], page: 'triggered' },
  });
});

test('a page of which no webhook arrives is followed all the same: it rings, changes and is resolved', async () => {
  world.pagerduty.setWebhook('http://127.0.0.1:9/'); // nobody listens on the discard port
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key);
  world.pagerduty.edit(alert.id, { priority: 'P1' });
  await incidentThat(world, alert.key, 'has its priority', ({ opened }) => opened.priority === 'P1');
  await page(world, alert, 'resolved');

  await everybodySees(world, alert, await settled(world, alert.key), {
    stage: 'RESOLVED',
    why: /The service recovered on its own before anything ran/,
    ...{ pulls: ['closed'], runs: ['respond 1'], page: 'resolved', more: 2 },
  });
});
