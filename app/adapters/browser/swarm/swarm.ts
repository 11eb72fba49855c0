// Runs one swarm: the login, the sessions, the witnesses, and what came of it.
// Must never leave a browser behind that it started, and never take the lean client's word for more than load.

import { aboveOf, WITNESS_EVERY } from '#core/verification/swarm';
import type { SwarmOrder } from '#core/verification/swarm-order';
import {
  type Progress,
  resultOf,
  type SwarmResult,
  type Walked,
  type Witness,
} from '#core/verification/swarm-result';
import { type BrowserOptions, type Browsers, openBrowsers } from '../sessions.ts';
import { cpuHere } from './cpu.ts';
import { type Cookies, logIn, walkAsCheck } from './full.ts';
import { type LeanBrowser, openLeanBrowser } from './lean.ts';
import { type Attempt, pace } from './pace.ts';

export type SwarmOptions = {
  readonly browser: BrowserOptions;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
};

const STOP = { share: 0.2, of: 20 };

/** Ends by its own time: that of the order, and that of one journey. All that was started ends with it. */
export async function runSwarm(order: SwarmOrder, options: SwarmOptions): Promise<SwarmResult> {
  const signal = options.signal ?? new AbortController().signal;
  const browsers = openBrowsers(options.browser);
  const lean = order.client === 'lean' ? openLeanBrowser(options.browser) : null;
  try {
    const elsewhere = options.browser.lightpandaEndpoint !== undefined;
    return await swarm(order, browsers, lean, signal, elsewhere ? () => null : cpuHere, options.onProgress);
  } finally {
    await Promise.all([browsers.close(), lean?.close()]);
  }
}

async function swarm(
  order: SwarmOrder,
  browsers: Browsers,
  lean: LeanBrowser | null,
  signal: AbortSignal,
  cpu: () => number | null,
  onProgress?: (progress: Progress) => void,
): Promise<SwarmResult> {
  const { journey, engine, client } = order;
  const began = Math.round(performance.timeOrigin + performance.now());
  const told = { engine, client, asked: order.sessions, began, most: order.at_once };
  let cookies: Cookies = [];
  if (order.login !== undefined) {
    const login = lean
      ? await lean.logIn(order.login, signal)
      : await logIn(order.login, browsers, engine, signal);
    if (!login.ok)
      return resultOf({
        ...told,
        refused: 0,
        witnesses: [],
        ended: 'no login',
        why: login.reason,
        walked: [],
      });
    cookies = login.cookies;
  }
  const start = performance.now();
  const before = cpu();
  const now = () => performance.now() - start;
  const walk = (): Promise<Attempt> =>
    lean
      ? lean.walk(journey, cookies, signal, now)
      : walkAsCheck(journey, browsers, engine, cookies, signal, now);

  const witnessed = client === 'full' && engine === 'lightpanda' && (await browsers.has('chromium'));
  const witnesses: Witness[] = [];
  let witnessing = Promise.resolve();
  /** One at a time: a Chromium weighs as much as a hundred sessions. */
  const witness = (session: number, { outcome, reason }: Walked): void => {
    if (!witnessed || outcome === 'inconclusive' || signal.aborted) return;
    witnessing = witnessing.then(async () => {
      const seen = await walkAsCheck(journey, browsers, 'chromium', cookies, signal, now);
      const chromium =
        'refused' in seen
          ? { outcome: 'inconclusive' as const, reason: `no browser: ${seen.refused}` }
          : { outcome: seen.outcome, reason: seen.reason };
      witnesses.push({ session: session + 1, lightpanda: { outcome, reason }, chromium });
    });
  };
  let newest: { session: number; walked: Walked } | null = null;
  const paced = await pace({
    order,
    stop: { share: aboveOf(order.stop_when_failing.share) ?? STOP.share, of: order.stop_when_failing.of },
    signal,
    walk,
    onEnd: (session, walked) => {
      if (session % WITNESS_EVERY === 0) witness(session, walked);
      if (walked.outcome !== 'inconclusive' && session >= (newest?.session ?? 0))
        newest = { session, walked };
    },
    ...(onProgress ? { onProgress } : {}),
  });
  // The last one that said anything, wherever the swarm ended.
  const final = newest as { session: number; walked: Walked } | null;
  if (final !== null && final.session % WITNESS_EVERY !== 0) witness(final.session, final.walked);
  await witnessing;
  const { walked, refused, ended, why } = paced;
  const after = cpu();
  const cpu_s = before === null || after === null ? null : after - before;
  return resultOf({ ...told, cpu_s, refused, witnesses, ended, why, walked });
}
