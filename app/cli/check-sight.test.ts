import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const RUNBOOK = 'runbooks/shop-checkout-errors.md';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-sight-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of ['.github/vigil.yml', RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(dir, file), text.replace(from, to));
}
const cart =
  "{ id: cart, kind: http, url: '{SHOP_URL}/api/cart', expect: { failing: <= 1 %, of: 200, contains: [items] } }";
const home = "{ id: home, kind: page, url: '{SHOP_URL}/', expect: { text: [Shop] } }";

/** What is said of a runbook with these checks, the first of them the symptom, but for the chances. */
async function told(
  checks: string[],
  title = 'Carts cannot be seen',
  symptom = /id: ([\w-]+)/.exec(checks[0] ?? '')?.[1],
) {
  const text = await readFile(join(dir, RUNBOOK), 'utf8');
  const plan = [
    'v: 1',
    'checks:',
    ...checks.map((check) => `  - ${check}`),
    'symptom:',
    `  checks: [${symptom}]`,
  ];
  const before = text.slice(0, text.indexOf('v: 1')).replace(/^title: .*$/m, `title: ${title}`);
  const quiet = before.replace(/^alerts: .*$/m, 'alerts: [Carts fail]');
  await writeFile(join(dir, RUNBOOK), `${quiet}${plan.join('\n')}\n\`\`\`\n`);
  const { out, code } = await vigil(dir, ['check', '--json']);
  const { problems } = JSON.parse(out) as {
    problems: { line: number; level: string; cause: string; cure: string }[];
  };
  const first = quiet.split('\n').length;
  expect([code, problems.filter(({ level }) => level !== 'note')]).toEqual([0, []]);
  return problems
    .filter(({ cause }) => !cause.startsWith('at 10 %'))
    .map(({ line, cause }) => `${line - first}: ${cause}`);
}

