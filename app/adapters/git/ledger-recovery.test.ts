// The ledger after accidents: remotes that fail or forget, records that somebody changed.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import { encodeRecord, type LedgerRecord, recordFile } from '#core/ledger/record';
import { fact, facts, KEY, recordsOf } from '../../../test/support/incidents.ts';
import { eventsOf, filesOf, joined, opening, pathOf, replica, say } from '../../../test/support/replicas.ts';
import { bareRepository, hook, type Repository } from '../../../test/support/repository.ts';

let repository: Repository;
beforeEach(() => {
  repository = bareRepository();
});
afterEach(() => repository.remove());

describe('a remote', () => {
  test('that refuses is an error, and nothing counts as written', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    hook(repository, 'pre-receive', 'echo "GH013: repository rule violations" >&2; exit 1');
    await expect(ledger.append(KEY, say(joined('E1')))).rejects.toThrow('GH013');
    expect(ledger.get(KEY)?.seq).toBe(1);
    hook(repository, 'pre-receive', 'exit 0');
    expect((await ledger.append(KEY, say(joined('E2')))).ok).toBe(true);
    expect(eventsOf(ledger.get(KEY))).toEqual(['E2']);
  });

  test('whose answer to a push was lost has the fact once, and whoever asks again is told', async () => {
    const ledger = await replica(repository, 'a');
    // The branch moves, and then whoever pushed is told that something went wrong.
    hook(
      repository,
      'pre-receive',
      `read old new ref
test -e '${repository.dir}/cut' || exit 0
rm '${repository.dir}/cut'
mkdir -p '${repository.dir}/kept' && cp -r "$GIT_OBJECT_DIRECTORY"/. '${repository.origin}/objects/'
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
git update-ref "$ref" "$new" "$old"
echo 'the connection was reset' >&2
exit 1`,
    );
    writeFileSync(join(repository.dir, 'cut'), '');
    await expect(ledger.append(KEY, opening())).rejects.toThrow('the connection was reset');
    expect(ledger.get(KEY)).toBeNull();
    // Within the same second this is the very same commit, which git takes as pushed already.
    await ledger.append(KEY, opening());
    expect(await ledger.append(KEY, opening())).toEqual({ ok: false, reason: 'it is open already' });
    expect(filesOf(repository)).toHaveLength(1);
  });

  test('that forgot its newest records is told them again with the next write', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    await ledger.append(KEY, say(joined('E1')));
    repository.git('update-ref', `refs/heads/${LEDGER_BRANCH}`, `${ledger.head()}~1`);
    await expect(ledger.refresh()).rejects.toThrow('the ledger was rewritten');
    expect((await ledger.append(KEY, say(joined('E2')))).ok).toBe(true);
    expect(eventsOf((await replica(repository, 'b')).get(KEY))).toEqual(['E1', 'E2']);
  });

  test('that has another past than before is believed by nobody who saw it', async () => {
    const ledger = await replica(repository, 'a');
    await ledger.append(KEY, opening());
    repository.git('update-ref', `refs/heads/${LEDGER_BRANCH}`, `${ledger.head()}~1`);
    const forged = repository.commit(LEDGER_BRANCH, { 'README.md': 'another past' });
    await expect(ledger.refresh()).rejects.toThrow('the ledger was rewritten');
    await expect(ledger.append(KEY, say(joined('E1')))).rejects.toThrow('the ledger was rewritten');
    expect(ledger.get(KEY)?.seq).toBe(1);
    expect(repository.git('rev-parse', LEDGER_BRANCH)).toBe(forged);
  });
});

