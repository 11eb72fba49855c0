// Evidence by month: what a month holds, and what is left of it once it was erased.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { bareRepository, type Repository } from '../../../test/support/repository.ts';
import { vigil } from '../../../test/support/vigil.ts';
import { openClone } from './clone.ts';
import { type EvidenceItem, evidenceBranch } from './evidence.ts';
import { type EvidenceKeeper, openEvidence } from './evidence-keeper.ts';
import { readEvidence } from './evidence-read.ts';

let repository: Repository;
let keeper: EvidenceKeeper;
beforeEach(() => {
  repository = bareRepository();
  keeper = open('evidence');
});
afterEach(() => {
  keeper.close();
  repository.remove();
});
const at = (name: string) => ({
  dir: `${repository.dir}/${name}`,
  url: repository.origin,
  credentials: async () => null,
});
const open = (name: string): EvidenceKeeper => openEvidence(at(name));
const item = (text: string): EvidenceItem => ({ id: text, source: 'datadog', title: text, text });
const november = new Date('2026-11-30T23:00:00Z');
const december = new Date('2026-12-01T01:00:00Z');
const files = (branch: string): string[] =>
  repository.git('ls-tree', '-r', '--name-only', branch).split('\n');
const keys = (branch: string): string[] => [
  ...new Set(files(branch).map((path) => path.split('/')[0] ?? '')),
];
/** Everything that can still be had from the branches, all their pasts included. */
const reachable = (): string =>
  repository
    .git('rev-list', '--objects', '--all')
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((id) => repository.git('cat-file', '-t', id) === 'blob')
    .map((id) => repository.git('cat-file', 'blob', id))
    .join('\n');

describe('a month of evidence', () => {
  test('holds that month and nothing of the one before, whoever writes', async () => {
    await keeper.store('pd-first1', [item('old secret')], november);
    await keeper.store('pd-second', [item('new')], december);
    const other = open('other');
    await other.store('pd-third1', [item('newer')], december);
    await keeper.store('pd-second', [item('newest')], december);
    other.close();
    expect(keys('vigil/evidence-2026-11')).toEqual(['pd-first1']);
    expect(keys('vigil/evidence-2026-12')).toEqual(['pd-second', 'pd-third1']);
    expect(files('vigil/evidence-2026-12')).toHaveLength(3);
  });

  test('is read back by its hashes; storing the same again changes nothing', async () => {
    const stored = await keeper.store('pd-first1', [item('a'), item('b')], november);
    const head = repository.git('rev-parse', stored.branch);
    expect(await keeper.store('pd-first1', [item('b')], november)).toMatchObject({ branch: stored.branch });
    expect(repository.git('rev-parse', stored.branch)).toBe(head);
    const clone = await openClone({ ...at('job'), depth: 1 });
    const read = await readEvidence(clone, 'pd-first1', { ...stored, missing: [] });
    expect(read).toMatchObject({ items: [{ text: 'a' }, { text: 'b' }], missing: [] });
  });

  test('is deleted whole when its last day is 90 days ago, and then a new one begins empty', async () => {
    await keeper.store('pd-first1', [item('old secret')], november);
    await keeper.store('pd-second', [item('new')], december);
    repository.commit('vigil/evidence-of-something', { 'a.txt': 'not ours' });
    expect(await keeper.eraseOld(new Date('2027-02-28T23:59:00Z'))).toEqual([]);
    expect(await keeper.eraseOld(new Date('2027-03-01T00:00:00Z'))).toEqual(['vigil/evidence-2026-11']);
    expect(reachable()).not.toContain('old secret');
    await keeper.store('pd-third1', [item('late')], november);
    expect(keys('vigil/evidence-2026-11')).toEqual(['pd-third1']);
    expect(keys('vigil/evidence-2026-12')).toEqual(['pd-second']);
  });
});

describe('vigil erase', () => {
  const erase = (...args: string[]) =>
    vigil(repository.dir, ['erase', ...args, '--repository', repository.origin]);
  beforeEach(async () => {
    await keeper.store('pd-first1', [item('old secret'), item('another')], november);
    await keeper.store('pd-second', [item('stays')], november);
    await keeper.store('pd-first1', [item('new secret')], december);
  });

  test('says what it would do and changes nothing', async () => {
    const before = repository.git('for-each-ref');
    const { out, code } = await erase('FIRST1');
    expect(out).toBe(
      'would erase 2 texts of pd-first1 from vigil/evidence-2026-11\nwould erase one text of pd-first1 from vigil/evidence-2026-12\nnothing was changed; --yes does it\n',
    );
    expect([code, repository.git('for-each-ref')]).toEqual([0, before]);
  });

  test('takes an incident out of every month and its past, and leaves the others', async () => {
    const { out, code } = await erase('pd-first1', '--yes');
    expect(out).toContain('erased 2 texts of pd-first1 from vigil/evidence-2026-11');
    expect(code).toBe(0);
    expect(reachable()).toContain('stays');
    expect(reachable()).not.toMatch(/secret|another/);
    expect(repository.git('for-each-ref', '--format=%(refname:short)')).toBe('vigil/evidence-2026-11');
    expect(repository.git('rev-list', '--count', 'vigil/evidence-2026-11')).toBe('1');
    expect((await erase('pd-first1', '--yes')).out).toMatch(/ holds no such evidence\n$/);
    // The app goes on writing to the month that got a new past.
    await keeper.store('pd-third1', [item('later')], november);
    expect(keys('vigil/evidence-2026-11')).toEqual(['pd-second', 'pd-third1']);
  });

  test('deletes old months by their age', async () => {
    repository.commit('vigil/evidence-2020-01', { 'pd-older1/a.txt': 'long ago' });
    const json = await erase('--older-than', '1000', '--json');
    expect(JSON.parse(json.out)).toMatchObject({
      done: false,
      erasures: [{ branch: 'vigil/evidence-2020-01', without: null }],
    });
    expect((await erase('--older-than', '1000', '--yes')).out).toBe('deleted vigil/evidence-2020-01\n');
    expect(reachable()).not.toContain('long ago');
    expect(reachable()).toContain('new secret');
  });

  test.each([
    [['12', '--yes'], 'name it by its ledger key or its PagerDuty id'],
    [[], 'name one incident, or say --older-than DAYS'],
    [['pd-first1', '--older-than', '9'], 'name one incident, or say --older-than DAYS'],
    [['--older-than', '-1'], /older-than/],
  ])('refuses %j', async (args, said) => {
    const { err, code } = await erase(...args);
    expect(err).toMatch(said);
    expect(code).toBe(2);
  });
});

test('names a month by the day it is told', () =>
  expect(evidenceBranch(november)).toBe('vigil/evidence-2026-11'));
