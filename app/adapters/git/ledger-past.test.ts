// That reading all incidents at once gives what reading each of them gives, also where somebody tampered.

import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AuditInput, audit } from '#core/ledger/audit';
import { type TestLedger, writeLedger } from '../../../test/support/ledger.ts';
import { withHistory, withLedger } from './ledger-audit.ts';
import { readAllForAudit } from './ledger-past.ts';
import { readProof } from './ledger-proof.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await writeLedger();
});
afterAll(() => ledger.remove());

const plain = ({ key, commits, files, merge }: AuditInput) => ({
  ...{ key, files, merge },
  commits: commits.map(({ folder: _, ...rest }) => rest),
});
const both = async (url: string) => {
  const all =
    (await withHistory(
      url,
      async () => null,
      (history) => readAllForAudit(history),
    )) ?? [];
  const each = await withLedger(
    url,
    async () => null,
    async ({ store, look }) => {
      const found = [];
      for (const { key } of all) found.push(await readProof(store, look, key));
      return found.flatMap((one) => (one ? [plain(one)] : []));
    },
  );
  return { all: all.map(plain), each };
};

it('gives the same for every incident', async () => {
  const read = await both(ledger.bare);
  expect(read.all.map(({ key }) => key)).toEqual(['pd-other1', 'pd-q1abcd']);
  expect(read.all).toEqual(read.each);
});

it('says the same of records that were changed, and still names what was removed whole', async () => {
  const other = `${ledger.dir}/tampered`;
  await simpleGit().clone(ledger.bare, other, ['--quiet', '--branch', 'vigil/ledger']);
  const git = simpleGit({ baseDir: other });
  const as = ['-c', 'user.name=x', '-c', 'user.email=x@x.test'];
  const [file = '', second = ''] = (await git.raw('ls-files', 'incidents/*q1abcd*')).split('\n');
  await git.raw('rm', '--quiet', second);
  await git.raw('mv', file, `${file}.json`);
  await git.raw(...as, 'commit', '--quiet', '-m', 'Tidy up');
  const changed = await both(other);
  const wrong = (all: readonly AuditInput[] = []) => all.map((one) => `${one.key} ${audit(one).ok}`);
  expect(wrong(changed.all)).toEqual(['pd-other1 true', 'pd-q1abcd false']);
  expect(wrong(changed.each ?? [])).toEqual(wrong(changed.all));

  await git.raw(
    'rm',
    '-r',
    '--quiet',
    ...(await git.raw('ls-files', 'incidents/*pd-other1*')).trim().split('\n'),
  );
  await git.raw(...as, 'commit', '--quiet', '-m', 'Forget one');
  const removed = await both(other);
  expect(removed.each?.map(({ key }) => key)).toEqual(['pd-q1abcd']);
  expect(removed.all.map(({ key, files }) => `${key} ${files.length}`)).toEqual([
    'pd-other1 0',
    'pd-q1abcd 4',
  ]);
});
