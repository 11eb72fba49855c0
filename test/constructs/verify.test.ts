// The broken shops that a look without layout takes for well, from the front door: `vigil verify` refutes them, and calls them red. Both
// engines look, as in an installation that has both; where there is no Lightpanda, Chromium alone does.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installedChromium } from '../../sandbox/browser.ts';
import { root } from '../support/files.ts';
import { objects } from '../support/spawned.ts';
import { vigil } from '../support/vigil.ts';
import { BROKEN } from './broken.ts';
import { lightpandaPath } from './eyes.ts';
import { shops } from './pages/shops.ts';
import { serve } from './server.ts';

let dir = '';
let chromiumPath = '';
beforeAll(async () => {
  chromiumPath = await installedChromium();
  dir = await mkdtemp(join(tmpdir(), 'verify-shops-'));
  await mkdir(join(dir, '.github'));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

/** What the command line says of a shop, by one rule. */
async function verify(id: string, rule: 'once' | 'red' | 'green') {
  const shop = shops.find((one) => one.id === id);
  if (!shop) throw new Error(`there is no construct ${id}`);
  const site = await serve(shop.site);
  try {
    const settings = await readFile(join(root, '.github/vigil.yml'), 'utf8');
    const here = settings.replaceAll('http://127.0.0.1:4600', site.url);
    await writeFile(join(dir, '.github/vigil.yml'), here);
    const check = JSON.stringify({ id, timeout_s: id in BROKEN ? 4 : 20, ...shop.check }).replaceAll(
      '{SITE}',
      '{SHOP_URL}',
    );
    // Five looks have time enough, also where a page that hangs keeps a browser from answering.
    const rules = 'red: { need: 2, of: 5, over_s: 1 }, green: { need: 5, of: 5, over_s: 1 }';
    await writeFile(
      join(dir, 'verify.yml'),
      `v: 1\nchecks: [${check}]\nsymptom: { checks: [${id}], ${rules} }\n`,
    );
    const path = lightpandaPath();
    const browser = { chromiumPath, ...(path === undefined ? {} : { lightpandaPath: path }) };
    const config = { colour: false, token: null, server: 'https://github.com', browser };
    const args = ['verify', 'verify.yml', '--service', 'shop', '--rule', rule, '--json'];
    const { out, code } = await vigil(dir, args, null, '', { config });
    const said = objects(out);
    return { code, looks: said.slice(0, -1), end: said.at(-1) };
  } finally {
    await site.close();
  }
}

describe('vigil verify', () => {
  if (lightpandaPath() === undefined)
    process.stderr.write('LIGHTPANDA_PATH names no Lightpanda: Chromium looks at the broken shops alone.\n');

  it.each(Object.entries(BROKEN))('refutes %s, and calls it red: %s', async (id) => {
    const once = await verify(id, 'once');
    expect(once.looks).toMatchObject([{ outcome: 'fail', engine: 'chromium' }]);
    const red = await verify(id, 'red');
    expect(red.end).toMatchObject({ verdict: 'red', passed: 0, failed: 2 });
    const green = await verify(id, 'green');
    expect(green.end).toMatchObject({ verdict: 'refuted', passed: 0 });
    expect([once.code, red.code, green.code]).toEqual([1, 0, 1]);
  });

  it('lets the shop that sells pass, and calls it green', async () => {
    const once = await verify('shop-well', 'once');
    expect(once.looks).toMatchObject([{ outcome: 'pass', engine: 'chromium', reason: null }]);
    const [red, green] = [await verify('shop-well', 'red'), await verify('shop-well', 'green')];
    expect([red.end?.['verdict'], green.end?.['verdict']]).toEqual(['absent', 'confirmed']);
    expect([once.code, red.code, green.code]).toEqual([0, 1, 0]);
  });
});
