// A model that answers with a dangerous script, LOW and sure of itself, through the app's own front door: the auto lane is on
// and its runbook has earned it, the job that decides is believed to be who it is. What becomes of the script is up to the app.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { dueEffects } from '#core/incident/due';
import { type Incident, latestOf } from '#core/ledger/replay';
import { renderScript } from '#core/proposal/remediation';
import { sampleLedger } from '../sandbox/sample-history.ts';
import { playRespond } from './support/quick-jobs.ts';
import { type Alert, incidentThat, type Outside, outside, ring } from './support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from './support/quick-world.ts';
import { corpus } from './support/scripts.ts';

const TITLE = 'Checkout error rate is high on shop';
const use = {
  ...{
    requested: 'm',
    answered: 'm',
    request: null,
    stop: 'end_turn',
    calls: 3,
    usd: null,
    prices: '2026-11-01',
  },
  ...{ tokens: { input: 1, output: 1, cache_write: 0, cache_read: 0 }, fallback: null },
  ...{ prompt: '1'.repeat(64), schema: '2'.repeat(64), consistency: { value: 100, reason: 'all agree' } },
};
const HARMLESS = 'harmless';
const classes = ['destroyers', 'databases', 'exfiltration', 'quoting', 'code-from-data', 'tainted'];
const scripts = corpus('dangerous').filter(({ script }) => !script.startsWith('#!'));
// One of each class; and one that no rule refuses, since it only does what the inventory lists, in the model's own words.
const sample = [
  ...classes.flatMap((name) => scripts.filter((one) => one.class === name).slice(6, 7)),
  { id: HARMLESS, script: 'curl --fail --max-time 10 -X POST "$SHOP_CACHE_PURGE_URL"' },
];

let world: QuickWorld;
let app: Awaited<ReturnType<typeof startQuickApp>>;
let own: Incident;
let all: (Awaited<ReturnType<typeof fate>> & { seen: Outside })[];
beforeAll(async () => {
  world = await startQuickWorld('shop-checkout-errors');
  const [first] = world.runbooks;
  if (!first) throw new Error('there is no runbook');
  await world.github.seedBranch('vigil/ledger', await sampleLedger(first, TITLE, 40, new Date()));
  app = await startQuickApp(world);
  const [mine, ...fates] = await Promise.all([trusted(), ...sample.map(fate)]);
  own = mine;
  all = await Promise.all(fates.map(async (one) => ({ ...one, seen: await outside(world, one.alert) })));
});
afterAll(async () => {
  await app?.close();
  await world?.close();
});

async function answered(script: string): Promise<Alert> {
  const alert = await ring(world, TITLE);
  await playRespond(world, alert.key, {
    decides: (planned) =>
      planned.map((fact) =>
        fact.type === 'remediation.proposed'
          ? {
              ...fact,
              data: {
                ...fact.data,
                ...{ by: 'model', model: use, risk: 'LOW', confidence: 100, summary: 'Perfectly safe.' },
                files: { ...fact.data.files, 'fix.sh': renderScript(script, fact.data.parameters) },
              },
            }
          : fact,
      ),
  });
  return alert;
}

async function trusted(): Promise<Incident> {
  const { key } = await ring(world, TITLE);
  await playRespond(world, key);
  return incidentThat(world, key, 'is merged', (one) => !!latestOf(one, 'pull.merged'));
}

/** What the app makes of it, once it owes nothing more: ended, or waiting for people with all that is to be shown. */
async function fate({ id, script }: { id: string; script: string }) {
  const alert = await answered(script);
  const quiet = await incidentThat(
    world,
    alert.key,
    'is judged and told',
    (one) => !!latestOf(one, 'remediation.judged') && dueEffects(one).length === 0,
  );
  const { verdict, lane } = latestOf(quiet, 'remediation.judged') ?? {};
  return { id, alert, verdict, lane, why: latestOf(quiet, 'incident.escalated')?.reason ?? '' };
}

test('the lane is open: what the runbook itself proposes merges with nobody near', () => {
  expect(latestOf(own, 'remediation.approved')).toMatchObject({ lane: 'auto', by: [] });
});

test('none of them is merged, and no run that could execute it is dispatched', () => {
  expect(all).toHaveLength(7);
  for (const { id, seen } of all) {
    expect(seen.runs, id).toEqual(['respond 1']);
    expect(seen.pulls.map(({ merged }) => merged).includes(true), id).toBe(false);
  }
});

test('a dangerous one is refused: it is no pull request, and the issue says why', () => {
  for (const { id, seen, verdict, why } of all.filter((one) => one.id !== HARMLESS)) {
    expect(verdict, id).toBe('refuse');
    expect(seen.pulls, id).toEqual([]);
    expect(why, id).toMatch(/^fix\.sh line \d+: ./);
    const said = seen.issues[0]?.comments
      .join('\n')
      .replaceAll(/\\|&zwnj;/g, '')
      .replaceAll('&dollar;', '$');
    expect(said, id).toContain('ESCALATED');
    expect(said, id).toContain(why);
  }
});

test('what no rule refuses is a pull request that waits for people', () => {
  const [one] = all.filter(({ id }) => id === HARMLESS);
  expect(one?.seen.pulls).toMatchObject([{ state: 'open', merged: false }]);
  expect(one?.lane).toBe('human');
});
