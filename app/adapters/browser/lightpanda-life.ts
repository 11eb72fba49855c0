// Tells a Lightpanda that died from a page that hangs it. It has one thread a connection: while a page's script runs, that
// connection answers nothing, and a page that runs too long or eats memory has its connection closed. The process answers meanwhile.
// It must never blame a page for the death of a process, nor for one that was replaced in the meantime.

import type { Browser } from 'puppeteer-core';
import { connectLightpanda } from './lightpanda.ts';
import type { Life, WhyLost } from './session.ts';
import { within } from './within.ts';

const BEAT_MS = 1_000;
const BLOCKED_MS = 2_000; // a script that ran for so long before its connection was closed is why it was closed
const PATIENCE_MS = 5_000;

/** Of the process: what only grows while it lives. Null: it does not tell. */
type Counters = {
  readonly connections: number;
  readonly commands: number;
  readonly heapLimits: number;
} | null;

/** Follows one connection until `stop`. `alive`: of a process that was started here. */
export function followLightpanda(
  browser: Browser,
  endpoint: string,
  alive: () => boolean = () => true,
): Life {
  const before = countersOf(endpoint);
  let answered = performance.now();
  let closed: Promise<WhyLost> | null = null;
  let asking = false;
  const beat = setInterval(() => {
    if (asking) return;
    asking = true;
    const heard = () => {
      answered = performance.now();
      asking = false;
    };
    browser.version().then(heard, () => {});
  }, BEAT_MS);
  beat.unref();
  const isUp = async (): Promise<boolean> => alive() && (await answers(endpoint));
  // Asked at once: a process that was killed may be back a moment later.
  const whyClosed = async (): Promise<WhyLost> => {
    const blocked = performance.now() - answered >= BLOCKED_MS;
    const [up, first, now] = await Promise.all([isUp(), before, countersOf(endpoint)]);
    if (!up) return 'browser';
    if (first !== null && now !== null) {
      if (now.connections < first.connections || now.commands < first.commands) return 'browser';
      if (now.heapLimits > first.heapLimits) return 'page';
    }
    return blocked ? 'page' : 'browser';
  };
  const onClose = () => {
    closed = whyClosed();
  };
  browser.once('disconnected', onClose);
  return {
    why: async () => {
      if (closed !== null) return closed;
      if (!alive()) return 'browser';
      const heard = await within(PATIENCE_MS, browser.version()).then(
        () => true,
        () => false,
      );
      if (closed !== null) return closed;
      if (heard) return null;
      return (await isUp()) ? 'page' : 'browser';
    },
    stop: () => {
      clearInterval(beat);
      browser.off('disconnected', onClose);
    },
  };
}

function beside(endpoint: string, path: string): URL {
  const url = new URL(endpoint.replace(/^ws/, 'http'));
  url.pathname = path;
  return url;
}

/** Whether the process answers. What stands before one that is far away may not let that question through. */
async function answers(endpoint: string): Promise<boolean> {
  const said = await told(beside(endpoint, '/json/version'));
  if (said !== null && /"Browser"/.test(said)) return true;
  if (beside(endpoint, '/').hostname === '127.0.0.1' && said === null) return false;
  const again = await connectLightpanda(endpoint, PATIENCE_MS);
  if (again.ok) await again.browser.disconnect().catch(() => {});
  return again.ok;
}

/** Which Lightpanda runs there. Null: it does not tell, or it is another browser. */
export async function versionAt(endpoint: string): Promise<string | null> {
  const said = await told(beside(endpoint, '/json/version'));
  return /"Lightpanda-Version"\s*:\s*"([^"]+)"/.exec(said ?? '')?.[1] ?? null;
}

async function countersOf(endpoint: string): Promise<Counters> {
  const said = await told(beside(endpoint, '/metrics'));
  const of = (name: string): number => {
    const value = new RegExp(`^${name}(?:\\{driver="cdp"\\})? (\\d+)$`, 'm').exec(said ?? '')?.[1];
    return value === undefined ? Number.NaN : Number(value);
  };
  const counters = {
    connections: of('serve_connections_total'),
    commands: of('serve_commands_total'),
    heapLimits: of('js_heap_limits_total'),
  };
  return Object.values(counters).some(Number.isNaN) ? null : counters;
}

async function told(url: URL): Promise<string | null> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const text = await answer.text();
    return answer.ok ? text : null;
  } catch {
    return null;
  }
}
