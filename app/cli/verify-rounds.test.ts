// What somebody sees who watches a service by hand, or stops, or wants a page: what changed, nothing left behind, and no word of a page that
// is markup.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowsers } from '#adapters/browser/sessions';
import { lightpandaPath } from '../../test/constructs/eyes.ts';
import { api, buys, deskShop, planOf, shelf } from '../../test/support/desk-shop.ts';
import { objects } from '../../test/support/spawned.ts';

let shop: Awaited<ReturnType<typeof deskShop>>;
beforeAll(async () => {
  shop = await deskShop();
});
afterAll(() => shop.close());

const page = () => readFile(join(shop.dir, 'page.html'), 'utf8');
const hostile = "{ id: shelf, kind: page, url: '{SHOP_URL}/hostile', expect: { no_errors: true } }";

/** What a browser has against the page: its own policy is enforced while it is shown. */
async function violations(text: string): Promise<string[]> {
  const browsers = openBrowsers({ chromiumPath: shop.chromiumPath });
  try {
    const lease = await browsers.lease('chromium');
    if (!lease.ok) throw new Error(lease.reason);
    const { page: tab } = lease.session;
    const said: string[] = [];
    tab.on('console', (message) => said.push(message.text()));
    await tab.goto(`data:text/html;base64,${Buffer.from(text).toString('base64')}`);
    const colour = await tab.evaluate("getComputedStyle(document.querySelector('path.cross')).stroke");
    return colour === 'none' ? ['the style does not count', ...said] : said;
  } finally {
    await browsers.close();
  }
}

/** A shell in which somebody presses Ctrl-C when `when` is printed for the `turn`th time. */
function impatient(when: string, turn = 1) {
  let hear: ((code: number) => void) | null = null;
  let out = '';
  return {
    get said() {
      return out;
    },
    shell: {
      wait: async () => {},
      out(text: string) {
        out += text;
        if (text.includes(when) && out.split(when).length > turn) hear?.(130);
      },
      onStop(heard: (code: number) => void) {
        hear = heard;
        return () => {
          hear = null;
        };
      },
    },
  };
}

describe('vigil verify --watch', () => {
  it('looks again, marks what changed, and ends at Ctrl-C with the code of its last round', async () => {
    const person = impatient('"type":"result"', 2);
    const args = ['--watch', '--json', '--html', 'page.html'];
    const { code } = await shop.verify(planOf(api('/turns'), shelf), args, person.shell);
    const looks = objects(person.said).filter(({ type }) => type === 'look');
    expect(looks.map(({ round, check, outcome, was }) => [round, check, outcome, was])).toEqual([
      [1, 'api', 'pass', null],
      [1, 'shelf', 'pass', null],
      [2, 'api', 'fail', 'pass'],
      [2, 'shelf', 'pass', null],
    ]);
    expect(code).toBe(1);
    expect(await page()).not.toContain('http-equiv="refresh"');
    expect(await page()).toMatch(/the first look[\s\S]*the last look/);
  });

  it('says to people when it looked, and what each was before', async () => {
    const person = impatient('failed: one look');
    await shop.verify(planOf(api('/turns')), ['--watch'], person.shell);
    expect(person.said).toMatch(/^\d\d:\d\d:\d\d UTC\nverify\.yml of shop: /);
    expect(person.said).toMatch(
      / {2}fail {10}api .* changed: it was pass\n {16}answered 500, expected 200\n/,
    );
  });
});