describe('an incident whose records somebody changed', () => {
  const name = '0002-issue.opened.json';
  const last = '0003-investigation.started.json';
  const recordsFor = (key: string) =>
    recordsOf([fact('incident.opened', { key }), fact('issue.opened'), fact('investigation.started')]);
  /** The files of an incident, as one commit may bring them. */
  const tree = (key: string) =>
    Object.fromEntries(
      recordsFor(key).map((record) => [pathOf(recordFile(record), key), encodeRecord(record)]),
    );
  const second = (key: string) => encodeRecord(recordsFor(key)[1] as LedgerRecord);
  const foreign = encodeRecord(recordsFor('pd-elsewhere')[0] as LedgerRecord);

  // What was done to the incident's files, and what is said of it.
  const tampered: [how: string, change: (second: string) => Record<string, string | null>, said: string][] = [
    [
      'edited',
      (second) => ({ [name]: second.replace('"number":12', '"number":13') }),
      `${last}: its link to the record before`,
    ],
    ['removed', () => ({ [name]: null }), `${last}: expected record 2, found 3`],
    [
      'renamed',
      (second) => ({ [name]: null, '0002-issue.closed.json': second }),
      '0002-issue.closed.json: holds record 0002-issue',
    ],
    ['unreadable', () => ({ [name]: '{' }), `${name}: not JSON`],
    [
      'reformatted',
      (second) => ({ [name]: `${JSON.stringify(JSON.parse(second), null, 2)}\n` }),
      `${name}: the bytes are not`,
    ],
    ['joined', () => ({ 'zz.txt': 'hello' }), 'zz.txt: not JSON'],
    [
      'forged',
      () => ({ '0001-incident.opened.json': foreign }),
      '0001-incident.opened.json: opens another incident, pd-elsewhere',
    ],
    [
      'swapped',
      (second) => ({ [name]: second.replace('"seq":2', '"seq":3') }),
      `${name}: holds record 0003-issue.opened.json`,
    ],
  ];
  const keyOf = (how: string) => `pd-${how}`;

  test('is reported with the file; nothing more is written to it, and others go on', async () => {
    repository.commit(LEDGER_BRANCH, { 'README.md': 'x', ...tree('pd-other1') });
    for (const [how] of tampered) repository.commit(LEDGER_BRANCH, tree(keyOf(how)));
    const ledger = await replica(repository, 'a');
    expect(ledger.broken().size).toBe(0);
    for (const [how, change] of tampered) {
      const files = Object.entries(change(second(keyOf(how)))).map(([file, text]) => [
        pathOf(file, keyOf(how)),
        text,
      ]);
      // A forged opening alone breaks the chain first, so what hung on it goes.
      const rest = how === 'forged' ? [name, last].map((file) => [pathOf(file, keyOf(how)), null]) : [];
      repository.commit(LEDGER_BRANCH, Object.fromEntries([...files, ...rest]));
    }
    expect((await ledger.refresh()).sort()).toEqual(tampered.map(([how]) => keyOf(how)).sort());
    const head = repository.git('rev-parse', LEDGER_BRANCH);
    for (const [how, , said] of tampered) {
      const fault = ledger.broken().get(keyOf(how)) ?? '';
      expect(fault).toContain(pathOf(said, keyOf(how)));
      expect(ledger.get(keyOf(how))).toBeNull();
      expect(await ledger.append(keyOf(how), opening(keyOf(how)))).toEqual({
        ok: false,
        reason: `the ledger of ${keyOf(how)} is broken: ${fault}`,
      });
    }
    expect(repository.git('rev-parse', LEDGER_BRANCH)).toBe(head);
    expect((await ledger.append('pd-other1', say(joined('E1')))).ok).toBe(true);
    expect((await replica(repository, 'b')).broken()).toEqual(ledger.broken());
  });

  test('works again once people have put the records back', async () => {
    repository.commit(LEDGER_BRANCH, tree(KEY));
    repository.commit(LEDGER_BRANCH, { [pathOf(name)]: '{}' });
    const ledger = await replica(repository, 'a');
    expect([...ledger.broken().keys()]).toEqual([KEY]);
    repository.commit(LEDGER_BRANCH, { [pathOf(name)]: second(KEY) });
    await ledger.refresh();
    expect(ledger.broken().size).toBe(0);
    expect(ledger.get(KEY)?.issue).toEqual(facts['issue.opened']);
  });
});
