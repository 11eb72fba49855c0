// Settings and runbooks as main has them: what an author reads when one is wrong, and that only plain files count.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bareRepository, type Repository } from '../../../test/support/repository.ts';
import { flagText, purgeText } from '../../../test/support/shop.ts';
import { type Clone, openClone } from './clone.ts';
import { parseRunbook, parseSettings, readBlob, readFolder, readSource, SETTINGS_PATH } from './source.ts';

const settingsText = `# Settings
v: 1
workspace:
  template: vigil-remediate
  version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11
services:
  PBILL01:
    name: billing
  PSHOP01:
    name: shop
    parameters:
      SHOP_URL: https://shop.example
    actions:
      - { id: purge, method: POST, url: 'https://shop.example/purge', effect: cache.purge }
`;

describe('an author of vigil.yml', () => {
  const problem = (from: string, to: string) => {
    expect(settingsText).toContain(from);
    const parsed = parseSettings(settingsText.replace(from, to));
    return parsed.ok ? null : parsed.problem;
  };

  test('whose file is right reads nothing', () => {
    expect(parseSettings(settingsText)).toMatchObject({
      ok: true,
      value: { services: { PSHOP01: { name: 'shop' } } },
    });
  });

  test.each<[string, string, string, number, string]>([
    ['YAML that is none', 'v: 1', 'v: [1', 3, 'deficient indentation'],
    ['the wrong version', 'v: 1', 'v: 2', 2, 'at v'],
    ['a misspelled key', 'workspace:', 'worksapce:', 3, 'worksapce'],
    ['a missing value', '    name: shop\n', '', 9, 'at services.PSHOP01.name'],
    ['the second of two equal keys', 'name: shop', 'name: Shop', 10, 'at services.PSHOP01.name'],
    ['a value inside braces', 'method: POST', 'method: GET', 14, 'at services.PSHOP01.actions[0].method'],
    ['a key twice', '    name: shop\n', '    name: shop\n    name: shop\n', 11, 'dup'],
  ])('reads file, line and cause for %s', (_, from, to, line, cause) => {
    const found = problem(from, to);
    expect(found).toMatchObject({ file: '.github/vigil.yml', line });
    expect(found?.reason).toContain(cause);
    expect(found?.reason).not.toContain('\n');
  });

  test.each(['', '- 1\n', 'null\n', '"text"\n'])('reads that %j is not a settings file', (text) => {
    expect(parseSettings(text)).toMatchObject({ ok: false, problem: { line: 1 } });
  });
});

describe('an author of a runbook', () => {
  const problem = (from: string, to: string, text = flagText) => {
    expect(text).toContain(from);
    const parsed = parseRunbook(text.replace(from, to), 'runbooks/shop-flag.md');
    return parsed.ok ? null : parsed.problem;
  };
  const undo = flagText.slice(flagText.indexOf('```bash undo'), flagText.indexOf('```yaml verify'));

  test.each<[string, string, string, number, string]>([
    ['front matter that is not YAML', 'title: C', 'title: "C', 4, 'deficient indentation'],
    ['a wrong severity', 'severity: sev3', 'severity: bad', 6, 'at severity'],
    ['a misspelled key', 'approval: auto', 'aproval: auto', 9, 'aproval'],
    ['a missing title', 'title: Checkout fails since a flag was switched on\n', '', 2, 'at title'],
    ['no fix', '```bash fix', '```bash fixx', 13, 'needs exactly one ```bash fix block, has 0'],
    ['two fixes', '```bash undo', '```bash fix', 13, 'needs exactly one ```bash fix block, has 2'],
    ['no verification', '```yaml verify', '```yaml', 13, 'needs exactly one ```yaml verify block, has 0'],
    [
      'two undos',
      '```yaml verify',
      `${undo}\n\`\`\`yaml verify`,
      13,
      'needs at most one ```bash undo block, has 2',
    ],
    ['a check that is not YAML', 'v: 1\nchecks', 'v: [1\nchecks', 23, 'deficient indentation'],
    ['a check nobody knows', 'kind: http', 'kind: ping', 24, 'at checks[0].kind'],
    ['a symptom without its check', 'checks: [health]', 'checks: [order]', 25, 'no check is called order'],
    ['a block that never ends', '[health] }\n```', '[health] }', 21, 'never closed'],
  ])('reads file, line and cause for %s', (_, from, to, line, cause) => {
    const text = from.includes('approval') ? purgeText : flagText;
    const found = problem(from, to, text);
    expect(found?.reason).toContain(cause);
    expect(found).toMatchObject({ file: 'runbooks/shop-flag.md', line });
  });

  test.each(
    readdirSync(join(import.meta.dirname, '../../../runbooks')).filter((name) => name !== 'README.md'),
  )('who ships %s has written one Vigil may act on', (name) => {
    const text = readFileSync(join(import.meta.dirname, '../../../runbooks', name), 'utf8');
    const parsed = parseRunbook(text, `runbooks/${name}`);
    expect(parsed).toMatchObject({ ok: true, value: { id: name.replace('.md', ''), remediation: {} } });
  });

  test('of this repository’s settings has written settings', () => {
    const text = readFileSync(join(import.meta.dirname, '../../..', SETTINGS_PATH), 'utf8');
    expect(parseSettings(text)).toMatchObject({ ok: true });
  });
});

