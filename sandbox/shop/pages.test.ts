// The shop as customers' browsers meet it: the shipped runbook's own journey, and what HTTP alone cannot tell.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAtJourney } from '#adapters/browser/checks/journey';
import { type Browsers, openBrowsers } from '#adapters/browser/sessions';
import { bind } from '#core/verification/plan';
import { installedChromium } from '../browser.ts';
import { givenLightpanda } from '../lightpanda.ts';
import { shippedRunbooks } from '../shipped.ts';
import { type Shop, startShop } from './server.ts';

const { LIGHTPANDA_PATH: lightpandaPath, LIGHTPANDA_WS_ENDPOINT: lightpandaEndpoint } =
  givenLightpanda() ?? {};
let shop: Shop;
let browsers: Browsers;
beforeAll(async () => {
  shop = await startShop();
  browsers = openBrowsers({ chromiumPath: await installedChromium(), lightpandaPath, lightpandaEndpoint });
});
afterAll(async () => {
  await Promise.all([shop.close(), browsers.close()]);
});

/** One walk through the runbook's journey. */
async function order(engine: 'chromium' | 'lightpanda') {
  const runbooks = await shippedRunbooks(join(import.meta.dirname, '../..'));
  const plan = runbooks.find(({ id }) => id === 'shop-blind-checkout')?.remediation?.plan;
  const bound = plan && bind(plan, { SHOP_URL: shop.url, SHOP_FLAGS_URL: `${shop.admin}/flags` });
  const check = bound?.ok ? bound.plan.checks.find(({ id }) => id === 'order') : undefined;
  if (check?.kind !== 'journey') throw new Error('the runbook has no journey called order');
  const lease = await browsers.lease(engine);
  if (!lease.ok) throw new Error(lease.reason);
  const { outcome, reason } = await lookAtJourney(check, lease.session, AbortSignal.timeout(60_000));
  await lease.session.release();
  return { outcome, reason };
}
const admin = (path: string) => fetch(shop.admin + path, { method: 'POST' });
const partner = async () => {
  const body = JSON.stringify({ name: 'Ann', email: 'ann@example.com', items: [{ id: 'mug', quantity: 1 }] });
  return (await fetch(`${shop.url}/api/checkout`, { method: 'POST', body })).status;
};

describe('in a browser that keeps to the policy', () => {
  it('a customer signs in and buys', async () => {
    expect(await order('chromium')).toEqual({ outcome: 'pass', reason: null });
    expect(shop.state().waiting).toBe(0);
  });

  it('a refused order leads to a page that says so', async () => {
    await admin('/break/cache');
    expect(await order('chromium')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('/sorry answered 500'),
    });
    await admin('/cache/purge');
  });

  it('nobody can order while the checkout comes from the asset host, though HTTP says 200 everywhere', async () => {
    await admin('/break/release');
    expect(await order('chromium')).toMatchObject({
      outcome: 'fail',
      reason: expect.stringContaining('step 6'),
    });
    expect(await partner()).toBe(201);
    expect(shop.state().waiting).toBe(2);
    expect(shop.journal().at(-2)).toMatchObject({
      status: 'warn',
      message: expect.stringMatching(
        /^a customer's browser refused to load http:\/\/127\.0\.0\.1:\d+\/assets\/checkout\.js$/,
      ),
    });
    await admin('/flags/asset-host/off');
    expect((await order('chromium')).outcome).toBe('pass');
  });
});

describe.skipIf(givenLightpanda() === null)('in a Lightpanda; skipped where none is given', () => {
  it('a customer signs in and buys, and that proves nothing, because it does not keep to the policy', async () => {
    const before = shop.state().orders;
    expect(await order('lightpanda')).toEqual({
      outcome: 'inconclusive',
      reason: 'Lightpanda cannot judge this: it does not enforce the content security policy of this page',
    });
    expect(shop.state().orders).toBe(before + 1);
  });
});
