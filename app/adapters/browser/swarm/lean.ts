// The lean client of a swarm: as many sessions on a Lightpanda as a small machine can bear, for load.
// Must never be taken for a look: it clicks by script, hears no status, and so it proves nothing.

import type { JourneyCheck } from '#core/verification/checks';
import { errorLine } from '../checks/look.ts';
import { startLightpanda } from '../lightpanda.ts';
import type { BrowserOptions } from '../sessions.ts';
import { TooLate } from '../within.ts';
import type { Cookies } from './full.ts';
import { type Link, link, Refused } from './lean-link.ts';
import { type LeanPage, openPage, takeStep } from './lean-page.ts';
import type { Attempt } from './pace.ts';

type LoggedIn = { ok: true; cookies: Cookies } | { ok: false; reason: string };
export type LeanBrowser = {
  walk(journey: JourneyCheck, cookies: Cookies, signal: AbortSignal, now: () => number): Promise<Attempt>;
  logIn(login: JourneyCheck, signal: AbortSignal): Promise<LoggedIn>;
  close(): Promise<void>;
};
type Walk = { said: string | null; blind: boolean; cookies: Cookies };

/** Nothing is started before the first session. */
export function openLeanBrowser(options: BrowserOptions): LeanBrowser {
  let started: ReturnType<typeof startLightpanda> | null = null;
  const endpoint = async (): Promise<string> => {
    if (options.lightpandaEndpoint !== undefined) return options.lightpandaEndpoint;
    started ??= startLightpanda(options.lightpandaPath ?? '');
    const one = await started;
    if (!one.ok) throw new Refused(one.reason);
    return one.lightpanda.endpoint;
  };
  // A connection is a thread and a whole JavaScript machine: the next session goes on where one ended well.
  const idle: Link[] = [];
  const connect = async (signal: AbortSignal): Promise<Link | { refused: string }> => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) if (kept.open()) return kept;
    try {
      return await link(await endpoint(), signal);
    } catch (error) {
      return { refused: error instanceof Refused ? error.message : errorLine(error) };
    }
  };
  const give = (used: Link): void => void (used.open() && idle.push(used));
  return {
    walk: async (journey, cookies, signal, now) => {
      const connected = await connect(signal);
      if ('refused' in connected) return connected;
      const at = now();
      let ended = at;
      const { said, blind } = await walk(journey, connected, cookies, false, signal, () => {
        ended = now();
      });
      give(connected);
      const outcome = said === null ? 'pass' : blind ? 'inconclusive' : 'fail';
      return { at, ms: ended - at, outcome, reason: said };
    },
    logIn: async (login, signal) => {
      const connected = await connect(signal);
      if ('refused' in connected) return { ok: false, reason: `no browser: ${connected.refused}` };
      const { said, cookies } = await walk(login, connected, [], true, signal, () => {});
      give(connected);
      if (said !== null) return { ok: false, reason: `the login failed: ${said}` };
      return cookies.length === 0 ? { ok: false, reason: 'the login set no cookie' } : { ok: true, cookies };
    },
    close: async () => {
      for (const kept of idle) kept.close();
      const one = await started;
      if (one?.ok) await one.lightpanda.close();
    },
  };
}

async function walk(
  { start, steps, timeout_s }: JourneyCheck,
  connection: Link,
  cookies: Cookies,
  keep: boolean,
  signal: AbortSignal,
  done: () => void,
): Promise<Walk> {
  const ends = performance.now() + timeout_s * 1000;
  let page: LeanPage | null = null;
  const through = async (page: LeanPage): Promise<string | null> => {
    const opened = await page.open(start);
    if (opened !== null) return opened;
    for (const [at, step] of steps.entries()) {
      const said = await takeStep(page, step);
      if (said !== null) return `step ${at + 1} (${Object.keys(step)[0]}): ${said}`;
    }
    return null;
  };
  try {
    page = await openPage(connection, cookies, ends);
    const said = await through(page);
    return { said, blind: false, cookies: keep && said === null ? await page.cookies() : [] };
  } catch (error) {
    connection.close();
    if (signal.aborted) return { said: 'stopped before the end', blind: true, cookies: [] };
    if (error instanceof TooLate)
      return { said: `not done within ${timeout_s} s`, blind: false, cookies: [] };
    return { said: errorLine(error), blind: true, cookies: [] };
  } finally {
    done();
    if (connection.open()) await page?.forget().catch(connection.close);
  }
}
