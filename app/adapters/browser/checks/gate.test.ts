// When a load may begin, against a small service that becomes well.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { whenWell } from './gate.ts';

let [url, asked, illFor] = ['', 0, 0];
const server = createServer((request, response) => {
  if (request.url === '/walk') throw new Error('nobody walks here');
  asked += 1;
  response.writeHead(asked <= illFor ? 503 : 200).end();
});
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  [asked, illFor] = [0, 0];
});
afterAll(() => void server.close());

const http = { id: 'api', kind: 'http', url: '{URL}/' };
const rush = {
  id: 'rush',
  kind: 'swarm',
  start: '{URL}/walk',
  sessions: 2,
  steps: [{ expect: { text: 'x' } }],
};
function waiting(checks: object[] = [http], within_ms = 1_000, signal = new AbortController().signal) {
  const settle = { within: '10m' };
  const parsed = parseVerifyPlan({ v: 1, checks: [...checks, rush], symptom: { checks: ['api'] }, settle });
  const bound = parsed.ok ? bind(parsed.plan, { URL: url }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return whenWell({ plan: bound.plan, browser: { chromiumPath: null }, within_ms, pause_ms: 10, signal });
}

test('at once, when all is well', async () => {
  expect([await waiting(), asked]).toEqual([null, 1]);
});
test('as soon as it is', async () => {
  illFor = 3;
  expect([await waiting(), asked]).toEqual([null, 4]);
});
test('never, when it is not in time, and then it says what', async () => {
  illFor = 1_000;
  expect(await waiting([http], 100)).toBe('api is not well: answered 503, expected 200');
});
test('never, while nobody sees', async () => {
  const page = { id: 'home', kind: 'page', url: '{URL}/' };
  expect(await waiting([http, page], 0)).toBe('home is not well: there is no browser');
});
test('never, when it is stopped', async () => {
  illFor = 1_000;
  const stop = new AbortController();
  const said = waiting([http], 60_000, stop.signal);
  stop.abort();
  expect(await said).toMatch(/^stopped: /);
});
