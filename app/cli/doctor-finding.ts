// What the doctor finds, in every room: one thing that was looked at, how it is, and what helps. Must never hold a secret or an address
// that may carry one.

import type { Shell } from './command.ts';
import { columns, paint } from './terminal.ts';

/** `note`: it works, and somebody should know something of it. */
export type State = 'ok' | 'note' | 'wrong';
export type Finding = {
  readonly room: string;
  readonly what: string;
  readonly state: State;
  readonly found: string;
  /** Null: nothing is amiss. */
  readonly cure: string | null;
};

const STYLE = { ok: 'green', note: 'yellow', wrong: 'red' } as const;

/** A line for each, and below it what helps. */
export function findingsText(findings: readonly Finding[], shell: Pick<Shell, 'colour'>): string {
  const lines = columns(findings.map(({ what, state, found }) => [state, what, found])).split('\n');
  return findings
    .map(({ state, cure }, at) => {
      const line = (lines[at] ?? '').replace(/^\w+/, (word) => paint(shell, STYLE[state], word));
      return `${line}\n${cure === null ? '' : `       ${cure}\n`}`;
    })
    .join('');
}

export const findingLine = (finding: Finding): string =>
  `${JSON.stringify({ type: 'finding', ...finding })}\n`;