describe('vigil check, of what a plan cannot see', () => {
  it('has nothing to say of a plan that sees what users do, and more than the symptom', async () => {
    expect(await told([cart, home])).toEqual([]);
  });

  it('names file and line, and asks for nothing', async () => {
    await edit(RUNBOOK, 'checks: [order]', 'checks: [health]');
    const text = await readFile(join(dir, RUNBOOK), 'utf8');
    const line = text.slice(0, text.indexOf('- id: health')).split('\n').length;
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(
      `${RUNBOOK}:${line}: note: health is what the service says of itself, and users may see something else. Let the symptom hold something that users do as well.\n`,
    );
    expect(out).toMatch(/^ok: .* no problems, no warnings$/m);
    expect(code).toBe(0);
  });

  it.each([
    '/health',
    '/healthz',
    '/status',
    '/ready',
    '/readiness',
    '/ping',
    '/livez',
    '/api/health/deep',
    '/actuator/health',
  ])('knows %s for a page of the service about itself', async (path) => {
    const self = `{ id: self, kind: http, url: '{SHOP_URL}${path}' }`;
    expect(await told([self, home])).toEqual([
      '2: self is what the service says of itself, and users may see something else',
    ]);
    expect(await told([cart, self])).toEqual([]);
  });
  it.each(['/orders/7/status', '/statuses', '/pinglist', '/healthy-food', '/shop/ready'])(
    'takes %s for no such page',
    async (path) => {
      expect(
        await told([`{ id: self, kind: http, url: '{SHOP_URL}${path}', expect: { contains: [x] } }`, home]),
      ).toEqual([]);
    },
  );

  it('names a runbook about writing whose symptom only reads', async () => {
    const said =
      'the runbook is about "checkout", and its symptom only reads: reading may be well all the while';
    expect(await told([cart, home], 'Checkout fails')).toEqual([`4: ${said}`]);
    const post =
      "{ id: buy, kind: http, method: POST, url: '{SHOP_URL}/api/checkout', expect: { contains: [thanks] } }";
    const walk =
      "{ id: walk, kind: journey, start: '{SHOP_URL}/', steps: [{ click: button }, { expect: { text: Thanks } }] }";
    const gaze = "{ id: gaze, kind: journey, start: '{SHOP_URL}/', steps: [{ expect: { text: Thanks } }] }";
    expect(await told([post, home], 'Checkout fails')).toEqual([]);
    expect(await told([walk, home], 'Checkout fails')).toEqual([]);
    expect(await told([gaze, home], 'Checkout fails')).toEqual([`4: ${said}`]);
  });

  it('names checks of which only the status is looked at', async () => {
    const said = 'only the status is looked at, and an error page that is sent with it passes';
    const bare = "{ id: bare, kind: http, url: '{SHOP_URL}/api/cart', expect: { status: 2xx } }";
    const page = "{ id: page, kind: page, url: '{SHOP_URL}/cart' }";
    expect(await told([bare, page, home], 'Carts fail', 'bare, page')).toEqual([`2: of bare, page ${said}`]);
    const moved = "{ id: moved, kind: http, url: '{SHOP_URL}/old', expect: { status: 3xx, location: /new } }";
    expect(await told([moved, home])).toEqual([]);
    const fast = "{ id: fast, kind: performance, url: '{SHOP_URL}/cart', expect: { p50_ms: 900 } }";
    expect(await told([fast, home])).toEqual([`2: of fast ${said}`]);
    const seen = fast.replace('p50_ms', 'text: [Cart], p50_ms');
    expect(await told([seen, home])).toEqual([]);
    for (const more of ['schema: { type: object }', 'body: { lacks: [sorry] }'])
      expect(await told([bare.replace('status: 2xx', more), home])).toEqual([]);
  });

  it('is told of a plan that has no end, and does not break', async () => {
    const text = await readFile(join(dir, RUNBOOK), 'utf8');
    const line = text.slice(0, text.indexOf('v: 1')).split('\n').length;
    await edit(RUNBOOK, '{ /status: ok }', '{ /status: &a [*a] }');
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(`${RUNBOOK}:${line}: it has no end, or too many parts`);
    expect(code).toBe(1);
  });

  it('takes a form for what users do', async () => {
    const form = "{ id: form, kind: form, url: '{SHOP_URL}/', send: button, expect: { text: Thanks } }";
    expect(await told([form, home], 'Checkout fails')).toEqual([]);
  });

  it.each([
    ["url: '{SHOP_URL}/logo.png', expect: { contains: [x] }", true],
    ["url: '{SHOP_URL}/', expect: { contains: [x], failing: <= 1 %, of: 200 }", true],
    ["url: '{SHOP_URL}/', expect: { contains: [x] }", false],
    ["url: '{SHOP_URL}/?look=1', expect: { contains: [x], failing: <= 1 %, of: 200 }", false],
    ["url: '{SHOP_URL}/', expect: { header: { Age: { present: false } }, failing: <= 1 %, of: 200 }", false],
    [
      "url: '{SHOP_URL}/', headers: { Cache-Control: no-cache }, expect: { contains: [x], failing: <= 1 %, of: 200 }",
      false,
    ],
  ])('names a check that a cache may answer: %s', async (words, kept) => {
    const said = '2: front may be answered by a cache in front while the service behind it is down';
    expect(await told([`{ id: front, kind: http, ${words} }`, home])).toEqual(kept ? [said] : []);
  });

  it('names a plan that looks at nothing but its symptom', async () => {
    expect(await told([cart])).toEqual([
      '4: nothing is looked at but the symptom, so that a fix that breaks something else counts as a recovery',
    ]);
  });

  it('names the places of a service that no check looks at', async () => {
    expect(await told([cart, home], 'Carts fail in one region')).toEqual([
      '1: the runbook is about "region", and every check looks at one and the same address',
    ]);
    await edit(
      '.github/vigil.yml',
      '      SHOP_URL:',
      '      SHOP_EU_URL: https://eu.shop.example\n      SHOP_URL:',
    );
    expect(await told([cart, home])).toEqual([
      '1: no check looks at SHOP_EU_URL, where the inventory has the service as well',
    ]);
    await edit(RUNBOOK, 'parameters: [SHOP_URL,', 'parameters: [SHOP_URL, SHOP_EU_URL,');
    const both = cart.replace("/api/cart'", "/api/cart', at: { eu: '{SHOP_EU_URL}/api/cart' }");
    expect(await told([both, home], 'Carts fail in one region')).toEqual([]);
  });
});
