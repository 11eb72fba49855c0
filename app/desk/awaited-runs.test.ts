// What becomes of an incident whose workflow run ended: dispatched once more when it had said nothing, then people.
import { expect, test } from 'vitest';
import { dueEffects } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { hearing, memoryLedger, NOW } from '../../test/support/hearing.ts';
import {
  fact,
  incidentOf,
  KEY,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
  withFacts,
} from '../../test/support/incidents.ts';
import { howOf, runEnded } from './awaited-runs.ts';
import type { World } from './world.ts';

const RUN = 7;
const url = (run: number) => `https://github.com/acme/production/actions/runs/${run}`;
const done = (effect: string, result: string) => fact('effect.done', { effect, result });
const dispatched = incidentOf([
  ...[fact('incident.opened'), fact('issue.opened'), fact('investigation.started')],
  done('respond.dispatch#1', String(RUN)),
]);

type How = Parameters<typeof runEnded>[3];
/** The incident after these runs ended so; `date` is GitHub's clock then. */
async function after(incident: Incident, ends: [run: number, how: How][], date = NOW): Promise<Incident> {
  const ledger = memoryLedger([incident]);
  const octokit = { rest: { repos: { get: async () => ({ headers: { date: date.toUTCString() } }) } } };
  const repo = { owner: 'acme', repo: 'production', octokit: async () => octokit };
  const world = { ...hearing(ledger), repo } as Partial<World> as World;
  const desk = { wake: () => undefined, sweep: async () => undefined, idle: async () => undefined };
  for (const [run, how] of ends) await runEnded(world, { ...desk, close: async () => undefined }, run, how);
  const found = ledger.get(KEY);
  if (!found) throw new Error('no incident');
  return found;
}
const owed = (incident: Incident) => dueEffects(incident).map(({ name }) => name);
const why = ({ latest }: Incident) => latest['incident.escalated']?.data;
/** A job of this run says something. */
const says = (incident: Incident, run: number, list: readonly Fact[]): Incident =>
  list.reduce((before, one) => {
    const actor = { kind: 'job', job: 'orient', run, attempt: 1 } as const;
    const folded = fold(before, nextRecord(before, one, NOW.toISOString(), actor));
    if (!folded.ok) throw new Error(folded.reason);
    return folded.incident;
  }, incident);

test('a respond run that failed before it said a word is owed once more, however often its end is heard of', async () => {
  const once = await after(dispatched, [
    [RUN, 'failed'],
    [RUN, 'failed'],
  ]);
  expect([once.stage, owed(once)]).toEqual(['INVESTIGATING', ['respond.retry#1']]);
  expect(once.records.filter(({ type }) => type === 'effect.failed')).toHaveLength(1);
});

test('the second that failed so calls people', async () => {
  const once = await after(dispatched, [[RUN, 'failed']]);
  const again = withFacts(once, [done('respond.retry#1', url(8))]);
  expect((await after(again, [[RUN, 'failed']])).stage).toBe('INVESTIGATING');
  const twice = await after(again, [[8, 'failed']]);
  expect([twice.stage, why(twice)]).toEqual([
    'ESCALATED',
    { code: 'run_failed', reason: 'workflow run 8 failed' },
  ]);
});

test('once more is meant for each proposal and each attempt', async () => {
  const withdrawn = withFacts(incidentOf(untilSynthesizing), [
    fact('remediation.proposed'),
    fact('remediation.withdrawn'),
    done('respond.again#1.1', url(9)),
  ]);
  expect(owed(await after(withdrawn, [[9, 'failed']]))).toEqual(['respond.retry#1.1', 'issue.tell#1.9']);
  const second = withFacts(await after(dispatched, [[RUN, 'failed']]), [
    done('respond.retry#1', url(8)),
    fact('alert.cleared'),
    fact('incident.reopened'),
    fact('investigation.started', { run: { id: 10, url: url(10) } }),
    done('respond.dispatch#2', '10'),
  ]);
  expect(owed(await after(second, [[10, 'failed']]))).toContain('respond.retry#2');
});