describe('vigil verify that is stopped', () => {
  it('ends as Ctrl-C asks, without waiting for what hangs', async () => {
    const person = impatient('verify.yml of shop');
    const { code } = await shop.verify(planOf(api('/hangs')), [], person.shell);
    expect(person.said).toContain('inconclusive (stopped before every check was looked at): no looks');
    expect(code).toBe(130);
  });

  it('leaves no browser and no file behind', async () => {
    const temporary = join(shop.dir, 'temporary');
    await writeFile(
      join(shop.dir, 'verify.yml'),
      planOf(buys('/hangs').replace('timeout_s: 4', 'timeout_s: 50')),
    );
    const cli = join(import.meta.dirname, 'index.ts');
    const args = [cli, 'verify', 'verify.yml', '--service', 'shop', '--engine', 'chromium'];
    await mkdir(temporary);
    const env = { PATH: process.env['PATH'], TMPDIR: temporary, CHROMIUM_PATH: shop.chromiumPath };
    const child = spawn(process.execPath, args, {
      cwd: shop.dir,
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    while (!shop.asked.includes('/hangs')) await once(shop.site, 'request');
    const profiles = await readdir(temporary);
    child.kill('SIGINT');
    await once(child, 'close');
    expect(profiles).toHaveLength(1);
    expect(await readdir(temporary)).toEqual([]);
    expect(child.exitCode).toBe(130);
  });
});

describe('the page of vigil verify --html', () => {
  it('holds each check with a plot, loads and runs nothing, and quotes what a page said', async () => {
    const { code } = await shop.verify(planOf(hostile, api('/closed')), ['--html', 'page.html']);
    const text = await page();
    expect(code).toBe(1);
    expect(text.match(/<svg class="plot"/g)).toHaveLength(2);
    expect(text).toContain(
      '<meta http-equiv="content-security-policy" content="default-src &#39;none&#39;; style-src',
    );
    expect(text).toMatch(
      /&#60;img src=x onerror=alert\(1\)&#62;.*\[EMAIL_\d+\] has password=\[REDACTED:password\]/,
    );
    expect(text).not.toMatch(/<script|<img|<link|href=|src="|style="|hunter2|\u001b/);
    expect(text).toContain('answered 503, expected 200');
    expect(await violations(text)).toEqual([]);
  });

  it('begins with what an earlier run saw', async () => {
    const before = await shop.verify(planOf(buys('/dead')), ['--json']);
    await writeFile(join(shop.dir, 'before.jsonl'), before.out);
    await shop.verify(planOf(buys('/')), ['--html', 'page.html', '--before', 'before.jsonl']);
    expect(await page()).toMatch(
      /<h4>before<\/h4><p><span class="word fail">[\s\S]*is missing[\s\S]*<h4>after<\/h4><p><span class="word pass">/,
    );
    await writeFile(join(shop.dir, 'before.jsonl'), '{"type":"look"}\n');
    const broken = await shop.verify(planOf(shelf), ['--html', 'page.html', '--before', 'before.jsonl']);
    expect(broken.err).toBe('vigil verify: before.jsonl:1: no line of `vigil verify --json`\n');
    expect(broken.code).toBe(2);
  });

  it('takes the place of no plan', async () => {
    const { err, code } = await shop.verify(planOf(shelf), ['--html', 'verify.yml']);
    expect(err).toMatch(/^vigil verify: --html is a page, FILE\.html, not "verify\.yml"\n/);
    expect(code).toBe(2);
    expect(await readFile(join(shop.dir, 'verify.yml'), 'utf8')).toBe(planOf(shelf));
  });

  it('that cannot be written is told before anything is looked at', async () => {
    const before = shop.asked.length;
    const { err, code } = await shop.verify(planOf(shelf), ['--html', 'nowhere/page.html']);
    expect(err).toMatch(/^vigil verify: nowhere\/page\.html cannot be written: ENOENT/);
    expect({ code, looked: shop.asked.length - before }).toEqual({ code: 2, looked: 0 });
  });
});

describe('the engines of vigil verify', () => {
  it.each([
    [
      'lightpanda',
      { chromiumPath: '/nonexistent' },
      /^vigil verify: no Lightpanda is named: browser\.lightpanda_path/,
    ],
    ['firefox', {}, /^vigil verify: --engine is one of both, lightpanda, chromium/],
  ])('%s is asked for and not there: wrong usage', async (engine, browser, said) => {
    await writeFile(join(shop.dir, 'verify.yml'), planOf(shelf));
    const { err, code } = await shop.run(
      ['verify.yml', '--service', 'shop', '--engine', engine],
      {},
      browser,
    );
    expect(err).toMatch(said);
    expect(code).toBe(2);
  });

  const real = lightpandaPath();
  if (real === undefined)
    process.stderr.write('\nVIGIL VERIFY NOT TRIED ON LIGHTPANDA: LIGHTPANDA_PATH names none.\n\n');
  it.runIf(real !== undefined)('both look, and where they saw different things both are told', async () => {
    await writeFile(join(shop.dir, 'verify.yml'), planOf(buys('/policy'), shelf));
    const both = { lightpandaPath: real, chromiumPath: shop.chromiumPath };
    const args = ['verify.yml', '--service', 'shop'];
    const { out, code } = await shop.run(args, {}, both);
    expect(out.replaceAll(/ +\d+ ms/g, '')).toMatch(
      /^Lightpanda looks first, and Chromium decides\.\n.*\n {2}fail {10}buy {4}Chromium alone\n {16}step 2 \(expect\): the text "Thank you" is missing\n {16}Lightpanda could not judge it: .*content security policy.*\n {2}pass {10}shelf {2}Lightpanda and Chromium\nfailed: /,
    );
    expect(code).toBe(1);
    await writeFile(join(shop.dir, 'verify.yml'), planOf(buys('/covered')));
    expect((await shop.run(args, {}, both)).out).toMatch(
      /fail {10}buy {2}Lightpanda and Chromium .*\n {16}Chromium failed \(.*\); Lightpanda passed\n/,
    );
    await writeFile(join(shop.dir, 'verify.yml'), planOf(shelf));
    expect((await shop.run([...args, '--engine', 'chromium'], {}, both)).out).toMatch(
      /pass {10}shelf {2}Chromium alone/,
    );
    const alone = await shop.run([...args, '--engine', 'lightpanda'], {}, both);
    expect(alone.out).toMatch(
      /inconclusive {2}shelf {2}Lightpanda .*\n {16}seen by Lightpanda alone, where it passed\n/,
    );
    expect(alone.code).toBe(3);
  });
});
