// What the author of a runbook reads of its undo: which command is not covered, where it stands, and what would cover it.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const SETTINGS = '.github/vigil.yml';
const RUNBOOK = 'runbooks/shop-bad-flag.md';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-undo-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of [SETTINGS, RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** The line, from 1, of the first place that holds these words. */
const lineOf = async (words: string): Promise<number> => {
  const text = await readFile(join(dir, RUNBOOK), 'utf8');
  return text.slice(0, text.indexOf(words)).split('\n').length;
};
async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  const edited = text.replace(from, () => to);
  if (edited === text) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(dir, file), edited);
}
const check = () => vigil(dir, ['check']);
const WITHOUT = /```bash undo[\s\S]*?```\n/;
const RULE = /^ {2}undo:\n( {4}.*\n)+/m;

describe('vigil check, of an undo', () => {
  it('names the command of the fix that words do not put back', async () => {
    await edit(RUNBOOK, /^curl .*"\$SHOP_FLAG_ON_URL"$/m, 'true');
    const { out, code } = await check();
    expect(out).toContain(
      `${RUNBOOK}:${await lineOf('curl')}: the policy refuses this: The undo does not put back \`curl --fail --silent --show-error --max-time 10 -X POST http://127.0.0.1:4601/flags/new-pricing/off\`. What would: the action that sets the same flag the other way, by a command that always runs. If nothing can, say so with undo: { impossible: … }. Write its inverse into the undo, or \`undo: { impossible: why }\` into the front matter.`,
    );
    expect(code).toBe(1);
  });

  it('names the line of an undo that may be left out', async () => {
    await edit(
      RUNBOOK,
      /^(curl .*"\$SHOP_FLAG_ON_URL")$/m,
      'curl --fail -X POST "$SHOP_FLAG_ON_URL" || true',
    );
    expect((await check()).out).toMatch(
      /for certain: its line \d+ may be left out, or fail unheard\. What would: /,
    );
  });

  it('warns of one that nothing can undo, at the words that say so', async () => {
    await edit(RUNBOOK, WITHOUT, '');
    await edit(RUNBOOK, RULE, '  undo: { impossible: the flag goes with the release }\n');
    const { out, code } = await check();
    expect(out).toContain(
      `${RUNBOOK}:${await lineOf('  undo:')}: warning: the policy wants a person to look: Nothing can undo this, it says: the flag goes with the release. Nothing, if that is meant.`,
    );
    expect(code).toBe(0);
  });

  it('names the line that says so beside an undo', async () => {
    await edit(RUNBOOK, RULE, '  undo: { impossible: the flag goes with the release }\n');
    const { out, code } = await check();
    expect(out).toContain(
      `${RUNBOOK}:${await lineOf('  undo:')}: undo says that nothing can undo this, and there is an undo; leave out one of them.`,
    );
    expect(code).toBe(1);
  });

  it('names an action that is undone by none', async () => {
    await edit(
      SETTINGS,
      "/flags/new-pricing/off', effect: flag.set }",
      "/flags/new-pricing/off', effect: flag.set, undone_by: nobody }",
    );
    expect((await check()).out).toContain('there is no other action nobody');
  });
});
