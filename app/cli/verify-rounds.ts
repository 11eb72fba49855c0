// The rounds of `vigil verify`: looks at each plan in turn, tells what it saw, and begins again where somebody watches. Must never leave
// a browser behind, however it ends.
import { steady } from '#adapters/browser/checks/sampling';
import type { ExitCode, Shell } from './command.ts';
import { eyesWords } from './verify-eyes.ts';
import { beforeOf, earlierLooks, remember, writePage } from './verify-file.ts';
import type { Round } from './verify-look.ts';
import type { History } from './verify-page.ts';
import { openAlbum } from './verify-pictures.ts';
import type { Planned } from './verify-plan.ts';
import { progressFor, WIPE } from './verify-progress.ts';
import { endLine, endText, headText, type Look } from './verify-report.ts';
import { atPlan, type Telling } from './verify-told.ts';

export type Verifying = Omit<Telling, 'album'> & {
  plans: readonly Planned[];
  /** Values of the command line, by name. */
  own: readonly string[];
  watch: boolean;
  html: string | undefined;
  before: string | undefined;
  screenshots: string | undefined;
};
const PAUSE_MS = 10_000; // between two rounds of --watch
const codes = { passed: 0, failed: 1, inconclusive: 3 } as const satisfies Record<Round['result'], ExitCode>;

/** Gives the exit code. */
export async function watched(verifying: Verifying, shell: Shell): Promise<number> {
  const { watch, json, plans, browser, rule, own, html } = verifying;
  const earlier = verifying.before === undefined ? null : await earlierLooks(verifying.before, shell);
  const eyes = plans.some(seesPages) ? await eyesWords(browser) : null;
  const histories = plans.map(
    (planned): History => ({ planned, looks: [], seen: null, earlier: beforeOf(earlier, planned.file) }),
  );
  const write = async (again_s: number | null): Promise<void> => {
    if (html === undefined) return;
    const page = { histories, rule, own, eyes, at: Date.now(), again_s };
    await writePage(html, page, shell);
  };
  const album = verifying.screenshots === undefined ? null : await openAlbum(verifying.screenshots, shell);
  await write(null); // a place that cannot be written to is told before anything is looked at
  const stopping = new AbortController();
  let stopped: number | null = null;
  const deaf = shell.onStop?.((code) => {
    stopped = code;
    stopping.abort();
    if (shell.person) shell.err(`${WIPE}Stopping.\n`);
  });
  const wait = shell.wait ?? steady.sleep;
  const last = new Map<string, Look>();
  let code: number | null = null;
  const { signal } = stopping;
  try {
    if (!json && eyes !== null) shell.out(`${eyes}\n`);
    for (let round = 1; ; round += 1) {
      const results = await oneRound({ ...verifying, album }, histories, round, last, signal, shell);
      await write(watch && !signal.aborted ? PAUSE_MS / 1000 : null);
      if (results.length === plans.length) code = worst(results);
      if (!watch || signal.aborted) break;
      const waiting = progressFor(shell);
      waiting.show('waiting for the next look');
      await wait(PAUSE_MS, signal).catch(() => {});
      waiting.hide();
      if (signal.aborted) break;
    }
    if (watch) await write(null);
  } finally {
    deaf?.();
  }
  if (stopped === null) return code ?? 3;
  return watch && code !== null ? code : stopped;
}

const worst = (results: readonly Round['result'][]): ExitCode =>
  codes[results.includes('failed') ? 'failed' : results.includes('inconclusive') ? 'inconclusive' : 'passed'];

const seesPages = ({ plan }: Planned): boolean =>
  plan.checks.some(({ kind }) => kind === 'page' || kind === 'journey' || kind === 'swarm');

async function oneRound(
  verifying: Verifying & Telling,
  histories: readonly History[],
  round: number,
  last: Map<string, Look>,
  signal: AbortSignal,
  shell: Shell,
): Promise<Round['result'][]> {
  const { rule, json, own, watch } = verifying;
  if (!json && watch) shell.out(`${round > 1 ? '\n' : ''}${new Date().toISOString().slice(11, 19)} UTC\n`);
  const results: Round['result'][] = [];
  for (const history of histories) {
    const { planned } = history;
    if (signal.aborted) break;
    if (!json) shell.out(headText(planned, rule, own, shell));
    const { seen, looks } = await atPlan(verifying, planned, round, last, signal, shell);
    if (!seen.stopped) results.push(seen.result);
    history.seen = seen;
    remember(history, looks);
    shell.out(json ? endLine(planned, rule, round, seen, looks, own) : endText(seen, looks, shell));
    await shell.taken();
  }
  return results;
}
