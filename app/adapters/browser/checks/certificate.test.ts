// Certificates of real TLS servers on this machine, with many days left, with few, and with none.
import { createServer as createHttp } from 'node:http';
import { createServer, type Server } from 'node:https';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { selfSigned } from '../../../../test/support/certificate.ts';
import { lookAtCertificate } from './certificate.ts';
import { lookAtHttp } from './http.ts';

const DAY = 86_400_000;
const now = Date.now();
const inDays = (days: number): Date => new Date(now + days * DAY);
const trusted = getCACertificates('default');
const servers: { close(): unknown; closeAllConnections(): void }[] = [];
const urls: Record<string, string> = {};
const names = { long: 400.5, short: 3.5, over: -2 };

async function listening(server: Server | ReturnType<typeof createHttp>): Promise<number> {
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

beforeAll(async () => {
  const certs: string[] = [];
  for (const [name, days] of Object.entries({ ...names, unknown: 400 })) {
    const made = selfSigned(inDays(-10), inDays(days));
    if (name !== 'unknown') certs.push(made.cert);
    const server = createServer(made, (_, response) => response.end('hello\n'));
    urls[name] = `https://localhost:${await listening(server)}`;
  }
  urls['plain'] = `http://localhost:${await listening(createHttp((_, response) => response.end('hello')))}`;
  setDefaultCACertificates([...trusted, ...certs]);
});
afterAll(() => {
  setDefaultCACertificates(trusted);
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

function planOf(check: object) {
  return parseVerifyPlan({
    v: 1,
    checks: [{ id: 'it', kind: 'http', ...check }],
    symptom: { checks: ['it'] },
  });
}
async function look(name: string, expected: object = { tls_days_left: 14 }, at = now) {
  const parsed = planOf({ url: '{SITE}/', expect: expected, timeout_s: 5 });
  if (!parsed.ok) throw new Error(parsed.reason);
  const bound = bind(parsed.plan, { SITE: urls[name] ?? '' });
  if (!bound.ok) return ['refused', bound.reason];
  const [check] = bound.plan.checks;
  if (check?.kind !== 'http') throw new Error('not an http check');
  const { outcome, reason } = await lookAtHttp(check, new AbortController().signal, () => at);
  return [outcome, reason];
}
const on = (days: number): string => inDays(days).toISOString().slice(0, 10);

describe('a certificate', () => {
  test('with days enough passes, and nobody asks for it where the plan does not', async () => {
    expect(await look('long')).toEqual(['pass', null]);
    expect(await look('short', {})).toEqual(['pass', null]);
  });
  test('with fewer days fails, and says when it ends', async () => {
    const said = `its certificate ends on ${on(3.5)}, in 3 days, expected 14 at least`;
    expect(await look('short')).toEqual(['fail', said]);
    expect(await look('short', { tls_days_left: 3 })).toEqual(['pass', null]);
    expect(await look('short', { tls_days_left: 4 })).toEqual([
      'fail',
      `its certificate ends on ${on(3.5)}, in 3 days, expected 4 at least`,
    ]);
  });
  test('is judged by the clock of whoever looks', async () => {
    expect(await look('long', { tls_days_left: 14 }, now + 399 * DAY)).toEqual([
      'fail',
      `its certificate ends on ${on(400.5)}, in 1 day, expected 14 at least`,
    ]);
  });
  test('that ended, or that nobody knows, is refused by the request itself', async () => {
    expect(await look('over')).toEqual(['fail', expect.stringMatching(/CERT_HAS_EXPIRED/)]);
    expect(await look('unknown')).toEqual(['fail', expect.stringMatching(/DEPTH_ZERO_SELF_SIGNED_CERT/)]);
  });
  test('is not looked at when the answer itself is wrong', async () => {
    expect(await look('short', { tls_days_left: 14, status: 204 })).toEqual([
      'fail',
      'answered 200, expected 204',
    ]);
  });
  test('is none of http, as written and once the inventory is known', async () => {
    const plain = planOf({ url: 'http://shop.example/', expect: { tls_days_left: 14 } });
    expect(!plain.ok && plain.reason).toContain('only https has a certificate');
    expect(await look('plain')).toEqual(['refused', expect.stringContaining('only https has a certificate')]);
  });
  test.each([
    [{ redirects: 'follow' }, 'without redirects'],
    [{ expect: { tls_days_left: 14, failing: '<= 1 %', of: 200 } }, 'give it a check of its own'],
    [{ at: { old: 'http://shop.example/' } }, 'only https has a certificate'],
    [{ expect: { tls_days_left: 0 } }, 'expect.tls_days_left'],
  ])('is not taken with %j', (more, reason) => {
    const parsed = planOf({ url: 'https://shop.example/', expect: { tls_days_left: 14 }, ...more });
    expect(!parsed.ok && parsed.reason).toContain(reason);
  });
});

describe('a connection of its own for the certificate', () => {
  const see = (url: string, signal = AbortSignal.timeout(5000)) => lookAtCertificate(url, 14, signal, now);
  test('that nobody trusts or that shows an old certificate is the site’s fault', async () => {
    expect(await see(urls['unknown'] ?? '')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(
        /^its certificate is not to be trusted: .*DEPTH_ZERO_SELF_SIGNED_CERT|self-signed/,
      ),
    });
    expect(await see(urls['over'] ?? '')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringMatching(/^its certificate is not to be trusted: certificate has expired/),
    });
  });
  test('that does not come about says nothing of the certificate', async () => {
    expect(await see('https://127.0.0.1:1/')).toMatchObject({
      outcome: 'inconclusive',
      reason: expect.stringMatching(/^its certificate was not seen: .*ECONNREFUSED/),
    });
    expect(await see((urls['plain'] ?? '').replace('http:', 'https:'))).toMatchObject({
      outcome: 'inconclusive',
    });
  });
  test('that is silent ends with the time of the check', async () => {
    const silent = createHttp();
    silent.removeAllListeners('connection');
    const port = await listening(silent);
    const said = await see(`https://127.0.0.1:${port}/`, AbortSignal.timeout(200));
    expect(said).toMatchObject({
      outcome: 'inconclusive',
      reason: 'its certificate was not seen: no connection in time',
    });
  });
});
