// What somebody sees whose index, history, numbers or sealed incidents were changed by hand, and what only the whole branch shows.
import { chmod, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { incidentDirectory } from '#core/ledger/incident-key';
import { OPENED } from '../../test/support/incidents.ts';
import { type TestLedger, writeLedger } from '../../test/support/ledger.ts';
import { healed } from '../../test/support/replicas.ts';
import { type Deed, edit, type Git, tamperedCopy } from '../../test/support/tampering.ts';
import { vigil } from '../../test/support/vigil.ts';

let ledger: TestLedger;
const OPEN = 'pd-q1abcd';
const SEALED = 'pd-sealed1';
const folder = incidentDirectory(OPEN);
const file = `${incidentDirectory(SEALED)}.jsonl`;
const third = `${folder}/0003-investigation.started.json`;
const history = 'history/2026-11/03.jsonl';

beforeAll(async () => {
  ledger = await writeLedger();
  const app = await openLedger({
    dir: join(ledger.dir, 'again'),
    url: ledger.bare,
    credentials: async () => null,
  });
  await healed(app, SEALED);
  if ((await app.tidy(new Date(OPENED.getTime() + 9 * 86_400_000))) !== 1)
    throw new Error('nothing was sealed');
  app.close();
}, 60_000);
afterAll(() => ledger.remove());

const commit = (git: Git) => git('commit', '--quiet', '--all', '-m', 'Tidy up');
const changing =
  (path: string, from: string | RegExp, to: string): Deed =>
  async (git, at) => {
    await edit(at, path, from, to);
    await commit(git);
  };
const entry = (name: string) => new RegExp(`("${OPEN}":\\{.*?"${name}":")([^"]+)(")`);

describe('a ledger in which somebody changed', () => {
  // What was done, to which incident it is, and what the audit says of it.
  const cases: [string, string, string, Deed][] = [
    [
      'a stage in the index',
      OPEN,
      'index.json says another stage of pd-q1abcd',
      changing('index.json', entry('stage'), '$1RESOLVED$3'),
    ],
    [
      'a head in the index',
      OPEN,
      'index.json says another head of pd-q1abcd',
      changing('index.json', entry('head'), `$1${'a'.repeat(64)}$3`),
    ],
    [
      'a lease in the index',
      OPEN,
      'index.json says another target of pd-q1abcd',
      changing('index.json', /("pd-q1abcd":\{.*?"target":)null/, '$1"shop"'),
    ],
    [
      'the whole index',
      OPEN,
      'index.json cannot be read: ',
      (git, at) => writeFile(join(at, 'index.json'), '{').then(() => commit(git)),
    ],
    [
      'an open incident out of the index',
      OPEN,
      'index.json does not name pd-q1abcd, which is open',
      changing('index.json', /,\n"pd-q1abcd":\{[^\n]*\}\n/, '\n'),
    ],
    [
      'a sealed incident into the index',
      SEALED,
      'index.json calls pd-sealed1 open, which is sealed',
      async (git, at) => {
        const line = /"pd-q1abcd":(\{[^\n]*?\})/.exec(await readFile(join(at, 'index.json'), 'utf8'))?.[1];
        await edit(at, 'index.json', '"open":{\n', `"open":{\n"${SEALED}":${line},\n`);
        await commit(git);
      },
    ],
    [
      'what a sealed incident taught',
      SEALED,
      `${history} does not say of pd-sealed1 what its records say`,
      changing(history, '"ended":"recovered"', '"ended":"refuted"'),
    ],
    [
      'the line of a sealed incident away',
      SEALED,
      `${history} does not say of pd-sealed1`,
      (git, at) => rm(join(at, history)).then(() => commit(git)),
    ],
    [
      'the line of a sealed incident to two',
      SEALED,
      `${history} does not say of pd-sealed1`,
      changing(history, /^(.*)\n/, '$1\n$1\n'),
    ],
    [
      'whose an issue is',
      OPEN,
      'numbers/0.jsonl does not say that #12 is of pd-q1abcd',
      changing('numbers/0.jsonl', `"incident":"${OPEN}","number":12`, '"incident":"pd-other1","number":12'),
    ],
    [
      'a word in a sealed incident',
      SEALED,
      '0005-hypothesis.received.json is not what the message of its commit says',
      changing(file, 'Orders fail with 500.', 'Orders are well.'),
    ],
    ['a record out of a sealed incident', SEALED, `it names`, changing(file, /\n[^\n]*"seq":4,[^\n]*/, '')],
    [
      'a commit in a sealed incident',
      SEALED,
      '',
      changing(file, /("commits":\[")[0-9a-f]{40}("|,)/, `$1${'b'.repeat(40)}$2`),
    ],
    [
      'the end of a sealed incident',
      SEALED,
      'its last line does not name commits',
      changing(file, /"commits"/, '"commit"'),
    ],
    ['a sealed incident into nothing', SEALED, '', (git, at) => rm(join(at, file)).then(() => commit(git))],
    [
      'an open incident into nothing',
      OPEN,
      ' is gone, and the index names it',
      (git) => git('rm', '-r', '--quiet', folder).then(() => commit(git)),
    ],
    [
      'an incident that is open and sealed at once',
      SEALED,
      '0001-incident.opened.json does not follow',
      async (git, at) => {
        const [line = ''] = (await readFile(join(at, file), 'utf8')).split('\n');
        const path = `${incidentDirectory(SEALED)}/0001-incident.opened.json`;
        await git('rm', '-r', '--quiet', '--cached', 'README.md');
        const { mkdir } = await import('node:fs/promises');
        await mkdir(join(at, incidentDirectory(SEALED)), { recursive: true });
        await writeFile(join(at, path), `${line}\n`);
        await git('add', path);
        await commit(git);
      },
    ],
    [
      'a record to a program',
      OPEN,
      '0003-investigation.started.json is not a plain text file',
      (git, at) => chmod(join(at, third), 0o755).then(() => commit(git)),
    ],
    [
      'a record to a link',
      OPEN,
      '0003-investigation.started.json is not a plain text file',
      async (git, at) => {
        await rm(join(at, third));
        await symlink('/etc/passwd', join(at, third));
        await commit(git);
      },
    ],
  ];
  it.concurrent.each(cases)('%s is told', async (name, key, said, deed) => {
    const copy = await tamperedCopy(ledger, name.replaceAll(/[^a-z]+/g, '-'), deed);
    const { out, err, code } = await vigil(ledger.dir, ['audit', key, '--repository', copy]);
    if (name === 'a sealed incident into nothing' || name.startsWith('a commit in')) {
      // Nothing is left that could be proved: it is not said to be.
      expect(code).not.toBe(0);
      expect(`${out}${err}`).not.toMatch(/^proved/m);
      return;
    }
    expect(`${out}${err}`).toContain(said);
    expect(out).toMatch(/^not proved: /m);
    expect(code).toBe(1);
  });

  const past: [string, string, Deed][] = [
    [
      'a record, and put it back',
      OPEN,
      async (git, at) => {
        const text = await readFile(join(at, third), 'utf8');
        await edit(at, third, '"id":5', '"id":6');
        await commit(git);
        await writeFile(join(at, third), text);
        await commit(git);
      },
    ],
    [
      'something else when an incident was sealed',
      SEALED,
      async (git, at) => {
        await writeFile(join(at, 'odd.txt'), 'hello\n');
        await git('add', '--all');
        await git('commit', '--quiet', '--amend', '--no-edit');
      },
    ],
  ];
  it.each(past)(
    '%s, is seen in the whole history, and else said to be unchecked',
    async (name, key, deed) => {
      const copy = await tamperedCopy(ledger, name.replaceAll(/[^a-z]+/g, '-'), deed);
      const quick = await vigil(ledger.dir, ['audit', key, '--repository', copy]);
      expect(quick.out).toMatch(/^not checked: what was changed and put back|^not proved/m);
      const whole = await vigil(ledger.dir, ['audit', key, '--repository', copy, '--history']);
      expect(whole.out).toMatch(/^not proved: /m);
      expect(whole.code).toBe(1);
    },
  );
});
