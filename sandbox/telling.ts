// What the demo says while a story is played, in the words of somebody on call: at most ten lines of 80 columns. Every
// sentence of it stands here. It must never say what did not happen: each line is of one record, or of what was looked up.

import type { LedgerRecord } from '#core/ledger/record';
import { type Incident, latestOf } from '#core/ledger/replay';
import { visible } from '#core/text/untrusted';
import type { Sample } from '#core/verification/plan';

export const COLUMNS = 80;
export const MOST_LINES = 10;
const CLOCK = 7; // '  0:42 '

/** What played people do that no record shows. */
export const asides = {
  reviewsThatDoNotCount: 'robin may only read and riley reviewed older bytes: neither counts.',
} as const;
export type Aside = keyof typeof asides;

export type Story = {
  readonly lines: readonly string[];
  record(record: LedgerRecord, incident: Incident): void;
  aside(which: Aside): void;
  /** The last line, of what is true outside. */
  end(outside: { page: string | undefined; issue: string }, seconds: number): void;
};

/** Tells line by line; `say` hears each as it comes. Counts from `began`, in Unix milliseconds. */
export function openStory(began: number, say: (line: string) => void): Story {
  const lines: string[] = [];
  const add = (seconds: number, text: string, last = false): void => {
    if (lines.length >= MOST_LINES - (last ? 0 : 1)) return;
    const line = onOneLine(`${clock(seconds)} ${text}`);
    lines.push(line);
    say(line);
  };
  let seen = 0;
  return {
    lines,
    record(record, incident) {
      seen = (Date.parse(record.at) - began) / 1000;
      const text = sentence(record, incident);
      if (text !== null) add(seen, text);
    },
    aside: (which) => add(seen, asides[which]),
    end({ page, issue }, seconds) {
      const pager = page === 'resolved' ? 'PagerDuty is resolved' : 'PagerDuty still rings';
      const over = page === 'resolved' && issue === 'closed';
      add(seconds, `${pager}, the issue is ${issue}${over ? '.' : ': people take over.'}`, true);
    },
  };
}

function sentence(record: LedgerRecord, incident: Incident): string | null {
  // Of a proposal that came in the place of another one, only what people did with it is news.
  const again = incident.generation > 0;
  switch (record.type) {
    case 'incident.opened':
      return `PagerDuty rings: ${record.data.title}.`;
    case 'hypothesis.received':
      return record.data.source === 'cleric' ? `A root-cause note: ${cause(record.data.text)}.` : null;
    case 'remediation.rehearsed':
      return again ? null : `Vigil looks as a user: ${tries(record.data.samples, 'fail')}. It is real.`;
    case 'symptom.absent':
      return `Vigil looks as a user: ${tries(record.data.samples, 'pass')}. Nothing is broken.`;
    case 'pull.opened': {
      const proposal = latestOf(incident, 'remediation.proposed');
      if (again || !proposal) return null;
      const from = proposal.by === 'model' ? 'Claude' : (proposal.runbook?.id ?? proposal.by);
      return `Pull request #${record.data.number}: ${proposal.kind} by ${from}, risk ${proposal.risk}.`;
    }
    case 'hold.set':
      return `${record.data.by} holds it: ${record.data.reason}.`;
    case 'remediation.approved':
      return record.data.lane === 'auto'
        ? 'Approved by trust that it earned in sample history. Nobody is woken.'
        : `${record.data.by.join(' and ')} approved exactly these bytes, ${record.data.digest.slice(0, 12)}.`;
    case 'remediation.withdrawn': {
      const by = latestOf(incident, 'pull.pushed')?.by;
      return by ? `${by} pushes another line: the approval is void.` : `Void: ${record.data.reason}.`;
    }
    case 'remediation.rejected':
      return `${record.data.by} rejects it: ${record.data.reason}.`;
    case 'remediation.finished':
      return record.data.ok
        ? `Those bytes ran, once, for ${(record.data.ms / 1000).toFixed(1)} s in a workspace of their own.`
        : `The script did not succeed: ${record.data.outcome}.`;
    case 'remediation.lost':
      return `Nobody knows what the script did: ${record.data.reason}.`;
    case 'recovery.confirmed':
      return `Vigil looks again: ${tries(record.data.samples, 'pass')}. It works.`;
    case 'recovery.refuted':
      if (record.data.worse) return 'Vigil looks again: what worked before fails now. It got worse.';
      return `Vigil looks again: ${tries(record.data.samples, 'fail')}. The fix did not help.`;
    case 'recovery.watched':
      return `Vigil looks again: ${record.data.verdict === 'improving' ? 'it improves' : 'it is not better yet'}. Time is left.`;
    case 'recovery.inconclusive':
      return `Vigil could not look again: ${record.data.reason}.`;
    case 'undo.finished':
      return record.data.snapshot === 'equal'
        ? 'The undo ran, and what the fix had changed is as it was before.'
        : `The undo ran (${record.data.outcome}), and things are not as they were before.`;
    case 'incident.escalated':
      return `Vigil asks people for help: ${record.data.reason}.`;
    default:
      return null;
  }
}

/** What is held for the cause, of all that a note says. */
function cause(text: string): string {
  return /Root cause[^:]*: ([^.]*)/.exec(text)?.[1] ?? text;
}

function tries(samples: readonly Sample[], outcome: 'pass' | 'fail'): string {
  const ones = samples.filter((sample) => sample.outcome === outcome).length;
  const checks = new Set(samples.map(({ check }) => check)).size;
  const word = checks === 1 && samples[0] ? `tries of "${samples[0].check}"` : 'checks';
  return `${ones} of ${samples.length} ${word} ${outcome === 'pass' ? 'pass' : 'fail'}`;
}

/** One line that no terminal breaks or is steered by. */
function onOneLine(text: string): string {
  const line = visible(text)
    .replace(/\s*\n\s*/g, ' ')
    .replace(/([.!?…])\.$/, '$1')
    .trimEnd();
  return line.length > COLUMNS ? `${line.slice(0, COLUMNS - 1)}…` : line;
}

function clock(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`.padStart(CLOCK - 1);
}

/** Text in lines of at most 80 columns. */
export function wrapped(text: string, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && `${indent}${line} ${word}`.length > COLUMNS) {
      lines.push(indent + line);
      line = '';
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, indent + line];
}

/** Where a story can be looked at, and how it is proven. */
export function places(links: {
  issue: string | undefined;
  pull: string | undefined;
  slack: string;
  shop: string;
  audit: string | null;
}): string[] {
  const rows = [
    ['Issue', links.issue ?? 'none was opened'],
    ['Pull request', links.pull ?? 'none was needed'],
    ['Slack', links.slack],
    ['Shop', links.shop],
  ] as const;
  return [
    ...rows.map(([name, url]) => `  ${name.padEnd(12)}  ${url}`),
    ...(links.audit === null ? [] : ['Prove it with git alone, in another terminal:', links.audit]),
  ];
}

/** Whose turn it is when nobody is played. */
export function yourTurn(pull: string, slack: string): string[] {
  return [
    'Your turn: choose riley or sam at the end of the pull request, and press',
    'Approve or Request changes. Slack has the same buttons.',
    `  ${pull}`,
    `  ${slack}`,
  ];
}
