// Incidents that are over: put into one file, opened again when somebody needs them, and found by whoever asks.
import { afterEach, beforeEach, expect, test } from 'vitest';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import { incidentDirectory } from '#core/ledger/incident-key';
import { openJobsLedger } from '../../../actions/shared/ledger.ts';
import { fact, KEY, OPENED, untilVerifying } from '../../../test/support/incidents.ts';
import { eventsOf, healed, joined, opening, replica, say } from '../../../test/support/replicas.ts';
import { bareRepository, type Repository } from '../../../test/support/repository.ts';
import { vigil } from '../../../test/support/vigil.ts';
import type { Ledger } from './ledger.ts';

let repository: Repository;
const ledgers: Ledger[] = [];
beforeEach(() => {
  repository = bareRepository();
  repository.git('config', 'uploadpack.allowFilter', 'true');
});
afterEach(() => {
  for (const ledger of ledgers.splice(0)) ledger.close();
  repository.remove();
});
const open = async (name: string, told: string[] = []): Promise<Ledger> => {
  const ledger = await replica(repository, name, told);
  ledgers.push(ledger);
  return ledger;
};
const LATER = new Date(OPENED.getTime() + 3 * 86_400_000);

const paths = (): string[] => repository.git('ls-tree', '-r', '--name-only', LEDGER_BRANCH).split('\n');

test('lie in one file, and are found, told of and proved as before', async () => {
  const ledger = await open('a');
  const incident = await healed(ledger);
  await ledger.append('pd-other1', opening('pd-other1'));
  expect(await ledger.tidy(OPENED)).toBe(0);
  expect(await ledger.tidy(LATER)).toBe(1);
  expect(paths().filter((path) => path.includes(KEY))).toEqual([`${incidentDirectory(KEY)}.jsonl`]);
  expect([...ledger.open()].map(({ key }) => key)).toEqual(['pd-other1']);

  const other = await open('b');
  expect(other.get(KEY)).toBeNull();
  expect(await other.find(KEY)).toEqual(incident);
  expect((await other.numbered(12)).map(({ key }) => key)).toEqual([KEY]);
  expect((await other.numbered(13)).map(({ key }) => key)).toEqual([KEY]);
  const [, past] = await other.past();
  expect(past).toMatchObject({ incident: KEY, runs: [{ ended: 'recovered' }], earned: [{ ok: true }] });
  for (const how of [[], ['--history']]) {
    const audited = await vigil(repository.dir, ['audit', '12', '--repository', repository.origin, ...how]);
    expect(audited.out).toContain(`proved: ${incident.seq} records of ${KEY}, head ${incident.head}`);
    expect(audited.code).toBe(0);
  }
});

test('go on where they were when something happens to them, also for those who never saw them', async () => {
  const first = await open('a');
  const incident = await healed(first);
  await first.tidy(LATER);
  const second = await open('b');
  const done = await second.append(KEY, say(joined('late')));
  expect(done.ok && done.incident.seq).toBe(incident.seq + 1);
  expect(paths().filter((path) => path.startsWith('history/'))).toEqual([]);
  await first.refresh();
  expect(eventsOf(first.get(KEY))).toEqual(['late']);
  expect([...first.open()].map(({ key }) => key)).toEqual([KEY]);
  const third = await open('c');
  expect(eventsOf(third.get(KEY))).toEqual(['late']);
  for (const how of [[], ['--history']]) {
    const audited = await vigil(repository.dir, ['audit', KEY, '--repository', repository.origin, ...how]);
    expect(audited.out).toContain(`proved: ${incident.seq + 1} records`);
  }
  expect(await third.tidy(LATER)).toBe(1);
  expect(
    (await vigil(repository.dir, ['audit', KEY, '--repository', repository.origin, '--history'])).code,
  ).toBe(0);
});