describe('main', () => {
  let repository: Repository;
  let clone: Clone;
  beforeAll(async () => {
    repository = bareRepository();
    clone = await openClone({
      dir: join(repository.dir, 'clone'),
      url: repository.origin,
      credentials: async () => null,
    });
  });
  afterAll(() => repository.remove());

  test('without a branch or without settings is an accident, told in words', async () => {
    await expect(readSource(clone)).rejects.toThrow('the repository has no default branch');
    repository.commit('main', { 'README.md': 'x' });
    await expect(readSource(clone)).rejects.toThrow('.github/vigil.yml is missing on main');
    repository.commit('main', { [SETTINGS_PATH]: settingsText.replace('v: 1', 'v: 3') });
    await expect(readSource(clone)).rejects.toThrow('.github/vigil.yml:2: ');
  });

  test('gives settings, runbooks and the problems of broken ones; a working tree is never looked at', async () => {
    const commit = repository.commit('main', {
      [SETTINGS_PATH]: settingsText,
      'runbooks/README.md': 'About runbooks',
      'runbooks/shop-flag.md': flagText,
      'runbooks/team/shop-cache.md': purgeText,
      'runbooks/broken.md': 'no front matter',
      'runbooks/twin.md': flagText,
      'runbooks/notes.txt': 'x',
    });
    mkdirSync(join(clone.dir, 'runbooks'), { recursive: true });
    const source = await readSource(clone);
    expect(source.commit).toBe(commit);
    expect(source.runbooks.map(({ id, path }) => [id, path])).toEqual([
      ['shop-flag', 'runbooks/shop-flag.md'],
      ['shop-cache', 'runbooks/team/shop-cache.md'],
    ]);
    expect(source.problems).toEqual([
      {
        file: 'runbooks/broken.md',
        line: 1,
        reason: 'the file does not start with front matter (---)',
      },
      { file: 'runbooks/twin.md', line: 2, reason: 'runbooks/shop-flag.md has the id shop-flag already' },
    ]);
    expect(await readSource(clone, source)).toBe(source);
  });

  test('gives a remediation folder byte for byte', async () => {
    const files = {
      'fix.sh': '\n true \n\n',
      'verify.yml': 'v: 1\r\n',
      'remediation.yml': 'ä😀\n',
      'undo.sh': '',
    };
    const at = repository.commit(
      'main',
      Object.fromEntries(Object.entries(files).map(([name, text]) => [`remediations/pd-a/${name}`, text])),
    );
    await clone.local().raw('fetch', '--quiet', clone.url, 'main');
    expect(await readFolder(clone, at, 'remediations/pd-a')).toEqual(files);
    expect(await readFolder(clone, at, 'remediations/pd-none')).toEqual({});
    expect(await readBlob(clone, at, 'remediations/pd-a/none')).toBeNull();
  });

  test.each<[string, Parameters<Repository['commit']>[1]]>([
    ['a symbolic link', { 'remediations/pd-x/fix.sh': { mode: '120000', text: '/etc/passwd' } }],
    ['an executable file', { 'remediations/pd-x/fix.sh': { mode: '100755', text: 'true\n' } }],
    ['a folder inside', { 'remediations/pd-x/more/fix.sh': 'true\n' }],
    ['bytes that are no text', { 'remediations/pd-x/fix.sh': Buffer.from([0x65, 0xff, 0x0a]) }],
  ])('gives no folder that holds %s', async (_, files) => {
    repository.commit('main', { 'remediations/pd-x': null, ...files });
    const at = repository.git('rev-parse', 'main');
    await clone.local().raw('fetch', '--quiet', clone.url, 'main');
    expect(await readFolder(clone, at, 'remediations/pd-x')).toBeNull();
  });
});

