// What `vigil run` says: the verdict with its reasons, what would happen, and what came of it. Must never let a script's own bytes
// steer the terminal.
import type { Ran } from '#adapters/workspace/port';
import { visible } from '#core/text/untrusted';
import type { ExitCode, Shell } from './command.ts';
import type { Place } from './run-place.ts';
import type { JudgedScript } from './run-script.ts';
import { paint } from './terminal.ts';

const colours = { allow: 'green', review: 'yellow', refuse: 'red' } as const;
type Painting = Pick<Shell, 'colour'>;

export function verdictText(file: string, judged: JudgedScript, painting: Painting): string {
  const { verdict, risk, effects, findings, parameters, costs } = judged;
  return [
    ...findings.map(
      ({ file: at, line, code, sentence }) => `${visible(at)}:${line}: ${code}: ${visible(sentence)}`,
    ),
    `${visible(file)}: ${paint(painting, colours[verdict], verdict)}, risk ${risk}`,
    ...effects.map(({ kind, target }) => `  ${kind} ${visible(target ?? '')}`.trimEnd()),
    ...costs.map((sentence) => `  ${visible(sentence)}`),
    ...Object.entries(parameters).map(([name, value]) => `  ${name}=${visible(value)}`),
    '',
  ].join('\n');
}

/** Where it would run, and what is not held back there: to be read before a yes. */
export const placeText = (
  { sentence, limits }: Pick<Place, 'sentence' | 'limits'>,
  seconds: number,
): string =>
  [`It would run ${sentence}; for ${seconds} s at most.`, ...limits.map((limit) => `  ${limit}`), ''].join(
    '\n',
  );

export const refusedText = (judged: JudgedScript): string =>
  judged.service === null
    ? 'The policy refuses it, so it does not run. Without --service the inventory is empty, and nothing may be changed.\n'
    : 'The policy refuses it, so it does not run.\n';

/** The exit code of `vigil run`, and the sentence to it. */
export function ending(ran: Ran, painting: Painting): { code: number; text: string } {
  if (!ran.known)
    return {
      code: 125,
      text: `${paint(painting, 'red', 'unknown')}: ${visible(ran.reason)}. It may have run.\n`,
    };
  const took = `after ${(ran.ms / 1000).toFixed(1)} s`;
  switch (ran.outcome) {
    case 'succeeded':
      return { code: 0, text: `${paint(painting, 'green', 'succeeded')} ${took}\n` };
    case 'failed':
      return {
        code: ran.exit ?? 1,
        text: `${paint(painting, 'red', 'failed')} with ${ran.exit ?? 'no exit code'} ${took}\n`,
      };
    case 'timed_out':
      return { code: 124, text: `${paint(painting, 'red', 'timed out')} ${took}\n` };
    default:
      return { code: 2, text: `${paint(painting, 'red', 'not run')}: ${visible(ran.output)}\n` };
  }
}

/** Of `--dry-run`, as of `vigil policy`. */
export const dryCodes = { allow: 0, review: 1, refuse: 2 } as const satisfies Record<
  JudgedScript['verdict'],
  ExitCode
>;
