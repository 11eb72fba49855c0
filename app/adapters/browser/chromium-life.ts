// Tells a Chromium of which a part died or stands still from a page that hangs or crashes. It is many processes: one for pages,
// one that fetches, one that draws. When one of them is killed, a page fails though its site is well.
// It must never blame a page for what happened to a process: only for what its own script did.

import { readFile } from 'node:fs/promises';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import type { Life, WhyLost } from './session.ts';
import { TooLate, within } from './within.ts';

const PATIENCE_MS = 5_000;
/** Those that every page stands on, and whose successor has lost what was under way. */
const VITAL = ['network.mojom.NetworkService', 'storage.mojom.StorageService', 'GPU'];
const FETCHES = VITAL[0];
const DYING = 0x4; // PF_EXITING of Linux

type Part = { readonly type: string; readonly id: number };
type Watch = {
  /** Null: the browser does not tell. */
  parts(): Promise<readonly Part[] | null>;
  /** Of pages, since the browser was started: how each ended. */
  readonly crashes: readonly string[];
};

/** One watch serves all sessions of a browser. */
export function watchChromium(browser: Browser): Watch {
  const crashes: string[] = [];
  let session: Promise<CDPSession> | null = null;
  const open = async (): Promise<CDPSession> => {
    const opened = await within(PATIENCE_MS, browser.target().createCDPSession());
    opened.on('Target.targetCrashed', ({ status }) => void crashes.push(status));
    await within(PATIENCE_MS, opened.send('Target.setDiscoverTargets', { discover: true }));
    return opened;
  };
  const parts = async (): Promise<readonly Part[] | null> => {
    try {
      session ??= open();
      const { processInfo } = await within(PATIENCE_MS, (await session).send('SystemInfo.getProcessInfo'));
      return processInfo;
    } catch {
      session = null;
      return null;
    }
  };
  return { parts, crashes };
}

/** Follows one page of it. `crashed`: whether the page has said so. */
export async function followChromium(
  browser: Browser,
  page: Page,
  watch: Watch,
  crashed: () => boolean,
): Promise<Life> {
  const first = watch.crashes.length;
  const before = await vitalParts(watch);
  const without = async (): Promise<WhyLost> => {
    const answered = await within(PATIENCE_MS, browser.version()).then(
      () => true,
      () => false,
    );
    const now = answered && browser.connected ? await watch.parts() : null;
    if (!answered || !browser.connected) return 'browser';
    if (now !== null && before !== null && (await isHurt(before, now))) return 'browser';
    if (!crashed()) return null;
    // Killed from outside, also by a machine that has no memory left; or ended by what it did itself.
    const how = watch.crashes.slice(first);
    return how.length === 0 || how.includes('killed') ? 'browser' : 'page';
  };
  return {
    why: async () => {
      const said = await without();
      if (said !== null) return said;
      const asked = await within(PATIENCE_MS, page.evaluate('1')).then(
        () => 'answers',
        (error) => (error instanceof TooLate ? 'silent' : 'refused'),
      );
      if (asked === 'answers') return null;
      // Whatever was stopped or killed meanwhile is the reason for that.
      const now = await without();
      return now ?? (asked === 'silent' ? 'page' : null);
    },
    stop: () => {},
  };
}

type Known = Part & { readonly seen: boolean };

/** Of the parts that matter, whether this machine shows them as well. One that just died has no successor for a moment. */
async function vitalParts(watch: Watch): Promise<readonly Known[] | null> {
  for (let tries = 0; ; tries += 1) {
    const all = await watch.parts();
    if (all === null) return null;
    const vital = all.filter(({ type }) => VITAL.includes(type));
    if (vital.some(({ type }) => type === FETCHES) || tries === 3)
      return Promise.all(vital.map(async (one) => ({ ...one, seen: runs(await stateOf(one.id)) })));
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function isHurt(before: readonly Known[], now: readonly Part[]): Promise<boolean> {
  for (const { type, id, seen } of before) {
    const successors = now.filter((one) => one.type === type);
    if (!successors.some((one) => one.id === id)) return true;
    // The browser itself may not have noticed yet.
    if (seen && !runs(await stateOf(id))) return true;
  }
  const states = await Promise.all(now.map(({ id }) => stateOf(id)));
  return states.some((state) => state === 'T' || state === 't');
}

/** A letter of /proc, `X` from the moment on that it dies; null where there is no such process, or no /proc. */
async function stateOf(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  if (stat === null) return null;
  const [state = null, , , , , , flags] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  // Its pipes are closed, and a page fails by that, a moment before it counts as dead.
  return Number(flags) & DYING ? 'X' : state;
}

const runs = (state: string | null): boolean => state !== null && !'ZX'.includes(state);
