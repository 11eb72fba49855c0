// What one run of a command says of the service: its exit code and its output, compared with what the check expects.
// Must never call a command red that could not run, nor one green whose output was not seen whole.
import { bodyFault } from './body.ts';
import type { CommandCheck } from './command-check.ts';
import type { CommandRun } from './commands/frames.ts';
import type { Said } from './monitor.ts';

const NUMBER = /^[+-]?(\d{1,20}(\.\d{1,20})?|\.\d{1,20})(e[+-]?\d{1,3})?$/i;
const MOST_QUOTED = 160;

/** `quote`: makes text of the output fit to be shown: redacted. */
export function judgeRun(
  { expect, timeout_s }: Pick<CommandCheck, 'expect' | 'timeout_s'>,
  { exit, late, out, err, lost }: CommandRun,
  quote: (text: string) => string,
): Said {
  if (late) return { fault: `did not end within ${timeout_s} s` };
  const wanted = [expect.exit].flat();
  if (exit > 125) return { nothing: `${unseen(exit)}${words(err, quote)}` };
  if (!wanted.includes(exit)) {
    const said = words(err.trim() === '' ? out : err, quote);
    return { fault: `ended with exit code ${exit}, expected ${wanted.join(' or ')}${said}` };
  }
  const { number, lines, text } = expect;
  if (lost > 0 && (number ?? lines ?? text))
    return { nothing: `it printed ${lost} bytes more than a look keeps: let it print less` };
  if (number !== undefined) {
    const said = out.trim();
    if (!NUMBER.test(said)) return { nothing: `it printed no number${words(out, quote)}` };
    const { below = Number.POSITIVE_INFINITY, above = Number.NEGATIVE_INFINITY } = number;
    const value = Number(said);
    if (!(value < below && value > above)) return { fault: `printed ${value}, expected ${boundsOf(number)}` };
  }
  if (lines !== undefined) {
    const all = out.split('\n').filter((line) => line.trim() !== '').length;
    const { at_least = 0, at_most = all } = lines;
    if (all < at_least) return { fault: `printed ${all} lines, expected ${at_least} at least` };
    if (all > at_most) return { fault: `printed ${all} lines, expected ${at_most} at most` };
  }
  if (text === undefined) return { fault: null };
  const missing = text.contains?.find((part) => !out.includes(part));
  if (missing !== undefined) return { fault: `the text ${JSON.stringify(missing)} is missing in the output` };
  return { fault: bodyFault(text, out, 'the output') };
}

const unseen = (exit: number): string =>
  exit > 127
    ? `signal ${exit - 128} ended it`
    : `the workspace has no such command, or may not run it (exit code ${exit})`;

/** Redacted before it is cut: half of a secret looks like none. */
function words(text: string, quote: (text: string) => string): string {
  const line = quote(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return line === '' ? '' : `: ${line.length > MOST_QUOTED ? `${line.slice(0, MOST_QUOTED)}…` : line}`;
}

const boundsOf = ({ below, above }: { below?: number | undefined; above?: number | undefined }): string =>
  [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ].join(' and ');
