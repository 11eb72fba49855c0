// A workspace that nobody took away is told on the ledger in its time, and the job that removes it is dispatched once an hour, however
// many are left and however many replicas look.
import { ProbotOctokit } from 'probot';
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { hearing, memoryLedger, testSource } from '../../test/support/hearing.ts';
import { fact, incidentOf, KEY, OPENED, untilVerifying } from '../../test/support/incidents.ts';
import { perform } from './effects.ts';
import { tellLeftBehind } from './left-behind.ts';
import type { World } from './world.ts';

const OTHER = 'pd-q2shop2';
const healed: Fact[] = [...untilVerifying, fact('recovery.confirmed')];
const ofOther: Fact[] = [
  fact('incident.opened', { key: OTHER }),
  ...untilVerifying
    .slice(1)
    .map(
      (one): Fact =>
        one.type === 'remediation.started' || one.type === 'remediation.finished'
          ? ({ ...one, data: { ...one.data, workspace: `vigil-${OTHER}-1` } } as Fact)
          : one,
    ),
  fact('recovery.confirmed'),
];
const hours = (count: number): Date => new Date(OPENED.getTime() + count * 3_600_000);

/** A GitHub that knows only runs of watch.yml, and every request for one. */
function runsOfWatch() {
  const runs: { id: number; html_url: string; display_title: string }[] = [];
  const asked: unknown[] = [];
  const json = (body: object) =>
    new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } });
  const fetch = async (url: string, { method, body }: { method: string; body?: string }) => {
    if (!url.includes('/actions/workflows/watch.yml/')) throw new Error(`nobody asks for ${url}`);
    if (method === 'GET') return json({ total_count: runs.length, workflow_runs: runs });
    const { inputs } = JSON.parse(body ?? '{}') as { inputs: { hour: string } };
    asked.push(inputs);
    const id = 900 + runs.length;
    const html_url = `https://github.com/acme/production/actions/runs/${id}`;
    runs.push({ id, html_url, display_title: `watch ${inputs.hour}` });
    return json({ workflow_run_id: id, html_url, run_url: html_url });
  };
  const octokit = new ProbotOctokit({
    ...{ throttle: { enabled: false }, retry: { enabled: false }, request: { fetch } },
  });
  const repo = {
    octokit: async () => octokit,
    owner: 'acme',
    repo: 'production',
    branch: 'main',
    appSlug: 'vigil',
  };
  return { repo, asked };
}

function worldWith(incidents: Incident[]) {
  const ledger = memoryLedger(incidents);
  const { repo, asked } = runsOfWatch();
  let now = hours(0);
  const woken: string[] = [];
  const source = testSource();
  const git = (): never => {
    throw new Error('there is no git here');
  };
  const world: World = {
    ...hearing(ledger),
    ...{ repo, now: () => now, owner: { replica: 'one', boot: 'b1' } },
    ...{ source: async () => source, cachedSource: async () => source },
    clone: {
      ...{ dir: '/nowhere', url: '/nowhere', depth: null, local: git, remote: git, reading: git },
      credentials: async () => null,
    },
  };
  const types = (key: string) => ledger.get(key)?.records.map(({ type }) => type) ?? [];
  return {
    ...{ ledger, asked, woken, world },
    count: (key: string) => types(key).filter((type) => type === 'workspace.left').length,
    async sweep(at: Date) {
      now = at;
      await tellLeftBehind(world, { wake: (key) => void woken.push(key) });
    },
    async dispatch(key: string) {
      const incident = ledger.get(key);
      if (!incident) throw new Error('the ledger lost it');
      return perform(world, incident, { kind: 'watch.dispatch', name: 'any' });
    },
  };
}

test('it is told once when it is due, by whichever sweep, and again an hour later', async () => {
  const { sweep, count, woken } = worldWith([incidentOf(healed)]);
  await sweep(hours(0.1));
  expect(count(KEY)).toBe(0);
  for (const at of [0.3, 0.31, 1.2]) await sweep(hours(at));
  expect([count(KEY), woken]).toEqual([1, [KEY]]);
  for (const at of [1.31, 1.4, 3.2]) await sweep(hours(at));
  expect(count(KEY)).toBe(2);
});

test('made-up history owns no workspace', async () => {
  const sample = incidentOf([fact('incident.opened', { sample: true }), ...healed.slice(1)]);
  const { sweep, count } = worldWith([sample]);
  await sweep(hours(9));
  expect(count(KEY)).toBe(0);
});

test('one run serves all incidents of an hour, and the next hour has its own', async () => {
  const { sweep, dispatch, asked } = worldWith([incidentOf(healed), incidentOf(ofOther)]);
  await sweep(hours(0.5));
  const first = await dispatch(KEY);
  expect(first.result).toBe('https://github.com/acme/production/actions/runs/900');
  // The other incident, and the same one after a crash before it was written down.
  expect([await dispatch(OTHER), await dispatch(KEY)]).toEqual([first, first]);
  await sweep(hours(1.6));
  expect((await dispatch(OTHER)).result).toBe('https://github.com/acme/production/actions/runs/901');
  expect(asked).toEqual([{ hour: '2026-11-03T03Z' }, { hour: '2026-11-03T04Z' }]);
});
