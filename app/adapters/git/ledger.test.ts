// The ledger over a real bare repository: what a write leaves behind, and writers that race.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEDGER_BRANCH, readMessage } from '#core/ledger/commit';
import { encodeRecord, type LedgerRecord } from '#core/ledger/record';
import { fact, KEY, OPENED } from '../../../test/support/incidents.ts';
import { eventsOf, filesOf, joined, opening, pathOf, replica, say } from '../../../test/support/replicas.ts';
import { bareRepository, hook, type Repository } from '../../../test/support/repository.ts';
import type { Ledger } from './ledger.ts';
import type { Appended } from './ledger-queue.ts';

let repository: Repository;
beforeEach(() => {
  repository = bareRepository();
});
afterEach(() => repository.remove());

const subjects = () => repository.git('log', '--format=%s', LEDGER_BRANCH).split('\n');
const whole = (ledger: Ledger) =>
  [...ledger.open()].map(({ key, head, seq, stage }) => `${key} ${seq} ${stage} ${head}`).sort();

describe('a ledger', () => {
  test('begins with a commit that says what it is, and has one commit and one file for each fact', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    const done = await ledger.append(KEY, say(fact('issue.opened'), fact('investigation.started')));
    expect(done.ok && done.incident.stage).toBe('INVESTIGATING');
    expect(subjects()).toEqual([
      'pd-q1shop1: investigation.started (INVESTIGATING)',
      'pd-q1shop1: issue.opened (TRIGGERED)',
      'pd-q1shop1: incident.opened (TRIGGERED)',
      'Begin the ledger',
    ]);
    expect(filesOf(repository)).toEqual([
      pathOf('0001-incident.opened.json'),
      pathOf('0002-issue.opened.json'),
      pathOf('0003-investigation.started.json'),
    ]);
    const last = done.ok ? (done.incident.records.at(-1) as LedgerRecord) : null;
    const said = readMessage(`${repository.git('log', '-1', '--format=%B', LEDGER_BRANCH)}\n`);
    expect(said.body).toBe(last && encodeRecord(last));
    expect(said.before).toEqual(
      repository.git('rev-list', '--max-count=2', `${LEDGER_BRANCH}~1`).split('\n'),
    );
    expect(
      `${repository.git('show', `${LEDGER_BRANCH}:${pathOf('0003-investigation.started.json')}`)}\n`,
    ).toBe(last && encodeRecord(last));
    expect(ledger.head()).toBe(repository.git('rev-parse', LEDGER_BRANCH));
  });

  test('begun by two at once is one ledger', async () => {
    const [a, b] = await Promise.all([replica(repository, 'a'), replica(repository, 'b')]);
    expect(a.head()).toBe(b.head());
    expect(subjects()).toEqual(['Begin the ledger']);
  });

  test('writes what waits in one push', async () => {
    const ledger = await replica(repository, 'a');
    const pushes = join(repository.dir, 'pushes');
    hook(repository, 'post-receive', `echo push >> '${pushes}'`);
    await ledger.append(KEY, opening());
    await Promise.all(Array.from({ length: 12 }, (_, index) => ledger.append(KEY, say(joined(`E${index}`)))));
    expect(readFileSync(pushes, 'utf8').trim().split('\n').length).toBeLessThanOrEqual(3);
    expect(eventsOf(ledger.get(KEY))).toHaveLength(12);
  });

  test('refuses facts that cannot happen, and writes none of those that came with them', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    const head = ledger.head();
    expect(await ledger.append(KEY, say(joined('E1'), fact('remediation.started')))).toEqual({
      ok: false,
      reason: 'remediation.started cannot happen in TRIGGERED',
    });
    expect([repository.git('rev-parse', LEDGER_BRANCH), ledger.get(KEY)?.seq]).toEqual([head, 1]);
  });

  test('refuses a record it could not read back, instead of breaking the incident with it', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    const long = await ledger.append(KEY, say(fact('alert.joined', { title: 'x'.repeat(501) })));
    expect(long.ok ? '' : long.reason).toMatch(/^alert\.joined .*title/s);
    expect(await ledger.append(KEY, say(joined('E1')))).toMatchObject({ ok: true });
    expect((await replica(repository, 'b')).broken().size).toBe(0);
  });

  test('lets one caller’s accident hurt nobody else', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    const results = await Promise.allSettled([
      ledger.append(KEY, say(joined('E1'))),
      ledger.append(KEY, () => {
        throw new Error('a bug in one caller');
      }),
      ledger.append(KEY, say(joined('E2'))),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { message: 'a bug in one caller' } });
    expect(eventsOf(ledger.get(KEY))).toEqual(['E1', 'E2']);
  });
});