test('are read by a job as little as by anybody: it gets its incident, holds and leases, and hears of a change', async () => {
  const ledger = await open('a');
  await healed(ledger, 'pd-over01');
  await ledger.tidy(LATER);
  await ledger.append(KEY, say(...untilVerifying.slice(0, -1)));
  const at = { dir: `${repository.dir}/job`, url: repository.origin, credentials: async () => null };
  const job = await openJobsLedger(at, KEY);
  const busy = await openJobsLedger({ ...at, dir: `${repository.dir}/job2` }, 'pd-other1');
  await ledger.append('pd-other1', opening('pd-other1'));
  try {
    expect((await job.newest()).stage).toBe('EXECUTING');
    expect(await job.inTheWay('shop')).toEqual({ held: false, leasedTo: null });
    expect(await busy.inTheWay('shop')).toEqual({ held: false, leasedTo: KEY });
    expect((await job.past()).map((told) => ('records' in told ? told.key : told.incident)).sort()).toEqual([
      'pd-other1',
      'pd-over01',
    ]);
    await ledger.append('pd-other1', say(fact('hold.set', { scope: 'all' })));
    await ledger.append(KEY, say(fact('stop.requested')));
    expect((await job.newest()).latest['stop.requested']?.data.by).toBe('olga');
    expect((await job.inTheWay('shop')).held).toBe(true);
  } finally {
    job.close();
    busy.close();
  }
});

test('and a clone that has grown is made anew while facts are written; one that was cut short is thrown away', async () => {
  const at = { dir: `${repository.dir}/a`, url: repository.origin, credentials: async () => null };
  const { openLedger } = await import('./ledger.ts');
  const ledger = await openLedger({ ...at, mostFiles: 60 });
  ledgers.push(ledger);
  await ledger.append(KEY, opening());
  const writing = Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      await ledger.append(KEY, say(joined(`E${index}`)));
      await ledger.tidy(OPENED);
    }),
  );
  await writing;
  await ledger.tidy(OPENED);
  const { existsSync, mkdirSync, readdirSync, writeFileSync } = await import('node:fs');
  const generations = () =>
    readdirSync(at.dir)
      .map(Number)
      .sort((a, b) => a - b);
  const newest = generations().at(-1) ?? 0;
  expect(newest).toBeGreaterThan(1);
  expect(eventsOf(ledger.get(KEY))).toHaveLength(12);
  // Killed while the next one was being made: half a clone beside the one that is used.
  mkdirSync(`${at.dir}/${newest + 1}/objects`, { recursive: true });
  writeFileSync(`${at.dir}/${newest + 1}/HEAD`, 'ref: refs/heads/un');
  writeFileSync(`${at.dir}/${newest + 1}/shallow.lock`, '');
  const again = await openLedger(at);
  ledgers.push(again);
  expect(eventsOf(again.get(KEY))).toHaveLength(12);
  expect(generations()).toEqual([newest]);
  expect(existsSync(`${at.dir}/${newest}/shallow.lock`)).toBe(false);
  expect((await again.append(KEY, say(joined('after')))).ok).toBe(true);
  expect(eventsOf((await open('b')).get(KEY))).toHaveLength(13);
});

test('odd files in the ledger are told once and passed over; a wrong index is mended by the next fact', async () => {
  const ledger = await open('a');
  await ledger.append(KEY, opening());
  const [index] = [repository.git('show', `${LEDGER_BRANCH}:index.json`)];
  repository.commit(LEDGER_BRANCH, {
    'incidents/README': 'hello',
    'incidents/zz/file': 'hello',
    'incidents/00/notakey': 'hello',
    'odd.txt': 'hello',
    'index.json': index.replace('"stage":"TRIGGERED"', '"stage":"RESOLVED"'),
  });
  repository.commit(LEDGER_BRANCH, { [`${incidentDirectory('pd-hidden')}/0001-incident.opened.json`]: '{}' });
  const told: string[] = [];
  const other = await open('b', told);
  expect(other.get(KEY)?.stage).toBe('TRIGGERED');
  expect(other.broken().size).toBe(0);
  expect(told).toEqual([expect.stringMatching(/^index\.json of [0-9a-f]{12} does not say of pd-q1shop1/)]);
  await ledger.refresh();
  expect((await ledger.append(KEY, say(joined('E1')))).ok).toBe(true);
  expect([...ledger.broken().keys()]).toEqual(['pd-hidden']);
  expect(repository.git('show', `${LEDGER_BRANCH}:index.json`)).toContain('"stage":"TRIGGERED"');
});
