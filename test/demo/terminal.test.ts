// The demo as somebody sees it who sits at a terminal: one story, then links that work, a line that proves it, and keys.
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Begun, begin } from '../support/leftovers.ts';

let demo: Begun;
/** What the terminal shows, without colours. */
const screen = (): string =>
  demo
    .out()
    .replace(/\u001b\[[\d;?]*[A-Za-z]/g, '')
    .replaceAll('\r', '');

beforeAll(async () => {
  // `script` gives the demo a terminal of its own; without it nothing of this can be tried, and the test fails.
  const command = `stty cols 80 rows 24; '${process.execPath}' sandbox/cli.ts demo --screenshots "$TMPDIR/pictures"`;
  demo = await begin('script', ['--quiet', '--flush', '--return', '--command', command, '/dev/null']);
  await demo.says(/q: quit/);
}, 320_000);
afterAll(() => demo?.remove());

test('one story fits the screen: its lines, four links, a line that proves it, and what comes next', async () => {
  const lines = screen().trimEnd().replaceAll(demo.folder, '/tmp').split('\n');
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const story = lines.filter((line) => /^ +\d+:\d\d /.test(line)).map((line) => line.replace(/^ +\S+ /, ''));
  expect(story.length).toBeLessThanOrEqual(10);
  expect(story.at(0)).toBe('PagerDuty rings: Checkout error rate is high on shop.');
  expect(story.at(-1)).toBe('PagerDuty is resolved, the issue is closed.');
  expect(lines.at(-1)).toBe('Enter: next story · a: all · q: quit');
  expect(lines.length).toBeLessThanOrEqual(27);
});

test('the links open', async () => {
  const links = [...screen().matchAll(/^ {2}(Issue|Pull request|Slack|Shop) +(http\S+)$/gm)];
  expect(links.map(([, name]) => name)).toEqual(['Issue', 'Pull request', 'Slack', 'Shop']);
  for (const [, name, url] of links) expect.soft((await fetch(url ?? '')).status, name).toBe(200);
});

test('the line that proves it, word for word, proves it', async () => {
  const [line = ''] = /^npm run -s vigil -- audit \d+ --repository .*$/m.exec(screen()) ?? [];
  const { stdout } = await promisify(execFile)('sh', ['-c', line]);
  expect(stdout).toMatch(/\nproved: \d+ records of pd-/);
});

test('pictures were taken', async () => {
  expect((await readdir(join(demo.folder, 'pictures'))).sort()).toEqual(
    ['issue', 'pull', 'slack'].map((what) => `checkout-errors-end-${what}.png`),
  );
});

test('Enter begins the next story on a world of its own; q ends, and only the pictures are left', async () => {
  demo.child.stdin?.write('\r');
  await demo.says(/bad-flag: The flag[\s\S]*q: quit/);
  demo.child.stdin?.write('q');
  expect(await demo.ended()).toEqual([0, null]);
  expect(screen()).toMatch(
    /\nscenario +ended +expected +seconds\n.*\nbad-flag +ESCALATED +ESCALATED +\d+\.\d +PASS\n/,
  );
  expect(await demo.left()).toEqual(['pictures']);
}, 320_000);
