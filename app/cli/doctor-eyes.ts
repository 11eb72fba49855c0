// The doctor's room of the eyes: starts each engine that is set up, as a job does, and has it look at a page of our own. Must never look
// at anything else, nor say of an engine that it is well because it is there.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { lookAtPage } from '#adapters/browser/checks/page';
import { chromiumCure } from '#adapters/browser/chromium-trouble';
import { versionOf } from '#adapters/browser/lightpanda-flags';
import { versionAt } from '#adapters/browser/lightpanda-life';
import { findingOf } from '#adapters/browser/lightpanda-trouble';
import { type BrowserOptions, type Browsers, type Engine, openBrowsers } from '#adapters/browser/sessions';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import type { Finding, State } from './doctor-finding.ts';

const PATIENCE_S = 10;
const SEES = 'Vigil sees this page';
// What a script writes late, and a style sheet shows: an engine that runs neither does not find it.
const PAGE = `<!doctype html><html lang="en"><title>Vigil</title><style>p{display:none}.on{display:block}</style><p id="p"></p>
<script>setTimeout(() => { const p = document.getElementById('p'); p.textContent = '${SEES}'; p.className = 'on' }, 50)</script>`;

export async function eyesRoom(options: BrowserOptions): Promise<Finding[]> {
  const browsers = openBrowsers(options);
  const page = await servePage();
  try {
    const [lightpanda, chromium] = await Promise.all([browsers.has('lightpanda'), browsers.has('chromium')]);
    const findings = [
      ...(lightpanda ? [await lightpandaFinding(browsers, options, page.url)] : []),
      ...(chromium ? [await chromiumFinding(browsers, page.url)] : []),
    ];
    return [...findings, ...whoDecides(lightpanda, chromium, options)];
  } finally {
    await Promise.all([browsers.close(), page.close()]);
  }
}

const of = (what: string, state: State, found: string, cure: string | null = null): Finding => ({
  ...{ room: 'eyes', what, state, found, cure },
});

async function lightpandaFinding(browsers: Browsers, options: BrowserOptions, url: string): Promise<Finding> {
  const { lightpandaEndpoint: endpoint } = options;
  const wrong = (found: string, cure: string): Finding => of('Lightpanda', 'wrong', found, cure);
  const isFar = endpoint !== undefined && !/^(127\.|localhost$|\[::1\]$)/.test(hostOf(endpoint));
  const version = endpoint === undefined ? null : await versionAt(endpoint);
  const known = version === null ? null : versionOf(version);
  if (known !== null && !known.ok) {
    const { found, cure } = findingOf(known.reason);
    return wrong(found, cure);
  }
  const seen = await looked(browsers, 'lightpanda', isFar ? null : url);
  if (!seen.ok) {
    const { found, cure } = findingOf(seen.reason);
    return wrong(found, cure);
  }
  if (endpoint !== undefined && version === null)
    return wrong(
      'what runs at its address does not say that it is a Lightpanda',
      'name one in browser.lightpanda_endpoint, or let what stands before it pass /json/version on',
    );
  return of('Lightpanda', 'ok', seen.found);
}

const hostOf = (endpoint: string): string => URL.parse(endpoint)?.hostname ?? '';

async function chromiumFinding(browsers: Browsers, url: string): Promise<Finding> {
  const seen = await looked(browsers, 'chromium', url);
  return seen.ok
    ? of('Chromium', 'ok', seen.found)
    : of('Chromium', 'wrong', seen.reason, chromiumCure(seen.reason));
}

type Seen = { ok: true; found: string } | { ok: false; reason: string };

/** One look by the product's own means. Null in place of an address: no page of this machine can be reached from there. */
async function looked(browsers: Browsers, engine: Engine, url: string | null): Promise<Seen> {
  const lease = await browsers.lease(engine);
  if (!lease.ok) return lease;
  const { session } = lease;
  const began = performance.now();
  const took = (): string => `${Math.round(performance.now() - began)} ms`;
  try {
    if (url === null)
      return {
        ok: true,
        found: `runs on another machine: it answered ${await session.page.evaluate('1 + 1')} to 1 + 1 in ${took()}, and was shown no page`,
      };
    const look = await lookAtPage(checkOf(url), session, AbortSignal.timeout(PATIENCE_S * 2_000));
    if (look.outcome === 'pass') return { ok: true, found: `saw a page of our own in ${took()}` };
    return {
      ok: false,
      reason: `it does not see a page of our own: ${look.reason ?? 'no reason was given'}`,
    };
  } catch (error) {
    return {
      ok: false,
      reason: `it does not answer: ${error instanceof Error ? error.message.split('\n')[0] : 'unknown error'}`,
    };
  } finally {
    await session.release();
  }
}

/** Whose word counts with these eyes, where that is not Chromium's beside Lightpanda's or alone. */
function whoDecides(lightpanda: boolean, chromium: boolean, options: BrowserOptions): Finding[] {
  const { acceptsLightpanda = false, chromiumPath } = options;
  const named = 'name one as browser.chromium_path in .github/vigil.yml';
  const missing =
    chromiumPath === null ? 'shall not look here (chromium_path: none)' : 'is not installed here';
  if (!chromium && !lightpanda)
    return [
      of(
        'Chromium',
        'wrong',
        `${missing}, and no Lightpanda is named: no page can be looked at`,
        `install a Chromium, or ${named}`,
      ),
    ];
  if (!chromium && !acceptsLightpanda)
    return [
      of(
        'Chromium',
        'wrong',
        `${missing}: what Lightpanda alone sees proves nothing`,
        `install a Chromium, or ${named}; or write accepts_lightpanda_alone: true and live with what Lightpanda cannot judge`,
      ),
    ];
  if (!chromium)
    return [
      of(
        'Chromium',
        'note',
        `${missing}, and Lightpanda's word counts (accepts_lightpanda_alone): content policies, layout and loads it cannot judge`,
      ),
    ];
  return acceptsLightpanda && lightpanda
    ? [of('Chromium', 'note', 'decides, so that accepts_lightpanda_alone changes nothing')]
    : [];
}

function checkOf(url: string) {
  const check = { id: 'eyes', kind: 'page', url: '{PAGE}', expect: { text: [SEES] }, timeout_s: PATIENCE_S };
  const parsed = parseVerifyPlan({ v: 1, checks: [check], symptom: { checks: ['eyes'] } });
  const bound = parsed.ok ? bind(parsed.plan, { PAGE: url }) : parsed;
  const first = bound.ok ? bound.plan.checks[0] : undefined;
  if (first?.kind !== 'page') throw new Error('the page of the doctor is no page');
  return first;
}

async function servePage(): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 204, { 'content-type': 'text/html; charset=utf-8' });
    response.end(request.url === '/' ? PAGE : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close };
}
