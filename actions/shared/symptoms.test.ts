// What a job keeps of a page, and prints of its looks, holds no secret and no name of a person, and is as short as a record allows.
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { factOfLooks } from '#core/incident/looks';
import { parseFact } from '#core/ledger/facts';
import { createRedactor } from '#core/redact/redact';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { installedChromium } from '../../sandbox/browser.ts';
import { shopSettings } from '../../test/support/shop.ts';
import type { Step } from './job.ts';
import { look, lookBeforeRun } from './symptoms.ts';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
let healed = false;
const site = new Hono().get('/', (c) => {
  const who = `<p>Signed in as olga.berg@example.com with ${KEY}</p>`;
  return healed
    ? c.html(`<h1>Blue shirt</h1>${who}`)
    : c.html(`<h1>Sorry</h1>${who}<p>${'and so on '.repeat(900)}</p>`, 503);
});
const server = createAdaptorServer(site);
let step: Pick<Step, 'settings' | 'redact'>;
let url = '';
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const redactor = createRedactor({ key: 'pd-q1shop1' });
  step = {
    settings: shopSettings({ browser: { chromium_path: await installedChromium() } }),
    redact: (text) => redactor(text).text,
  };
});
afterEach(() => vi.restoreAllMocks());
afterAll(() => {
  if ('closeAllConnections' in server) server.closeAllConnections();
  server.close();
});

function planOf() {
  const rule = { need: 1, of: 1, over_s: 0.1 };
  const parsed = parseVerifyPlan({
    ...{ v: 1, checks: [{ id: 'shop', kind: 'page', url: '{SHOP}/', expect: { text: ['Blue shirt'] } }] },
    symptom: { checks: ['shop'], red: rule, green: rule },
  });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}

test('before the run and after it', async () => {
  const log: string[] = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  const red = await lookBeforeRun(step as Step, planOf(), {
    datadog: null,
    secrets: {},
    commands: { none: 'no commands in this story' },
  });
  healed = true;
  const green = await look(step as Step, { plan: planOf(), which: 'green', before: red.samples });
  vi.restoreAllMocks();
  const [first, last] = [red.pages?.[0], green.pages?.[0]];
  expect([red.verdict, first?.text.slice(0, 5), first?.text.length]).toEqual(['red', 'Sorry', 2000]);
  expect([green.verdict, last?.text.split('\n')[0]]).toEqual(['confirmed', 'Blue shirt']);
  for (const { text = '' } of [first ?? {}, last ?? {}]) {
    expect(text).toMatch(/Signed in as \S.* with \S/);
    expect(text).not.toMatch(/olga|AKIA/);
  }
  expect(
    log.filter((line) => line.startsWith('shop ')).map((line) => line.replace(/\d+ ms/, 'n ms')),
  ).toEqual([
    'shop fail (Chromium alone, n ms): the page answered 503, expected 200\n',
    'shop pass (Chromium alone, n ms)\n',
  ]);
  const { type, data } = factOfLooks(green);
  expect(parseFact(type, JSON.parse(JSON.stringify(data)))).toMatchObject({ ok: true });
});
