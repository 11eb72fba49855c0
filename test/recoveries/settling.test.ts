// Recoveries that take their time, with the clock ahead, through the front door: a signed webhook in; the app, its sweep and its
// dispatches are real, and so are the looks, by HTTP at a service whose answers depend on the clock. Only the runner is played: it
// runs the product's own sampler. What people were told is read from GitHub, PagerDuty and Slack.

import { dump } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { dueEffects } from '#core/incident/due';
import { workspaceName } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Running } from '../../app/start.ts';
import { drains, flaps, type Shape, stays, steps } from '../../scripts/recoveries.ts';
import { TITLE } from '../support/endings.ts';
import { fact } from '../support/incidents.ts';
import { playRespond, runOf, say } from '../support/quick-jobs.ts';
import { approve, incidentThat, outside, ring } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';
import {
  type MovedClock,
  movedClock,
  planAt,
  redLooks,
  type SlowService,
  startSlowService,
  verifyLooks,
} from '../support/slow-service.ts';

const MIN = 60;
const BEFORE = 0.2;
/** Every story begins at a full hour, so that what is told of times is the same every time. */
let hour = Date.parse('2026-11-30T12:00:00Z');
let world: QuickWorld;
let app: Running;
let clock: MovedClock;
let service: SlowService;

/** The clock of this process goes on as it does, from here. */
function moveTo(at: number): void {
  clock.set(at);
  vi.setSystemTime(at);
}

beforeAll(async () => {
  vi.useFakeTimers({ toFake: ['Date'], shouldAdvanceTime: true, now: hour });
  clock = movedClock(hour);
  world = await startQuickWorld('shop-bad-flag', undefined, 120_000, (text, shop) =>
    text.replace(/```yaml verify\n[\s\S]*?```/, `\`\`\`yaml verify\n${verify(times[shop] ?? '15m')}\`\`\``),
  );
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '0.5' });
  service = await startSlowService(clock);
});
afterAll(async () => {
  await app?.close();
  await service?.close();
  await world?.close();
  vi.useRealTimers();
  expect(world?.github.violations ?? []).toEqual([]);
});

/** How long each shop's runbook lets it take. */
const times: Readonly<Record<string, string>> = { 'shop-1': '30m', 'shop-2': '1h', 'shop-3': '2h' };
const verify = (within: string) =>
  dump({
    v: 1,
    checks: [{ id: 'cart', kind: 'http', url: '{SHOP_URL}/cart', expect: { failing: '<= 5 %', of: 50 } }],
    symptom: { checks: ['cart'] },
    settle: { within },
  });

/** `runs`: of the job that looks. `told`: what stood on the issue, in PagerDuty and in Slack, in order. */
type Told = { verdict: string; minutes: number; runs: number; worse?: string; told: string[] };