describe('two replicas', () => {
  test('write to the same and to different incidents at once: each fact lands exactly once, every chain holds', async () => {
    const [a, b] = await Promise.all([replica(repository, 'a'), replica(repository, 'b')]);
    await a.append(KEY, opening());
    const work = (ledger: Ledger, name: string): Promise<Appended>[] =>
      Array.from({ length: 20 }, (_, index) => {
        const key = index % 2 === 0 ? KEY : `pd-${name}${name}${name}${name}${index % 4}`;
        return ledger.append(key, (incident) => {
          const first = incident ? [] : [fact('incident.opened', { key })];
          return { facts: [...first, joined(`${name}${index}`)], actor: { kind: 'app' }, at: OPENED };
        });
      });
    const results = await Promise.all([...work(a, 'a'), ...work(b, 'b')]);
    expect(results.filter(({ ok }) => !ok)).toEqual([]);
    await Promise.all([a.refresh(), b.refresh()]);
    const fresh = await replica(repository, 'c');
    expect(fresh.broken().size).toBe(0);
    const landed = [...fresh.open()].flatMap(eventsOf).sort();
    const wanted = ['a', 'b'].flatMap((name) => Array.from({ length: 20 }, (_, index) => `${name}${index}`));
    expect(landed).toEqual(wanted.sort());
    expect(eventsOf(fresh.get(KEY))).toHaveLength(20);
    expect([whole(a), whole(b)]).toEqual([whole(fresh), whole(fresh)]);
    expect(repository.git('rev-list', '--merges', LEDGER_BRANCH)).toBe('');
  });

  test('that hear the same alert open one incident; the other stands down', async () => {
    const [a, b] = await Promise.all([replica(repository, 'a'), replica(repository, 'b')]);
    const results = await Promise.all([a.append(KEY, opening()), b.append(KEY, opening())]);
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.find(({ ok }) => !ok)).toEqual({ ok: false, reason: 'it is open already' });
    expect(subjects().filter((subject) => subject.includes('incident.opened'))).toHaveLength(1);
  });

  test('that write the very same commit in the same second do not both say so', async () => {
    const [a, b] = await Promise.all([replica(repository, 'a'), replica(repository, 'b')]);
    expect((await a.append(KEY, opening())).ok).toBe(true);
    expect(await b.append(KEY, opening())).toEqual({ ok: false, reason: 'it is open already' });
  });

  test('decide again on what the other wrote when their push was lost', async () => {
    const [a, b] = await Promise.all([replica(repository, 'a'), replica(repository, 'b')]);
    await a.append(KEY, opening());
    await a.append(KEY, say(joined('E1')));
    const seen: number[] = [];
    const done = await b.append(KEY, (incident, view) => {
      seen.push(incident?.seq ?? 0);
      return incident ? say(joined('E2'))(incident, view) : opening()(incident, view);
    });
    expect(seen).toEqual([0, 2]);
    expect(done.ok && done.incident.seq).toBe(3);
    expect(await a.refresh()).toEqual([KEY]);
    expect(await a.refresh()).toEqual([]);
    expect(eventsOf(a.get(KEY))).toEqual(['E1', 'E2']);
  });
});
