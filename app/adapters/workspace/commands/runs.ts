// The runs of a sampling's commands, as they come from their workspace: made at the first look, ended with the sampling. Must never give
// out a run that began before it was asked for, nor take anything but a whole frame for one.
import { randomBytes } from 'node:crypto';
import { jobSeconds } from '#core/incident/limits';
import type { CommandCheck } from '#core/verification/command-check';
import { type CommandRun, frameOf } from '#core/verification/commands/frames';
import { scriptOfLooks } from '#core/verification/commands/script';
import { beginLooks, type Commands } from './workspace.ts';

/** When it began, in milliseconds of this side's clock, and how long it took. Or why there is none. */
type Seen = { readonly run: CommandRun; readonly at: number; readonly ms: number };
export type Taken = Seen | { readonly nothing: string };
export type CommandRuns = {
  /** A run that began after this turn did. A turn is one run of each command that is asked for, and begins with the first of them. */
  next(check: CommandCheck, signal: AbortSignal): Promise<Taken>;
  redact(text: string): string;
  /** Ends the workspace, with whatever is at work in it. */
  close(): Promise<void>;
};

/** A pause shorter than that would be a load; a longer one would be a long wait for the next run. */
const PAUSE_MS = { least: 1000, most: 60_000 } as const;
/** Coder is asked every two seconds, and its log comes after what it tells of. */
const LAG_S = 60;
/** What a run may take beyond its time-out, until it is killed. */
const KILL_S = 3;
const ODD = 'what its workspace said cannot be read';

type Waiting = { readonly which: number; readonly asked: number; readonly take: (taken: Taken) => void };
type State = {
  readonly nonce: string;
  readonly own: readonly CommandCheck[];
  readonly now: () => number;
  readonly newest: Map<number, Seen>;
  readonly waiting: Set<Waiting>;
  /** How far the workspace's clock is ahead of this one: the line that was under way for the shortest time tells it best. */
  offset: number;
  /** Why no more will come. */
  over: string | null;
};

/** No commands: `why` none may run. */
export const noRuns = (why = 'this job may run no commands: docs/checks.md#command'): CommandRuns => ({
  next: async () => ({ nothing: why }),
  redact: (text) => text,
  close: async () => {},
});

/** `pause_ms`: from one round of runs to the next, as often as the rule looks. `now` in Unix milliseconds. */
export function openRuns(
  commands: Commands | { readonly none: string } | null,
  checks: readonly { readonly kind: string }[],
  pause_ms: number,
  now: () => number,
): CommandRuns {
  if (commands === null) return noRuns();
  if ('none' in commands) return noRuns(commands.none);
  const own = checks.filter((check): check is CommandCheck => check.kind === 'command');
  const pause = Math.min(Math.max(pause_ms, PAUSE_MS.least), PAUSE_MS.most);
  const round_s = pause / 1000 + own.reduce((sum, { timeout_s }) => sum + timeout_s + KILL_S, 0);
  const nonce = randomBytes(16).toString('hex');
  const [newest, waiting] = [new Map<number, Seen>(), new Set<Waiting>()];
  const state: State = { nonce, own, now, newest, waiting, offset: Number.NEGATIVE_INFINITY, over: null };
  let started: { readonly at: number; end(): Promise<void> } | null = null;
  let turn: { readonly asked: number; readonly had: Set<number> } | null = null;
  const start = () => {
    const script = scriptOfLooks({ commands: own, pause_ms: pause, lasts_s: commands.lasts_s, nonce });
    const hear = (line: string): void => heard(state, line);
    return { at: now(), ...beginLooks(commands, script, hear, (why) => finish(state, why)) };
  };
  return {
    redact: commands.redact,
    async next(check, signal) {
      const which = own.findIndex(({ id }) => id === check.id);
      if (which < 0) return { nothing: 'its workspace was not made for this command' };
      started ??= start();
      if (turn === null || turn.had.has(which)) turn = { asked: now(), had: new Set() };
      turn.had.add(which);
      const { asked } = turn;
      const making_s = Math.max(0, jobSeconds.provision - (now() - started.at) / 1000);
      return taken(state, { which, asked }, round_s * 2 + LAG_S + making_s, signal);
    },
    async close() {
      finish(state, 'the looking was ended');
      await started?.end();
    },
  };
}

function finish(state: State, why: string): void {
  state.over ??= why;
  for (const one of state.waiting) one.take({ nothing: state.over });
}

function heard(state: State, line: string): void {
  const { nonce, own, now, waiting, newest } = state;
  const frame = frameOf(
    line,
    nonce,
    own.map(({ timeout_s }) => timeout_s),
  );
  if (frame === null) return;
  if (frame.is === 'odd') {
    finish(state, ODD);
    return;
  }
  state.offset = Math.max(state.offset, frame.clock + (frame.is === 'ended' ? frame.ms : 0) - now());
  if (frame.is === 'begun') return;
  const seen = { run: frame.run, at: frame.clock - state.offset, ms: frame.ms };
  const takers = [...waiting].filter(({ which, asked }) => which === frame.which && seen.at >= asked);
  // No run is a look twice.
  if (takers.length > 0) newest.delete(frame.which);
  else newest.set(frame.which, seen);
  for (const one of takers) one.take(seen);
}

/** What is there already, or what comes in time. */
function taken(
  { newest, waiting, over }: State,
  { which, asked }: Pick<Waiting, 'which' | 'asked'>,
  most_s: number,
  signal: AbortSignal,
): Promise<Taken> {
  const had = newest.get(which);
  newest.delete(which);
  if (had !== undefined && had.at >= asked) return Promise.resolve(had);
  if (over !== null) return Promise.resolve({ nothing: over });
  const enough = AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(most_s * 1000))]);
  return new Promise((resolve) => {
    const late = (): void =>
      one.take({
        nothing: signal.aborted
          ? 'stopped before it ran'
          : `no run of it was seen within ${Math.ceil(most_s)} s`,
      });
    const one: Waiting = {
      ...{ which, asked },
      take(said) {
        waiting.delete(one);
        enough.removeEventListener('abort', late);
        resolve(said);
      },
    };
    waiting.add(one);
    enough.addEventListener('abort', late);
    if (enough.aborted) late();
  });
}
