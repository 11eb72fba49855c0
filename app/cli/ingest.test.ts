// What somebody sees who brings runbooks into Sanity: the good go in once, the broken are named, and a second look finds
// nothing to do.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sanity, startSanity } from '../../sandbox/sanity/server.ts';
import { purgeText } from '../../test/support/shop.ts';
import type { CliConfig } from '../config.ts';
import { ingestCommand } from './ingest.ts';

type Given = NonNullable<CliConfig['sanity']>;
const account = { projectId: 'sandbox1', dataset: 'production', token: 'sk-ingest' };
let lake: Sanity;
let dir = '';

beforeEach(async () => {
  lake = await startSanity(account);
  dir = await mkdtemp(join(tmpdir(), 'ingest-test-'));
  await mkdir(join(dir, 'runbooks/wiki'), { recursive: true });
  await mkdir(join(dir, '.git'));
  await mkdir(join(dir, '.github'));
  await writeFile(
    join(dir, '.github/vigil.yml'),
    'v: 1\nworkspace: { template: t, version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11 }\nservices:\n  PSHOP01: { name: shop, parameters: { KEY: hidden } }\n',
  );
  await write('one', purgeText);
  await write('two', purgeText.replace('id: shop-cache', 'id: shop-cache-two'));
});
afterEach(async () => {
  await lake.close();
  await rm(dir, { recursive: true, force: true });
});

const file = (name: string): string => join(dir, 'runbooks', `${name}.md`);
const write = (name: string, text: string): Promise<void> => writeFile(file(name), text);
const ids = (): string[] =>
  lake
    .documents()
    .map(({ _id }) => _id)
    .filter((id) => id.startsWith('runbook'));

async function ingest(args: string[] = [], sanity: Given | null = { ...account, host: lake.api }) {
  const said = { out: '', err: '' };
  const code = await ingestCommand.run(['runbooks', ...args], {
    cwd: dir,
    colour: false,
    config: { colour: false, token: null, server: 'https://github.com', ...(sanity ? { sanity } : {}) },
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    taken: async () => undefined,
    input: async function* () {},
  });
  return { ...said, code };
}

