// The ledger after a process died: in the middle of a write, with locks left behind, with a git of it still at work.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { emptyIndex } from '#core/incident/open-index';
import { LEDGER_BRANCH, readCommit } from '#core/ledger/commit';
import type { LedgerRecord } from '#core/ledger/record';
import { addFact } from '#core/trust/ledger-writer';
import { fact, KEY, withFacts } from '../../../test/support/incidents.ts';
import { eventsOf, joined, opening, replica, say } from '../../../test/support/replicas.ts';
import { bareRepository, hook, type Repository } from '../../../test/support/repository.ts';
import { lookAtLedger } from './ledger-look.ts';
import { openStore } from './store.ts';

/** All that git locks in a clone, one way or the other. */
const locks = [
  ...['HEAD.lock', 'config.lock', 'index.lock', 'packed-refs.lock', 'shallow.lock', 'FETCH_HEAD.lock'],
  ...['refs/vigil/vigil/ledger.lock', 'refs/heads/x/y.lock', 'objects/maintenance.lock', 'gc.pid.lock'],
  ...['objects/info/commit-graph.lock', 'objects/pack/multi-pack-index.lock', 'objects/info/alternates.lock'],
];

let repository: Repository;
beforeEach(() => {
  repository = bareRepository();
});
afterEach(() => repository.remove());

describe('a process that dies', () => {
  test('and starts again reads the same state from the same folder, and from an empty one', async () => {
    const first = await replica(repository, 'a');
    await first.append(KEY, opening());
    await first.append(KEY, say(fact('issue.opened'), fact('investigation.started')));
    expect((await replica(repository, 'a')).get(KEY)).toEqual(first.get(KEY));
    expect((await replica(repository, 'b')).get(KEY)).toEqual(first.get(KEY));
  });

  test('in the middle of a write leaves nothing that is taken for a fact', async () => {
    const first = await replica(repository, 'a');
    const opened = await first.append(KEY, opening());
    if (!opened.ok) throw new Error(opened.reason);
    first.close();
    const dir = join(repository.dir, 'a', '1');
    const store = await openStore({ dir, url: repository.origin, credentials: async () => null });
    const record = withFacts(opened.incident, [joined('never pushed')]);
    const commit = first.head();
    const { tree } = readCommit(await store.commitOf(commit));
    const { index } = (await lookAtLedger(store, LEDGER_BRANCH)) ?? { index: emptyIndex };
    const tip = await addFact(
      store,
      { commit, root: tree, index },
      { record: record.records.at(-1) as LedgerRecord, incident: record, before: [commit], at: 1 },
    );
    // Killed after the commit and before the push, in the middle of the next object, and while git held its locks.
    expect(tip.commit).not.toBe(commit);
    for (const lock of [...locks, 'objects/00/tmp_obj_x', 'objects/pack/tmp_pack_x']) {
      mkdirSync(dirname(join(dir, lock)), { recursive: true });
      writeFileSync(join(dir, lock), '');
    }
    store.close();
    const again = await replica(repository, 'a');
    expect(eventsOf(again.get(KEY))).toEqual([]);
    expect(again.broken().size).toBe(0);
    expect(readdirSync(dir, { recursive: true }).filter((name) => /\.lock$|tmp_/.test(String(name)))).toEqual(
      [],
    );
    expect((await again.append(KEY, say(joined('E1')))).ok).toBe(true);
    expect(eventsOf((await replica(repository, 'b')).get(KEY))).toEqual(['E1']);
  });

  test('that left its locks in a clone that is in use holds up nobody', async () => {
    const [first, other] = [await replica(repository, 'a'), await replica(repository, 'b')];
    await first.append(KEY, opening());
    await other.append(KEY, say(joined('E1')));
    for (const lock of locks) {
      mkdirSync(dirname(join(repository.dir, 'a/1', lock)), { recursive: true });
      writeFileSync(join(repository.dir, 'a/1', lock), '');
    }
    expect(await first.refresh()).toEqual([KEY]);
    expect((await first.append(KEY, say(joined('E2')))).ok).toBe(true);
    expect(eventsOf(first.get(KEY))).toEqual(['E1', 'E2']);
  });

  test('whose git is still at work for a moment is waited for', async () => {
    const [first, other] = [await replica(repository, 'a'), await replica(repository, 'b')];
    await first.append(KEY, opening());
    await other.append(KEY, say(joined('E1')));
    first.close();
    const lock = join(repository.dir, 'a/1/refs/vigil/vigil/ledger.lock');
    // It holds the branch, whoever takes its lock away, until it is done.
    let met = 0;
    const holding = setInterval(() => {
      if (existsSync(lock)) return;
      writeFileSync(lock, '');
      met += 1;
      if (met < 4) return;
      clearInterval(holding);
      setTimeout(() => rmSync(lock, { force: true }), 100);
    }, 1);
    expect(eventsOf((await replica(repository, 'a')).get(KEY))).toEqual(['E1']);
    expect(met).toBe(4);
  });

  test('before its first push can begin again', async () => {
    hook(repository, 'pre-receive', 'echo "not yet" >&2; exit 1');
    await expect(replica(repository, 'a')).rejects.toThrow('not yet');
    hook(repository, 'pre-receive', 'exit 0');
    expect((await (await replica(repository, 'a')).append(KEY, opening())).ok).toBe(true);
  });
});
