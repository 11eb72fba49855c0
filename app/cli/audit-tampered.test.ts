// What somebody sees whose ledger was changed by hand: copies of a proved ledger with one thing done to each, and the
// audit names the record and what is wrong with it.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { incidentDirectory } from '#core/ledger/incident-key';
import { canSign, type TestLedger, writeLedger } from '../../test/support/ledger.ts';
import { type Deed, edit, type Git, tamperedCopy } from '../../test/support/tampering.ts';
import { vigil } from '../../test/support/vigil.ts';

const KEY = 'pd-q1abcd';
const folder = incidentDirectory(KEY);
let ledger: TestLedger;
beforeAll(async () => {
  ledger = await writeLedger();
});
afterAll(() => ledger.remove());

const audit = (...args: string[]) => vigil(ledger.dir, ['audit', ...args]);

const tampered = (name: string, deed: Deed): Promise<string> => tamperedCopy(ledger, name, deed);

const third = `${folder}/0003-investigation.started.json`;
const last = `${folder}/0005-context.retrieved.json`;

/** What only the whole branch shows: here the commits that the app made still vouch for every byte. */
const onlyInHistory = new Set(['two records in another order']);

describe('a ledger that somebody changed', () => {
  const cases: [string, string, Deed][] = [
    [
      'a record altered by a new commit',
      '0003-investigation.started.json was altered after it was written, by commit',
      async (git, at) => {
        await edit(at, third, '"id":5', '"id":6');
        await git('commit', '--quiet', '--all', '-m', 'Tidy up');
      },
    ],
    [
      'a record altered in the past, with its message',
      '0004-hypothesis.received.json does not follow from the record before it',
      (git, at) =>
        rewrite(git, async (subject) => {
          if (!subject.includes('investigation.started')) return;
          await edit(at, third, '"id":5', '"id":6');
          await git('add', '--all');
          const body = await readFile(join(at, third), 'utf8');
          await git('commit', '--quiet', '--amend', '-m', subject, '-m', body);
        }),
    ],
    [
      'a record altered in the past, but not its message',
      '0003-investigation.started.json is not what the message of its commit says',
      (git, at) =>
        rewrite(git, async (subject) => {
          if (!subject.includes('investigation.started')) return;
          await edit(at, third, '"id":5', '"id":6');
          await git('commit', '--quiet', '--all', '--amend', '--no-edit');
        }),
    ],
    [
      'the last record edited',
      '0005-context.retrieved.json is not what the message of its commit says',
      async (git, at) => {
        await edit(at, last, '"threshold":85', '"threshold":10');
        await git('commit', '--quiet', '--all', '--amend', '--no-edit');
      },
    ],
    [
      'the last record edited with its message, to something that is no record',
      '0005-context.retrieved.json is not a record: ',
      async (git, at) => {
        await edit(at, last, '"threshold":85', '"threshold":85,"note":"all was well"');
        const body = await readFile(join(at, last), 'utf8');
        await git('commit', '--quiet', '--all', '--amend', '-m', `${KEY}: context.retrieved`, '-m', body);
      },
    ],
    [
      'a record removed by a new commit',
      '0003-investigation.started.json was removed again by commit',
      async (git) => {
        await git('rm', '--quiet', third);
        await git('commit', '--quiet', '-m', 'Tidy up');
      },
    ],
    [
      'a record removed from the past',
      '0004-hypothesis.received.json follows on record 3, but record 3 is missing',
      (git) => rewrite(git, async (subject) => subject.includes('investigation.started') && 'drop'),
    ],
    [
      'two records in another order',
      '0003-investigation.started.json was committed after 0004-hypothesis.received.json, out of order',
      async (git) => {
        const commits = (await git('rev-list', '--reverse', 'HEAD')).split('\n');
        const at = commits.length - 3;
        const [a = '', b = '', c = ''] = commits.slice(at);
        await git('reset', '--quiet', '--hard', commits[at - 1] ?? '');
        await git('cherry-pick', '-Xtheirs', b, a, c);
      },
    ],
    [
      'a file beside the records',
      'notes.txt is not a record: ',
      async (git, at) => {
        await writeFile(join(at, folder, 'notes.txt'), 'hello\n');
        await git('add', '--all');
        await git('commit', '--quiet', '-m', 'Add a note');
      },
    ],
    [
      'a file slipped into the commit of a record',
      '0005-context.retrieved.json came with a commit that also changes incidents/notes.txt',
      async (git, at) => {
        await writeFile(join(at, 'incidents', 'notes.txt'), 'hello\n');
        await git('add', '--all');
        await git('commit', '--quiet', '--amend', '--no-edit');
      },
    ],
    [
      'a merge',
      ' cannot be told: the ledger has one line of history, but commit ',
      async (git) => {
        const tip = await git('rev-parse', 'HEAD');
        const tree = await git('rev-parse', 'HEAD^{tree}');
        const message = await git('log', '-1', '--format=%B', tip);
        const first = (await git('rev-list', '--max-parents=0', 'HEAD')).trim();
        await git(
          'reset',
          '--quiet',
          '--hard',
          await git('commit-tree', tree, '-p', `${tip}~1`, '-p', first, '-m', message),
        );
      },
    ],
    [
      'a commit whose subject tells another story',
      '0005-context.retrieved.json came with a commit called "pd-q1abcd: nothing happened"',
      async (git, at) => {
        const body = await readFile(join(at, last), 'utf8');
        await git('commit', '--quiet', '--amend', '-m', `${KEY}: nothing happened`, '-m', body);
      },
    ],
  ];

  it.concurrent.each(cases)('%s is named', async (name, finding, deed) => {
    const copy = await tampered(name.replaceAll(/[^a-z]+/g, '-'), deed);
    const { out, code } = await audit(ledger.key, '--repository', copy, '--history');
    expect(out).toContain(`not proved: ${folder}/${finding}`);
    expect(code).toBe(1);
    const quick = await audit(ledger.key, '--repository', copy);
    const seen = !onlyInHistory.has(name);
    expect(quick.code).toBe(seen ? 1 : 0);
    expect(quick.out).toMatch(seen ? /^not proved: / : /^not checked: .* give --history$/m);
    const exported = await audit(ledger.key, '--repository', copy, '--export', '--history');
    expect(exported).toMatchObject({ out: '', code: 1 });
  });

  it('has its other incidents still proved', async () => {
    const copy = await tampered('others', async (git, at) => {
      await edit(at, third, '"id":5', '"id":6');
      await git('commit', '--quiet', '--all', '-m', 'Tidy up');
    });
    expect((await audit('OTHER1', '--repository', copy)).out).toContain('proved: one record of pd-other1');
  });

  it.skipIf(!canSign)('by a commit made again by another hand, is seen by the signatures alone', async () => {
    const copy = await tampered('again', (git) =>
      git('commit', '--quiet', '--amend', '--no-edit', '--reset-author'),
    );
    expect((await audit(KEY, '--repository', copy)).code).toBe(0);
    const { out, code } = await audit(KEY, '--repository', copy, '--allowed-signers', 'signers');
    expect(out).toContain(
      'not proved: record 5 context.retrieved its commit is not signed by an allowed key: it carries no signature',
    );
    expect(code).toBe(1);
  });

  it('and has newest records cut off is seen by the head alone', async () => {
    const { out } = await audit(ledger.key, '--repository', ledger.bare, '--json');
    const { head } = JSON.parse(out) as { head: string };
    const copy = await tampered('cut-off', (git) => git('reset', '--quiet', '--hard', 'HEAD~1'));
    expect((await audit(ledger.key, '--repository', copy)).out).toContain(
      'not checked: whether newer records were cut off',
    );
    expect((await audit(ledger.key, '--repository', copy, '--head', head)).code).toBe(1);
  });
});

/** Replays all commits one by one; after each, `change` may amend it or say that it is to be dropped. */
async function rewrite(
  git: Git,
  change: (subject: string) => Promise<'drop' | false | undefined>,
): Promise<void> {
  const [first = '', ...commits] = (await git('rev-list', '--reverse', 'HEAD')).split('\n');
  await git('reset', '--quiet', '--hard', first);
  for (const commit of commits) {
    await git('cherry-pick', '-Xtheirs', commit);
    const result = await change(await git('log', '-1', '--format=%s'));
    if (result === 'drop') await git('reset', '--quiet', '--hard', 'HEAD~1');
  }
}
