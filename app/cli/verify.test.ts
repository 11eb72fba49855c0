// What somebody sees who looks at a service by hand: outcome, eyes and reason of each check, and how it ends; and which files are refused.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { api, buys, deskShop, planOf, shelf } from '../../test/support/desk-shop.ts';
import { objects } from '../../test/support/spawned.ts';

let shop: Awaited<ReturnType<typeof deskShop>>;
beforeAll(async () => {
  shop = await deskShop();
});
afterAll(() => shop.close());

const verify: typeof shop.verify = (...args) => shop.verify(...args);
const run: typeof shop.run = (...args) => shop.run(...args);
const at = (path: string) => join(shop.dir, path);
const withoutTimes = (out: string): string =>
  out
    .replaceAll(/\d+ ms/g, '5 ms')
    .replaceAll(/ +5 ms/g, '  5 ms')
    .replaceAll(/\d+\.\d s/g, '0.1 s');

describe('vigil verify looks once at each check', () => {
  it('and says what passed, by whose eyes', async () => {
    const { out, err, code } = await verify(planOf(shelf, api('/'), buys('/')));
    expect(withoutTimes(out)).toBe(
      [
        'Chromium looks alone.',
        'verify.yml of shop: one look at each check',
        '  pass          shelf  Chromium alone  5 ms',
        '  pass          api    HTTP  5 ms',
        '  pass          buy    Chromium alone  5 ms',
        'passed: 3 looks, 3 passed, 0 failed, 0 inconclusive, in 0.1 s',
        '',
      ].join('\n'),
    );
    expect({ err, code }).toEqual({ err: '', code: 0 });
  });

  it('and what failed with its reason, which ends with 1', async () => {
    const { out, code } = await verify(planOf(buys('/dead'), api('/closed'), shelf));
    expect(withoutTimes(out).split('\n').slice(2, -1)).toEqual([
      '  fail          buy    Chromium alone  5 ms',
      '                step 2 (expect): the text "Thank you" is missing',
      '  fail          api    HTTP  5 ms',
      '                answered 503, expected 200',
      '  pass          shelf  Chromium alone  5 ms',
      'failed: 3 looks, 1 passed, 2 failed, 0 inconclusive, in 0.1 s',
    ]);
    expect(code).toBe(1);
  });

  it('and that nothing was seen where no browser starts, which ends with 3 and is said once', async () => {
    await writeFile(at('blind.yml'), planOf(shelf, buys('/')));
    const args = ['blind.yml', '--service', 'shop'];
    const { out, err, code } = await run(args, {}, { chromiumPath: '/nonexistent/chromium' });
    expect(err).toMatch(/^!!! Chromium at \/nonexistent\/chromium did not start: .*ENOENT\n$/);
    expect(out).toMatch(
      /inconclusive {2}shelf .*\n +no browser: Chromium at \/nonexistent\/chromium did not/,
    );
    expect(code).toBe(3);
  });

  it('with words of a page on one line, without control characters, and redacted', async () => {
    const hostile = "{ id: shelf, kind: page, url: '{SHOP_URL}/hostile', expect: { no_errors: true } }";
    const { out } = await verify(planOf(hostile));
    expect(out).toMatch(
      /^ +errors on the page: .*<img src=x onerror=alert\(1\)> ?\[31m \[EMAIL_\d+\] has password=\[REDACTED:password\]/m,
    );
    expect(out).not.toMatch(/\u001b|hunter2|ada@/);
  });

  it('with colours and with the check that is being looked at only for who sits at a terminal', async () => {
    const { out, err } = await verify(planOf(shelf), [], { colour: true, person: true });
    expect(out).toContain('\u001b[32mpass        \u001b[39m');
    expect(err).toMatch(/^\r\u001b\[K\| looking at shelf, 1 of 1, 0\.0 s/);
    expect(err.endsWith('\r\u001b[K')).toBe(true);
  });

  it('with a secret that the environment has, and without a word of it', async () => {
    const file = at('.github/vigil.yml');
    const settings = await readFile(file, 'utf8');
    const listed = `$&\n  SHOP_KEY: { origins: ['http://127.0.0.1:${shop.port}'] }`;
    await writeFile(file, settings.replace(/^check_secrets:.*$/m, listed));
    const sends = "{ id: api, kind: http, url: '{SHOP_URL}/', headers: { x-key: '{secret.SHOP_KEY}' } }";
    const config = { colour: false, token: null, server: 'https://github.com' };
    const looked = (checkSecrets: string) =>
      verify(planOf(sends), [], { config: { ...config, checkSecrets } });
    expect((await looked('{"SHOP_KEY": "open-sesame"}')).code).toBe(0);
    expect((await verify(planOf(sends), [], { config })).out).toMatch(
      /inconclusive {2}api .*\n +this job has no value of the secret SHOP_KEY: docs\/checks\.md#secrets\n/,
    );
    for (const [given, why] of [
      ['SHOP_KEY: sesame', 'SHOP_KEY is no text of one line with 8 to 1000 letters'],
      ['SHOP_KEY: "open-sesame', 'it is no YAML and no JSON'],
    ] as const) {
      const { err, out, code } = await looked(given);
      expect([err, code]).toEqual([expect.stringContaining(`VIGIL_CHECK_SECRETS: ${why}`), 2]);
      expect(err + out).not.toContain('sesame');
    }
  });

  it('of several files, of which the worst counts', async () => {
    await writeFile(at('well.yml'), planOf(api('/')));
    await writeFile(at('ill.yml'), planOf(api('/closed')));
    const { out, code } = await run(['ill.yml', 'well.yml', '--service', 'shop']);
    expect(out).toMatch(/^ill\.yml [\s\S]*^failed: one look.*\nwell\.yml [\s\S]*^passed: one look/m);
    expect(code).toBe(1);
  });

  it('as JSON Lines', async () => {
    const { out, code } = await verify(planOf(api('/closed'), shelf), ['--json']);
    expect(objects(out)).toEqual([
      {
        ...{ type: 'look', file: 'verify.yml', service: 'shop', round: 1, check: 'api', kind: 'http' },
        ...{ at: expect.stringMatching(/^\d{4}-.*Z$/), ms: expect.any(Number), outcome: 'fail' },
        ...{ engine: 'http', engines: ['http'], reason: 'answered 503, expected 200', overruled: null },
        ...{ counts: null, was: null },
      },
      expect.objectContaining({ check: 'shelf', outcome: 'pass', engines: ['chromium'], reason: null }),
      {
        ...{ type: 'result', file: 'verify.yml', service: 'shop', round: 1, rule: 'once', result: 'failed' },
        ...{ verdict: null, reason: null, ms: expect.any(Number), looks: 2, passed: 1, failed: 1 },
        ...{ inconclusive: 0, set: [] },
      },
    ]);
    expect(code).toBe(1);
  });
});

describe('vigil verify --rule', () => {
  it.each([
    ['red', '/dead', 0, 'red: the symptom is there'],
    ['red', '/', 1, 'absent: the symptom is not there'],
    ['green', '/', 0, 'green: it works'],
    ['green', '/dead', 1, 'not green: it does not work'],
  ])('%s of %s ends with %i: %s', async (rule, path, expected, words) => {
    const { out, code } = await verify(planOf(buys(path)), ['--rule', rule]);
    expect(out).toContain(`verify.yml of shop: the rule ${rule}: 1 of 1 looks over 0 s\n`);
    expect(out).toContain(words);
    expect(code).toBe(expected);
  });

  it('refuses another word', async () => {
    const { err, code } = await verify(planOf(shelf), ['--rule', 'blue']);
    expect(err).toMatch(/^vigil verify: --rule is one of once, red, green\n\nUsage: /);
    expect(code).toBe(2);
  });
});

describe('vigil verify reads', () => {
  const fix = (verify: string) => `---
id: shop-shelf
title: The shelf is empty
service: shop
failure_types: [empty]
severity: sev2
remediation:
  kind: cache-purge
  risk: LOW
  parameters: [SHOP_URL]
---
# The shelf

\`\`\`bash fix
curl -fsS -X POST "$SHOP_URL/purge"
\`\`\`

\`\`\`yaml verify
${verify}\`\`\`
`;

  it('a runbook, and the folder of a remediation: both name their service', async () => {
    await writeFile(at('shelf.md'), fix(planOf(shelf)));
    const folder = at('remediations/pd-q1');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'verify.yml'), planOf(api('/')));
    await writeFile(
      join(folder, 'remediation.yml'),
      'v: 1\ntarget: shop\nparameters: { SHOP_URL: http://127.0.0.1:1 }\n',
    );
    const { out, code } = await run(['shelf.md', 'remediations/pd-q1']);
    expect(out).toMatch(/^shelf\.md of shop: .*\n {2}pass .*\n/m);
    expect(out).toMatch(/^remediations\/pd-q1\/verify\.yml of shop: .*\n {2}pass .*\n/m);
    expect(code).toBe(0);
  });

  it.each([
    ['v: 1\nchecks: [\n', /^vigil verify: verify\.yml:\d: not YAML: /],
    [
      planOf(shelf).replace('kind: page', 'kind: pgae'),
      /^vigil verify: verify\.yml:3: `checks\.0\.kind` is of no known kind/,
    ],
    [
      planOf(`{ id: shelf, kind: page, url: '{SHOP_URL}/', wait: 3 }`),
      /^vigil verify: verify\.yml:3: `wait` is not a key of checks\.0\. Remove it/,
    ],
    [
      planOf(shelf.replace('SHOP_URL', 'SHOP_EDGE')),
      /^vigil verify: verify\.yml:3: the verify plan does not bind: the inventory has no SHOP_EDGE; give it in vigil\.yml/,
    ],
    [
      planOf(shelf, shelf.replace('{SHOP_URL}', 'https://elsewhere.example').replace('shelf', 'other')),
      /^vigil verify: verify\.yml:4: the verify plan does not bind: https:\/\/elsewhere\.example is the origin of no parameter/,
    ],
  ])('no broken plan, and says file, line and cause: %#', async (text, said) => {
    const before = shop.asked.length;
    const { out, err, code } = await verify(text);
    expect(err).toMatch(said);
    expect({ out, code, looked: shop.asked.length - before }).toEqual({ out: '', code: 2, looked: 0 });
  });

  it('no broken runbook either', async () => {
    await writeFile(at('broken.md'), fix(planOf(shelf).replace('kind: page', 'kind: pgae')));
    expect((await run(['broken.md'])).err).toMatch(
      /^vigil verify: broken\.md:21: `checks\.0\.kind` is of no known kind/,
    );
    await writeFile(at('lacking.md'), fix(planOf(shelf)).replace('[SHOP_URL]', '[SHOP_URL, SHOP_SIZE]'));
    const { err, code } = await run(['lacking.md']);
    expect(err).toMatch(
      /^vigil verify: lacking\.md:1: the inventory has no parameter SHOP_SIZE for this service/,
    );
    expect(code).toBe(2);
  });

  it('no plan of nobody, no service that is not there, no file that is not there', async () => {
    await writeFile(at('alone.yml'), planOf(api('/')));
    const said = async (...args: string[]) => (await run(args)).err;
    expect(await said('alone.yml')).toContain(
      'alone.yml: whose parameters stand behind this plan? Name the service: --service shop, or payments',
    );
    expect(await said('alone.yml', '--service', 'shpo')).toMatch(/no service of .* is called "shpo"/);
    expect(await said('nowhere.yml')).toContain('nowhere.yml cannot be read');
    expect(await said('fix.sh')).toContain('fix.sh cannot be read');
    expect(await said()).toContain('name a verify.yml, a runbook or a folder');
  });

  it('--set for this look alone, and says so; a name that no runbook has is a slip', async () => {
    const own = ['--set', `SHOP_URL=http://localhost:${shop.port}`];
    const { out, code } = await verify(planOf(api('/')), own);
    expect(out).toContain('\n  SHOP_URL from the command line, not from the inventory\n'.slice(1));
    expect(code).toBe(0);
    await writeFile(at('alone.yml'), planOf(api('/')));
    expect((await run(['alone.yml', ...own])).out).toContain('alone.yml of no service: one look');
    await writeFile(at('shelf.md'), fix(planOf(shelf)));
    const slip = await run(['shelf.md', '--set', 'SHOP_ULR=http://127.0.0.1:1']);
    expect(slip.err).toContain('no file here has a parameter SHOP_ULR, only SHOP_URL');
    expect(slip.code).toBe(2);
  });
});