describe('vigil ingest', () => {
  test('brings runbooks and services in, and a second time finds nothing to do', async () => {
    expect(await ingest()).toEqual({
      code: 0,
      err: '',
      out: `2 files: 2 good, 0 broken
+ runbook-shop-cache (runbooks/one.md)
+ runbook-shop-cache-two (runbooks/two.md)
+ ${lake.documents().find(({ _type }) => _type === 'service')?._id} (.github/vigil.yml)
to write: 3 new, 0 changed, 0 removed; 0 as they are
written: 3 new, 0 changed, 0 removed
`,
    });
    const before = lake.documents();
    const again = await ingest();
    expect(again.out).toContain('to write: 0 new, 0 changed, 0 removed; 3 as they are');
    expect(lake.documents()).toEqual(before);
  });

  test('writes what front matter and text say, and no script and no parameter', async () => {
    await ingest();
    expect(lake.documents().find(({ _id }) => _id === 'runbook-shop-cache')).toMatchObject({
      ...{ _type: 'runbook', title: 'Checkout fails because of the cache', service: 'shop' },
      ...{ failureTypes: ['cache_corruption'], severity: 'sev2', keywords: ['checkout', 'cache'] },
      ...{ alerts: ['Checkout error rate is high'], riskLevel: 'LOW', path: 'runbooks/one.md' },
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(lake.documents())).not.toMatch(/curl|hidden/);
  });

  test('shows which fields of which runbook changed', async () => {
    await ingest();
    await write('one', purgeText.replace('severity: sev2', 'severity: sev1'));
    const { out } = await ingest();
    expect(out).toContain('~ runbook-shop-cache (runbooks/one.md): severity, sha256\n');
    expect(out).toContain('written: 0 new, 1 changed, 0 removed');
  });

  test('names what is broken by file, line and reason; the rest goes in', async () => {
    await write(
      'bad-severity',
      purgeText.replace('severity: sev2', 'severity: urgent').replace('shop-cache', 'bad-a'),
    );
    await write('bad-yaml', '---\nid: bad-b\ntitle: [\n---\ntext\n');
    await write('open', '---\nid: bad-c\n');
    await write('twin', purgeText);
    await write('empty', '');
    await writeFile(file('binary'), Buffer.from([0x23, 0xff, 0xfe, 0x00]));
    const { out, code } = await ingest();
    expect(out).toMatch(/^runbooks\/bad-severity\.md:6: stays out: .*severity/m);
    expect(out).toMatch(/^runbooks\/bad-yaml\.md:\d: stays out: \S/m);
    expect(out).toContain('runbooks/open.md:1: stays out: the front matter is not closed by ---\n');
    expect(out).toContain('runbooks/twin.md:2: stays out: runbooks/one.md has the id shop-cache already\n');
    expect(out).toContain('runbooks/empty.md:1: stays out: holds no text\n');
    expect(out).toMatch(/^runbooks\/binary\.md:1: stays out: is no text in UTF-8/m);
    expect(out).toContain('8 files: 2 good, 6 broken\n');
    expect(code).toBe(1);
    expect(ids()).toEqual(['runbook-shop-cache', 'runbook-shop-cache-two']);
  });

  test('takes plain Markdown for people to read, and says what it guessed and why', async () => {
    const text =
      '# Shop runs out of memory\n\nPods are OOMKilled; memory climbs. SEV1 when checkout stops.\n\n## Steps\n1. Look at the heap.\n2. Restart it.\n\n## How to verify\nOrders go through.\n';
    await writeFile(join(dir, 'runbooks/wiki/Shop OOM.md'), text);
    const { out, code } = await ingest();
    expect(out).toContain(`runbooks/wiki/Shop OOM.md guessed:
  id: shop-oom (the name of the file)
  title: Shop runs out of memory (the first heading)
  service: shop (the text names it most)
  failure_types: memory_exhaustion (words of the text)
  severity: sev1 (the text names it)
  keywords: shop, runs, out, memory, verify (words of the headings)
`);
    expect(lake.documents().find(({ _id }) => _id === 'runbook-shop-oom')).toMatchObject({
      steps: ['Look at the heap.', 'Restart it.'],
      verificationProcedure: 'Orders go through.',
      guessed: ['id', 'title', 'service', 'failure_types', 'severity', 'keywords'],
    });
    expect(code).toBe(0);
  });

  test('takes front matter without an id, or with the line ends of Windows', async () => {
    await write('no-id', purgeText.replace('id: shop-cache\n', ''));
    await write('windows', purgeText.replace('shop-cache', 'shop-win').replaceAll('\n', '\r\n'));
    const { out, code } = await ingest();
    expect(out).toContain('runbooks/no-id.md guessed:\n  id: no-id (the name of the file)\n');
    expect(ids()).toEqual(expect.arrayContaining(['runbook-no-id', 'runbook-shop-win']));
    expect(code).toBe(0);
  });

  test('--dry-run writes nothing and says what it would', async () => {
    const { out, code } = await ingest(['--dry-run', '--prune']);
    expect(out).toContain('would be written: 3 new, 0 changed, 0 removed');
    expect(lake.requests().some(({ on }) => on === 'mutate')).toBe(false);
    expect(code).toBe(0);
  });

  test('--prune removes what it wrote and is gone: no broken file, nobody else’s, no other folder’s', async () => {
    await write('three', purgeText.replace('id: shop-cache', 'id: shop-three'));
    await ingest();
    const [shop] = lake.documents();
    lake.put([
      { ...shop, _id: 'by-hand', _type: 'runbook', managedBy: undefined },
      { ...shop, _id: 'runbook-other', _type: 'runbook', path: 'other/one.md' },
    ]);
    await rm(file('two'));
    await write('three', '---\nbroken\n');
    const looked = await ingest();
    expect(looked.out).toContain(
      '? runbook-shop-cache-two: runbooks/two.md is gone; --prune would remove it\n',
    );
    await expect(ingest(['--prune'])).rejects.toThrow('add --yes');
    const pruned = await ingest(['--prune', '--yes']);
    expect(pruned.out).toContain('- runbook-shop-cache-two (runbooks/two.md)\n');
    expect(ids()).toEqual(['runbook-shop-cache', 'runbook-shop-three', 'runbook-other']);
    expect(lake.documents().some(({ _id }) => _id === 'by-hand')).toBe(true);
  });

  test('leaves alone what somebody wrote in Sanity under the same id, and says so', async () => {
    lake.put([{ _id: 'runbook-shop-cache', _type: 'runbook', title: 'By hand' }]);
    const { out, code } = await ingest();
    expect(out).toContain('! runbook-shop-cache (runbooks/one.md) was written in Sanity by somebody else');
    expect(code).toBe(1);
    expect(lake.documents()[0]).toMatchObject({ title: 'By hand' });
  });

  test('without settings judges the files, sends nothing, and says what to set', async () => {
    await write('broken', '---\n');
    const { out, err, code } = await ingest([], null);
    expect(out).toContain('3 files: 2 good, 1 broken');
    expect(err).toContain('Nothing was sent: SANITY_PROJECT_ID is not set');
    expect(code).toBe(3);
  });

  test('goes on after a run that was cut short', async () => {
    lake.fail({ on: 'mutate', times: 1, status: 429, retryAfter: 0 });
    lake.fail({ on: 'mutate', times: 1, cut: true });
    expect(await ingest()).toMatchObject({ code: 0, err: '' });
    expect(lake.documents()).toHaveLength(3);
  });

  test('says everything as JSON', async () => {
    await write('broken', '---\n');
    const { out, code } = await ingest(['--json']);
    expect(JSON.parse(out)).toMatchObject({
      ok: false,
      files: 3,
      refused: [{ file: 'runbooks/broken.md', line: 1, reason: 'the front matter is not closed by ---' }],
      created: [{ id: 'runbook-shop-cache' }, { id: 'runbook-shop-cache-two' }, {}],
      written: { created: 3, updated: 0, removed: 0 },
      failure: null,
    });
    expect(code).toBe(1);
  });

  test('tells a wrong token from a wrong file', async () => {
    const { err, code } = await ingest([], { ...account, token: 'sk-wrong', host: lake.api });
    expect(err).toBe('Nothing was written: Sanity answered 401: Unauthorized - Session not found\n');
    expect(code).toBe(3);
    expect(await readFile(file('one'), 'utf8')).toBe(purgeText);
  });
});