test.each<[what: string, incident: Incident, run: number, how: How, reason: string]>([
  ['had spoken', says(dispatched, RUN, [fact('evidence.gathered')]), RUN, 'failed', 'workflow run 7 failed'],
  ['was cancelled by somebody', dispatched, RUN, 'was cancelled', 'workflow run 7 was cancelled'],
  ['was green', dispatched, RUN, 'ended without a word', 'workflow run 7 ended without a word'],
  [
    'was to run the script',
    withFacts(incidentOf(untilMerged), [done('remediate.dispatch#1', url(9))]),
    9,
    'failed',
    'workflow run 9 failed',
  ],
])('a run that %s is not begun again: people are called', async (_, incident, run, how, reason) => {
  const ended = await after(incident, [[run, how]]);
  expect([ended.stage, why(ended)?.reason]).toEqual(['ESCALATED', reason]);
});

/** The next look was asked for, and run 9 is to take it. */
const looking = (() => {
  const asked = withFacts(incidentOf(untilVerifying), [
    done('remediate.dispatch#1', url(6)),
    fact('recovery.watched'),
    fact('look.asked'),
  ]);
  return withFacts(asked, [done(`look.dispatch#1.${asked.seq}`, url(9))]);
})();

test.each<How>(['failed', 'ended without a word', 'was deleted'])(
  'a look whose run %s is taken once more, however often that is heard of, and then it is known that nobody saw',
  async (how) => {
    const once = await after(looking, [
      [9, how],
      [9, how],
    ]);
    const name = `look.dispatch#1.${once.latest['look.asked']?.seq}`;
    expect([once.stage, owed(once).includes(name)]).toEqual(['VERIFYING', true]);
    const twice = await after(withFacts(once, [done(name, url(10))]), [[10, how]]);
    expect([twice.stage, twice.latest['recovery.inconclusive']?.data.reason]).toEqual([
      'ESCALATED',
      `workflow run 10 ${how}; seen before: not better yet: health was red 1 of 1 times`,
    ]);
  },
);

test('a look that somebody cancelled is not taken again', async () => {
  const ended = await after(looking, [[9, 'was cancelled']]);
  expect([ended.stage, ended.latest['recovery.inconclusive']?.data.reason]).toEqual([
    'ESCALATED',
    'workflow run 9 was cancelled; seen before: not better yet: health was red 1 of 1 times',
  ]);
});

test('a run that said when to look next is not waited for any more, however it ends', async () => {
  const promised = withFacts(looking, [fact('recovery.watched', { verdict: 'improving' })]);
  for (const run of [6, 9]) expect((await after(promised, [[run, 'failed']])).seq).toBe(promised.seq);
});

test('a run whose dispatch was never answered is known by what it said itself', async () => {
  const running = says(incidentOf(untilMerged), 9, [fact('remediation.started')]);
  const ended = await after(running, [[9, 'failed']]);
  expect([ended.stage, ended.latest['remediation.lost']?.data.reason]).toEqual([
    'ESCALATED',
    'workflow run 9 failed',
  ]);
});

test.each([
  [600_000, "the app's clock is 600 s behind GitHub's"],
  [-600_000, "the app's clock is 600 s ahead of GitHub's"],
])('a clock that is %i ms off is named, since no other run would be believed', async (off, words) => {
  const ended = await after(dispatched, [[RUN, 'failed']], new Date(NOW.getTime() + off));
  expect(why(ended)?.reason).toBe(`workflow run 7 failed; ${words}, so that no job is believed`);
});

test('GitHub’s word for an end is one of three', () => {
  expect(['success', 'cancelled', 'failure', 'timed_out', 'startup_failure', null].map(howOf)).toEqual([
    ...['ended without a word', 'was cancelled', 'failed', 'failed', 'failed', 'failed'],
  ]);
});
