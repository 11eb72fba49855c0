// The packed Chromium on a machine that has neither libraries nor letters for it: it starts, and what it writes can be read.
import { chmod, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '#adapters/browser/chromium';
import { unpackedChromium } from './browser.ts';
import { runs, withItsParts } from './browser-parts.ts';

const packed = fileURLToPath(new URL('../bin/', import.meta.resolve('@sparticuz/chromium')));
let dir = '';
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "vigil-parts ü' & <-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

test('it is started by a script that gives it both, from a path with anything in it', async () => {
  const program = join(dirname(await unpackedChromium(() => undefined)), 'chromium');
  // Starts only with libraries of its own, as where the machine has none.
  const bare = join(dir, 'chromium');
  await symlink(program, join(dir, 'program'));
  await writeFile(
    bare,
    `#!/bin/sh\n[ -n "$LD_LIBRARY_PATH" ] || exit 127\nexec "$(dirname "$0")/program" "$@"\n`,
  );
  await chmod(bare, 0o755);
  expect(await runs(bare)).toBe(false);
  const path = await withItsParts(
    bare,
    packed,
    async () => dir,
    async () => false,
  );
  expect(path).toBe(join(dir, 'chromium-with-its-parts'));
  expect(await runs(path)).toBe(true);

  const launched = await launchChromium(path);
  if (!launched.ok) throw new Error(launched.reason);
  try {
    const page = await launched.chromium.browser.newPage();
    await page.setContent('<span style="font: 20px sans-serif">incident</span>');
    expect(await page.$eval('span', (span) => span.getBoundingClientRect().width)).toBeGreaterThan(40);
  } finally {
    await launched.chromium.close();
  }
});

test('with libraries and letters of the machine it is started as it lies', async () => {
  const fine = join(dir, 'fine');
  await writeFile(fine, '#!/bin/sh\necho 1.2.3\n', { mode: 0o755 });
  const never = async () => {
    throw new Error('nothing may be unpacked');
  };
  expect(await withItsParts(fine, packed, never, async () => true)).toBe(fine);
});