/** From the alert to the end; what was said on the way is read whenever the app has nothing more to say. */
async function story(shape: Shape, shop: number): Promise<Told> {
  hour += 24 * 3_600_000;
  moveTo(hour - 10 * MIN * 1000);
  const alert = await ring(world, TITLE, `PSHOP0${shop}`);
  const { key } = alert;
  await playRespond(world, key);
  await approve(world, key);
  const merged = await incidentThat(world, key, 'is merged', (one) => !!latestOf(one, 'pull.merged'));
  let run = await runOf(world, 'remediate', merged);
  const plan = planAt(merged, service.url);
  service.becomes(stays(BEFORE));
  const before = await redLooks(plan, clock);
  const workspace = workspaceName(key, 1);
  const digest = latestOf(merged, 'remediation.approved')?.digest ?? '';
  const url = `${world.github.web}/actions/runs/${run}`;
  for (const one of [
    fact('remediation.started', { digest, workspace, run: { id: run, url }, samples: before }),
    fact('remediation.finished', { workspace }),
    fact('workspace.deleted', { workspace }),
  ])
    expect((await say(world, run, 'execute', merged, [one])).status).toBe(202);
  moveTo(hour);
  service.becomes(shape);
  const [issue, slack]: [string[], string[]] = [[], []];
  for (let runs = 1; ; runs++) {
    const incident = await incidentThat(world, key, 'has nothing to tell', isTold);
    const said = await verifyLooks(incident, plan, clock);
    if (said === null) throw new Error(`nothing is verified in ${incident.stage}`);
    moveTo(clock.now());
    expect((await say(world, run, 'verify', incident, [said])).status).toBe(202);
    world.jobs.end(run, 'success');
    const seen = await incidentThat(world, key, 'is told', (one) => one.seq > incident.seq && isTold(one));
    const found = await outside(world, alert);
    const [status = ''] = found.issues[0]?.comments ?? [];
    addTo(issue, status.split('\n\n')[said.type === 'recovery.watched' ? 1 : 0]);
    addTo(slack, /(?:Not better yet|It improves|The fix ran)[^"\\]*/.exec(found.slack[0] ?? '')?.[0]);
    if (said.type !== 'recovery.watched') {
      const page: string[] = [];
      for (const note of found.page.notes) addTo(page, note.split('\n')[0]);
      expect([issue, page]).toEqual([slack, slack]);
      const { worse } = latestOf(seen, 'recovery.refuted') ?? {};
      const minutes = Math.round((clock.now() - hour) / 60_000);
      return { verdict: said.type, minutes, runs, ...(worse ? { worse } : {}), told: slack };
    }
    moveTo(Date.parse(said.data.next));
    const asked = await incidentThat(
      world,
      key,
      'is asked to look',
      (one) => (one.latest['look.asked']?.seq ?? 0) > seen.seq,
    );
    run = await runOf(world, 'remediate', asked, ` look ${asked.latest['look.asked']?.seq}`);
  }
}

const isTold = (one: Incident): boolean =>
  dueEffects(one).length === 0 && ![...one.effects.values()].some(({ status }) => status === 'claimed');
/** The words alone; each place names the stage in its own way. */
function addTo(all: string[], line = ''): void {
  const words = line.replace(/^(?:\*\*\w+\.\*\* |Vigil: \w+\. )/, '');
  if (all.at(-1) !== words) all.push(words);
}

/** In each story a fifth of the requests failed before the run, and at most 5 % may. */
describe('a service that', () => {
  test('drains in 5 minutes, of 30', async () => {
    expect(await story(drains(5 * MIN), 1)).toEqual({
      verdict: 'recovery.confirmed',
      minutes: 6,
      runs: 1,
      told: [
        'The fix ran and the service works again: 4 of 500 requests of cart failed in 10 looks (0.8 %), at most the 5 % that may, before: 30 of 150 (20 %).',
      ],
    });
  });
  test('drains in 30 minutes, of an hour', async () => {
    expect(await story(drains(30 * MIN), 2)).toEqual({
      verdict: 'recovery.confirmed',
      minutes: 29,
      runs: 11,
      told: [
        'Not better yet: 14.7 % of the requests of cart fail, 20 % did before. Looked again at 12:09 UTC; it has until 13:00.',
        'It improves: 8.7 % of the requests of cart fail, 20 % did before. Looked again at 12:18 UTC; it has until 13:00.',
        'The fix ran and the service works again: 5 of 500 requests of cart failed in 10 looks (1 %), at most the 5 % that may, before: 30 of 150 (20 %).',
      ],
    });
  });
  test('drains in 90 minutes, of two hours', async () => {
    expect(await story(drains(90 * MIN), 3)).toEqual({
      verdict: 'recovery.confirmed',
      minutes: 86,
      runs: 23,
      told: [
        'Not better yet: 18.7 % of the requests of cart fail, 20 % did before. Looked again at 12:09 UTC; it has until 14:00.',
        'It improves: 8 % of the requests of cart fail, 20 % did before. Looked again at 12:56 UTC; it has until 14:00.',
        'The fix ran and the service works again: 5 of 500 requests of cart failed in 10 looks (1 %), at most the 5 % that may, before: 30 of 150 (20 %).',
      ],
    });
  });
  test('stalls at half of what failed', async () => {
    const stalls = steps([
      [0, BEFORE],
      [3 * MIN, BEFORE / 2],
    ]);
    expect(await story(stalls, 4)).toEqual({
      verdict: 'recovery.refuted',
      minutes: 15,
      runs: 6,
      told: [
        'Not better yet: 10 % of the requests of cart fail, 20 % did before. Looked again at 12:09 UTC; it has until 12:15.',
        'The fix ran and did not help: not well within 15 min: 50 of 500 requests of cart failed in 10 looks (10 %), more than the 5 % that may, not clearly better than before: 30 of 150 (20 %), last: 5 of 50 failed, one: answered 503, expected 200.',
      ],
    });
  });
  test('worsens after ten minutes', async () => {
    const worsens = steps([
      [0, BEFORE],
      [10 * MIN, 0.5],
    ]);
    expect(await story(worsens, 5)).toEqual({
      verdict: 'recovery.refuted',
      minutes: 12,
      runs: 4,
      worse:
        'of the requests of cart 30 of 150 (20 %) failed before the run, and 75 of 150 (50 %) in the last looks',
      told: [
        'Not better yet: 20 % of the requests of cart fail, 20 % did before. Looked again at 12:09 UTC; it has until 12:15.',
        'The fix ran and made something worse: of the requests of cart 30 of 150 (20 %) failed before the run, and 75 of 150 (50 %) in the last looks.',
      ],
    });
  });
  test('is up and down, a minute each', async () => {
    expect(await story(flaps(MIN, BEFORE), 6)).toEqual({
      verdict: 'recovery.inconclusive',
      minutes: 16,
      runs: 3,
      told: [
        'It improves: 6.7 % of the requests of cart fail, 20 % did before. Looked again at 12:10 UTC; it has until 12:15.',
        'The fix ran, but Vigil could not see whether it helped: not well within 15 min, though better: 20 of 500 requests of cart failed in 10 looks (4 %), too few to tell whether at most 5 % do, before: 30 of 150 (20 %), last: 10 of 50 failed, one: answered 503, expected 200.',
      ],
    });
  });
});