describe('an author who names a fix of the catalogue', () => {
  const scripts = flagText.slice(flagText.indexOf('```bash fix'), flagText.indexOf('```yaml verify'));
  const plan = flagText.slice(flagText.indexOf('```yaml verify'));
  const named = (fix: string, rest = '') =>
    parseRunbook(
      flagText
        .replace(scripts, rest)
        .replace(/remediation:\n( {2}.*\n)+/, `remediation:\n  parameters: [SHOP_URL]\n  fix: ${fix}\n`),
      'runbooks/shop-flag.md',
    );
  const FLAG = '{ catalogue: flag, inputs: { url: SHOP_FLAG_OFF_URL, back: SHOP_FLAG_ON_URL } }';

  test('has written what the catalogue says: kind, risk, parameters, fix and undo, under one hash', () => {
    const parsed = named(FLAG);
    if (!parsed.ok) throw new Error(parsed.problem.reason);
    expect(parsed.value.remediation).toMatchObject({
      kind: 'flag',
      risk: 'MEDIUM',
      parameters: ['SHOP_URL', 'SHOP_FLAG_OFF_URL', 'SHOP_FLAG_ON_URL'],
      fix: 'curl --fail --silent --show-error --max-time 10 -X POST "$SHOP_FLAG_OFF_URL"\n',
      undo: 'curl --fail --silent --show-error --max-time 10 -X POST "$SHOP_FLAG_ON_URL"\n',
      named: { catalogue: 'flag' },
    });
    const other = named(FLAG.replace('back: SHOP_FLAG_ON_URL', 'back: SHOP_FLAG_ON_URL, method: PUT'));
    expect(parsed.value.block).toMatch(/^[0-9a-f]{64}$/);
    expect(other.ok && other.value.block).not.toBe(parsed.value.block);
  });

  test('may leave out the verify block when an input names the page that shows recovery', () => {
    const text = flagText
      .replace(scripts, '')
      .replace(plan, '')
      .replace(
        /remediation:\n( {2}.*\n)+/,
        `remediation:\n  fix: ${FLAG.replace('} }', ', page: SHOP_URL } }')}\n`,
      );
    expect(parseRunbook(text, 'a.md')).toMatchObject({
      ok: true,
      value: { remediation: { plan: { checks: [{ kind: 'page', url: '{SHOP_URL}' }] } } },
    });
  });

  test.each([
    ['a fix that is not there', FLAG.replace('flag', 'wipe'), '', 'the catalogue has no such fix'],
    ['an input that is missing', '{ catalogue: flag, inputs: { url: SHOP_URL } }', '', 'flag, input back: '],
    ['an input that is shell', FLAG.replace('SHOP_FLAG_OFF_URL', '"$(id)"'), '', 'flag, input url: '],
    ['scripts beside it', FLAG, scripts, 'no place for a bash fix or undo block'],
  ])('reads file, line and cause for %s', (_, fix, rest, cause) => {
    const parsed = named(fix, rest);
    expect(parsed).toMatchObject({ ok: false, problem: { file: 'runbooks/shop-flag.md' } });
    expect(parsed.ok ? '' : parsed.problem.reason).toContain(cause);
  });

  test('has to say kind and risk when nothing is named', () => {
    const parsed = parseRunbook(flagText.replace(/ {2}kind: .*\n/, ''), 'a.md');
    expect(parsed.ok ? '' : parsed.problem.reason).toContain('is missing, since no catalogue fix is named');
  });
});
