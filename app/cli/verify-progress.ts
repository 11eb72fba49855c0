// What is being looked at right now, in one line that is written over, for who sits at a terminal. Must never write where nobody sits,
// nor leave anything on the line.
import { cut } from '#core/text/cut';
import type { Shell } from './command.ts';
import { seconds } from './verify-report.ts';

/** Begins the line anew. */
export const WIPE = '\r\u001b[K';
const WIDTH = 78; // a line that breaks cannot be written over
const SIGNS = ['|', '/', '-', '\\'];

export type Progress = {
  /** `since`: when it began, if that was not now; in Unix milliseconds. */
  show(words: string, since?: number): void;
  hide(): void;
};

export function progressFor(shell: Shell): Progress {
  if (shell.person !== true) return { show: () => {}, hide: () => {} };
  let timer: NodeJS.Timeout | null = null;
  const hide = (): void => {
    if (timer === null) return;
    clearInterval(timer);
    timer = null;
    shell.err(WIPE);
  };
  const show = (words: string, since?: number): void => {
    hide();
    const began = since ?? Date.now();
    const draw = (): void => {
      const past = Date.now() - began;
      const sign = SIGNS[Math.floor(past / 100) % SIGNS.length];
      shell.err(`${WIPE}${cut(`${sign} ${words}, ${seconds(past)}`, WIDTH)}`);
    };
    timer = setInterval(draw, 100).unref();
    draw();
  };
  return { show, hide };
}
