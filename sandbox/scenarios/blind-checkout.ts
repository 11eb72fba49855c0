// A fault that HTTP cannot see: every answer is 200 and partners order, but browsers refuse the checkout's script, so no customer can.
import { launchChromium } from '#adapters/browser/chromium';
import { latestOf } from '#core/ledger/replay';
import { breakShop, review } from '../people.ts';
import type { World } from '../world.ts';
import { issueState, pageStatus, sawRed, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

const CUSTOMERS = ['Ada', 'Bo', 'Cleo'];
const PATIENCE_MS = 30_000;

export const blindCheckout: Scenario = {
  name: 'blind-checkout',
  about:
    'A release serves the checkout from where browsers may load no script: HTTP says 200, no customer can order, and only a browser tells.',
  expected: 'RESOLVED',
  deadlineMs: 600_000,
  async begin(world) {
    await breakShop(world, 'release');
    world.watchShop('customers');
    await customersCome(world);
  },
  async people(world, record) {
    if (record.type === 'pull.opened') await review(world, 'riley', record.data.number, 'APPROVE');
  },
  async verdicts(world, incident) {
    const before = latestOf(incident, 'remediation.started')?.samples ?? [];
    const of = (check: string) => before.filter((sample) => sample.check === check);
    const reported = world.shop.journal().filter(({ status }) => status !== 'info');
    const confirmed = latestOf(incident, 'recovery.confirmed');
    const green =
      confirmed?.samples.every(({ outcome }) => outcome === 'pass') && confirmed.samples.length > 0;
    return [
      {
        what: 'the monitor that orders over HTTP never rang; the one that counts customers did',
        ok:
          world.pagerduty
            .incidents()
            .map(({ title }) => title)
            .join() === incident.opened.title,
      },
      {
        what: 'what real browsers reported by themselves is evidence',
        ok:
          latestOf(incident, 'evidence.gathered')?.items.some(({ id }) => id === 'logs-1') === true &&
          reported.length >= CUSTOMERS.length &&
          reported.every(({ message }) => message.includes('refused to load')),
      },
      { what: 'the journey was red before the run', ok: sawRed(of('order')) },
      {
        what: 'HTTP said all the while that orders are taken',
        ok: of('partner').length >= 3 && of('partner').every(({ outcome }) => outcome === 'pass'),
      },
      {
        what: 'each red was seen by Chromium, which keeps to the policy',
        ok: of('order').every(({ outcome, engine }) => outcome !== 'fail' || engine === 'chromium'),
      },
      { what: 'the journey was green after it, every time', ok: green === true },
      { what: 'the asset host is off', ok: world.shop.state().flags['asset-host'] === false },
      { what: 'PagerDuty is resolved', ok: pageStatus(world, incident) === 'resolved' },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
      { what: 'it ran once', ok: workspacesGone(world) && world.coder.workspaces().length === 1 },
    ];
  },
};

/** Customers with a browser of their own: each fills a cart, signs in, and waits for a checkout that never comes. */
async function customersCome(world: World): Promise<void> {
  const launched = await launchChromium(world.chromium);
  if (!launched.ok) throw new Error(launched.reason);
  const { browser, close } = launched.chromium;
  try {
    for (const name of CUSTOMERS) {
      const context = await browser.createBrowserContext();
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(`${world.shop.url}/products/lamp`);
      await (await page.waitForSelector('#add button'))?.click();
      await (await page.waitForSelector('#sign-in [name=name]'))?.type(name);
      await page.type('#sign-in [name=email]', `${name.toLowerCase()}@example.com`);
      const refused = page.waitForRequest((request) => request.url().endsWith('/api/reports'));
      await Promise.all([refused, page.click('#sign-in button')]);
      await context.close();
    }
  } finally {
    await close();
  }
}
