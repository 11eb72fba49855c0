// What somebody gets who asks for pictures at a desk: of which looks, where, and for whose eyes.
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buys, deskShop, planOf, shelf } from '../../test/support/desk-shop.ts';
import { realLightpanda } from '../../test/support/real-lightpanda.ts';
import { objects } from '../../test/support/spawned.ts';

let shop: Awaited<ReturnType<typeof deskShop>>;
const lightpanda = realLightpanda('pictures');
beforeAll(async () => {
  shop = await deskShop();
});
afterAll(() => shop.close());
const pictured = (check: string): string => check.replace(/ }$/, ', screenshot: true }');
const listed = (folder: string): Promise<string[]> => readdir(join(shop.dir, folder)).catch(() => []);
/** Width and height, as a JPEG's frame header says. */
function sizeOf(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2))
    if ([0xc0, 0xc2].includes(jpeg[at + 1] ?? 0))
      return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  throw new Error('no JPEG');
}

describe('vigil verify --screenshots', () => {
  it('writes one of each check that asks for it, for nobody else to read', async () => {
    const { out, code } = await shop.verify(planOf(pictured(shelf), pictured(buys('/dead'))), [
      '--screenshots',
      'shots',
    ]);
    const files = (await listed('shots')).toSorted();
    expect(files).toEqual([
      expect.stringMatching(/^buy-fail-[\dT-]+Z\.jpg$/),
      expect.stringMatching(/^shelf-pass-[\dT-]+Z\.jpg$/),
    ]);
    for (const file of files) {
      expect(out).toMatch(new RegExp(`^ +picture of \\w+, which (passed|failed): shots/${file}$`, 'm'));
      const path = join(shop.dir, 'shots', file);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect(sizeOf(await readFile(path))).toEqual([1280, 900]);
    }
    expect(code).toBe(1);
  });

  it('by a rule, of the look that counted', async () => {
    const { code } = await shop.verify(planOf(pictured(shelf)), [
      '--rule',
      'green',
      '--screenshots',
      'green',
    ]);
    expect([await listed('green'), code]).toEqual([[expect.stringMatching(/^shelf-pass-/)], 0]);
  });

  it('is told as JSON, which a later run can begin with', async () => {
    const args = ['--json', '--screenshots', 'json'];
    const { out } = await shop.verify(planOf(pictured(shelf)), args);
    expect(objects(out)[1]).toMatchObject({ type: 'picture', check: 'shelf', outcome: 'pass' });
    await writeFile(join(shop.dir, 'before.jsonl'), out);
    const { code } = await shop.verify(planOf(shelf), ['--before', 'before.jsonl', '--html', 'page.html']);
    expect(code).toBe(0);
  });

  it('takes none of a check that does not ask, and none without the option', async () => {
    await shop.verify(planOf(shelf), ['--screenshots', 'none']);
    expect(await listed('none')).toEqual([]);
    const before = await readdir(shop.dir);
    await shop.verify(planOf(pictured(shelf)));
    expect(await readdir(shop.dir)).toEqual(before);
  });

  it.runIf(lightpanda !== null)('takes none by Lightpanda, which draws nothing', async () => {
    await writeFile(join(shop.dir, 'lp.yml'), planOf(pictured(shelf)));
    const args = ['lp.yml', '--service', 'shop', '--engine', 'lightpanda', '--screenshots', 'lp'];
    const { out } = await shop.run(args, {}, { lightpandaPath: lightpanda });
    expect(out).toContain('Lightpanda alone');
    expect(await listed('lp')).toEqual([]);
  });

  it('refuses a folder that cannot be one, before it looks', async () => {
    await writeFile(join(shop.dir, 'a-file'), '');
    const before = shop.asked.length;
    const { err, code } = await shop.verify(planOf(pictured(shelf)), ['--screenshots', 'a-file']);
    expect(err).toMatch(/a-file is no folder for pictures/);
    expect([shop.asked.length - before, code]).toEqual([0, 2]);
  });

  it('leaves what lies there already', async () => {
    await mkdir(join(shop.dir, 'old'));
    await writeFile(join(shop.dir, 'old', 'mine.jpg'), 'mine');
    await shop.verify(planOf(pictured(shelf)), ['--screenshots', 'old']);
    expect(await readFile(join(shop.dir, 'old', 'mine.jpg'), 'utf8')).toBe('mine');
    expect(await listed('old')).toHaveLength(2);
  });
});
