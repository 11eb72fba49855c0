// What `vigil verify` tells: lines for people, JSON Lines for programs. Must never print a word of a page that was not made one line,
// without control characters, and redacted before.

import type { Picture } from '#adapters/browser/checks/pictures';
import { visible } from '#core/text/untrusted';
import { enginesOf, lookedBy, whyWords } from '#core/verification/engines';
import type { Sample } from '#core/verification/plan';
import type { Progress } from '#core/verification/swarm-result';
import { type SwarmSeen, swarmWords } from '#core/verification/swarm-seen';
import type { Shell } from './command.ts';
import { count, paint } from './terminal.ts';
import type { Round, RuleWord } from './verify-look.ts';
import type { Planned } from './verify-plan.ts';

/** A look, its words redacted. `was`: what the check showed the last time, where that was something else. */
export type Look = Sample & {
  readonly kind: string;
  readonly round: number;
  readonly was: Sample['outcome'] | null;
};

const STYLE = { pass: 'green', fail: 'red', inconclusive: 'yellow' } as const;
const COLOURS = { passed: 'green', failed: 'red', inconclusive: 'yellow' } as const;

/** Names are aligned to the longest of the plan. */
export function lookText(look: Look, width: number, shell: Pick<Shell, 'colour'>): string {
  const { check, kind, outcome, ms, counts, was, swarm } = look;
  const parts = [
    paint(shell, STYLE[outcome], outcome.padEnd(12)),
    check.padEnd(width),
    lookedBy(look, kind).padEnd(23),
    `${ms} ms`.padStart(9),
  ];
  const burst = counts ? `  ${counts.failing} of ${counts.of} failed` : '';
  const changed = was === null ? '' : paint(shell, 'bold', `  changed: it was ${was}`);
  const told = [...whyWords(look), ...(swarm ? swarmLines(swarm) : [])]
    .map((line) => `${' '.repeat(16)}${line}\n`)
    .join('');
  return `  ${parts.join('  ')}${burst}${changed}\n${told}`;
}

const swarmLines = (swarm: SwarmSeen): string[] => [
  swarmWords(swarm),
  ...swarm.errors.map(({ reason, count }) => `${count} x ${reason}`),
];

/** Where a picture was put, for people and as a line of JSON. */
export const pictureText = ({ check, outcome }: Picture, at: string): string =>
  `${' '.repeat(16)}picture of ${check}, which ${outcome === 'pass' ? 'passed' : 'failed'}: ${visible(at)}\n`;
export const pictureLine = ({ file }: Planned, { check, at, outcome }: Picture, path: string): string =>
  `${JSON.stringify({ type: 'picture', file, check, at: new Date(at).toISOString(), outcome, path })}\n`;

/** How far a swarm is: `120 of 200 begun, 104 ended, 2 failing`. */
export function walkedText({ asked, begun, passed, failed, blind }: Progress): string {
  const saw = blind === 0 ? '' : `, ${blind} saw nothing`;
  return `${begun} of ${asked} sessions begun, ${passed + failed + blind} ended, ${failed} failing${saw}`;
}

/** `runbooks/shop.md: the rule red of shop, 2 checks`, and whose values were not the inventory's. */
export function headText(
  { file, service, plan }: Planned,
  rule: RuleWord,
  own: readonly string[],
  shell: Pick<Shell, 'colour'>,
): string {
  const how =
    rule === 'once' ? 'one look at each check' : `the rule ${rule}: ${ruleText(plan.symptom[rule])}`;
  const of = service === null ? 'of no service' : `of ${service}`;
  const given = own.length === 0 ? '' : `\n  ${own.join(', ')} from the command line, not from the inventory`;
  return `${paint(shell, 'bold', visible(file))} ${of}: ${how}${given}\n`;
}

const ruleText = ({ need, of, over_s }: { need: number; of: number; over_s: number }): string =>
  `${need} of ${of} looks over ${over_s} s`;

export const tallied = (looks: readonly Pick<Look, 'outcome'>[]) => ({
  passed: looks.filter(({ outcome }) => outcome === 'pass').length,
  failed: looks.filter(({ outcome }) => outcome === 'fail').length,
  inconclusive: looks.filter(({ outcome }) => outcome === 'inconclusive').length,
});

const WORDS: Readonly<Record<string, string>> = {
  red: 'red: the symptom is there',
  absent: 'absent: the symptom is not there',
  confirmed: 'green: it works',
  refuted: 'not green: it does not work',
  inconclusive: 'inconclusive',
};

/** The summary line of one file. */
export function endText(
  { result, verdict, reason, ms }: Round,
  looks: readonly Look[],
  shell: Pick<Shell, 'colour'>,
): string {
  const { passed, failed, inconclusive } = tallied(looks);
  const word = paint(shell, COLOURS[result], verdict === null ? result : (WORDS[verdict] ?? verdict));
  const numbers = `${passed} passed, ${failed} failed, ${inconclusive} inconclusive`;
  return `${word}${reason === null ? '' : ` (${reason})`}: ${count(looks.length, 'look')}, ${numbers}, in ${seconds(ms)}\n`;
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** One line of JSON for a look. */
export function lookLine({ file, service }: Planned, look: Look): string {
  const { check, kind, round, at, ms, outcome, engine, reason, overruled, counts, was, measured, swarm } =
    look;
  return `${JSON.stringify({
    ...{ type: 'look', file, service, round, check, kind, at: new Date(at).toISOString(), ms, outcome },
    ...{ engine, engines: enginesOf(look), reason, overruled, counts: counts ?? null, was },
    ...{ measured, swarm },
  })}\n`;
}

/** One line of JSON for all looks at one file. */
export function endLine(
  { file, service }: Planned,
  rule: RuleWord,
  round: number,
  { result, verdict, reason, ms }: Round,
  looks: readonly Look[],
  own: readonly string[],
): string {
  return `${JSON.stringify({
    ...{ type: 'result', file, service, round, rule, result, verdict, reason, ms },
    ...{ looks: looks.length, ...tallied(looks), set: own },
  })}\n`;
}
