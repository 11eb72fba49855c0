// What a program reads that pipes incidents through `vigil match`, and what a person sees.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { flagText, purgeText } from '../../test/support/shop.ts';
import { vigil } from '../../test/support/vigil.ts';

let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'match-test-'));
  await writeFile(join(dir, 'cache.md'), purgeText);
  await writeFile(join(dir, 'flag.md'), flagText);
  await writeFile(join(dir, 'broken.md'), '---\nid: x\n');
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const match = (lines: unknown[], ...args: string[]) =>
  vigil(
    dir,
    ['match', '--runbooks', '.', ...args],
    null,
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  );
const rings = { id: 7, title: 'Checkout error rate is high', body: 'status 500' };

describe('vigil match', () => {
  test('answers each incident on a line of its own, best runbook first', async () => {
    const { out } = await match(
      [
        { ...rings, service: 'shop' },
        { ...rings, id: 'b', service: 'Shop' },
      ],
      '--jsonl',
    );
    const answers = out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    const [first] = answers;
    expect(first).toMatchObject({
      id: 7,
      abstained: false,
      matches: [
        { runbook: 'shop-cache', why: 'alert “Checkout error rate is high”' },
        { runbook: 'shop-flag' },
      ],
    });
    expect(answers[1]).toEqual({ ...(first as object), id: 'b' });
  });

  test('abstains for another service, and where nothing is in common', async () => {
    const { out } = await match(
      [
        { ...rings, service: 'billing' },
        { id: 8, title: 'The coffee machine is empty', body: '' },
      ],
      '--jsonl',
    );
    expect(out).toBe('{"id":7,"matches":[],"abstained":true}\n{"id":8,"matches":[],"abstained":true}\n');
  });

  test('goes by labels, or by the text, where no service is given', async () => {
    const lines = [
      { ...rings, labels: { service: 'billing', app: 'shop' } },
      { ...rings, body: 'in the shop' },
      rings,
    ];
    const { out } = await match(lines, '--jsonl');
    for (const line of out.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ abstained: false, matches: [{ runbook: 'shop-cache' }, {}] });
  });

  test('answers a bad line with an error and goes on; a broken runbook is named and left out', async () => {
    const { out, err, code } = await match(
      ['nonsense', { id: 2, title: 5 }, { ...rings, service: 'shop' }],
      '--jsonl',
    );
    const answers = out
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(answers).toMatchObject([
      { line: 1, id: null, error: 'not JSON' },
      { line: 2, id: 2, error: expect.stringMatching(/^title: /) },
      { id: 7, abstained: false },
    ]);
    expect(err).toMatch(/broken\.md:1: left out: the front matter is not closed by ---\n$/);
    expect(code).toBe(1);
  });

  test('tells people in words', async () => {
    const { out } = await match([
      { ...rings, service: 'shop' },
      { id: 8, title: 'Coffee is cold', body: '' },
    ]);
    expect(out).toMatch(
      /^7 Checkout error rate is high\n {3}\d\d {2}shop-cache: alert “Checkout error rate is high”\n/,
    );
    expect(out).toMatch(/8 Coffee is cold\n {2}no runbook: nothing reaches 60\n$/);
  });

  test('refuses to guess the folder', async () => {
    expect(await vigil(dir, ['match'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('name --runbooks DIR'),
    });
    expect(await match([], '--runbooks', 'nowhere')).toMatchObject({ code: 2 });
  });
});
