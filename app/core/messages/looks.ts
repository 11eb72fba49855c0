// What was seen, before the run and after it, and by whose eyes: one line of a log, one table, and what a page said at two moments.
// Must never say that a service is well or not: that is the verdict's, and stands elsewhere.
import { MOST_WORDS, type PageWords } from '#core/ledger/page-words';
import { type Incident, latestOf } from '#core/ledger/replay';
import { blindWords, eyesIn, lookedBy, tornWords, whyWords } from '#core/verification/engines';
import { measuredWords } from '#core/verification/performance';
import type { Sample } from '#core/verification/plan';
import { sum } from '#core/verification/rates/sequential';
import { swarmWords } from '#core/verification/swarm-seen';
import { code, fencedUpTo, told } from './outside.ts';
import { pictureLines } from './pictures.ts';

const MOST_ROWS = 20;
const MOST_TORN = 5;

/** One look in a job's log. `clean` takes what is secret out of what a page or an engine said. */
export function lookLine(sample: Sample, clean: (text: string) => string): string {
  const { check, outcome, ms, counts, measured, swarm } = sample;
  const burst = counts ? `, ${counts.failing} of ${counts.of} failed` : '';
  const loads = measured ? `, ${measuredWords(measured)}` : '';
  const walked = swarm ? `, ${swarmWords(swarm)}` : '';
  const why = whyWords(sample).join('; ');
  return `${check} ${outcome} (${lookedBy(sample)}, ${ms} ms${burst}${loads}${walked})${why ? `: ${clean(why)}` : ''}`;
}

/** A table of every check, before the run and after it, and under it where the engines did not agree. Empty: nothing was looked at. */
export function beforeAfter(before: readonly Sample[], after: readonly Sample[]): string[] {
  const checks = [...new Set([...before, ...after].map(({ check }) => check))];
  if (checks.length === 0) return [];
  const of = (samples: readonly Sample[], check: string) =>
    cell(samples.filter((one) => one.check === check));
  const more = checks.length - MOST_ROWS;
  return [
    '| check | before the run | after it |',
    '| --- | --- | --- |',
    ...checks
      .slice(0, MOST_ROWS)
      .map((check) => `| ${code(check)} | ${of(before, check)} | ${of(after, check)} |`),
    ...(more > 0 ? [`| and ${more} more | | |`] : []),
    ...tornLines(before, after),
  ];
}

function cell(samples: readonly Sample[]): string {
  if (samples.length === 0) return 'not looked at';
  const times = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  const eyes = eyesIn(samples);
  const counts = samples.flatMap((one) => one.counts ?? []);
  const { failing, of } = sum(counts);
  return [
    ...(['pass', 'fail', 'inconclusive'] as const).flatMap((outcome) => {
      const some = samples.filter((one) => one.outcome === outcome).length;
      return some === 0 ? [] : [`${RESULT[outcome]} ${some} of ${samples.length}`];
    }),
    ...(counts.length > 0 ? [`${failing} of ${of} failed`] : []),
    ...samples.flatMap(({ swarm }) => (swarm ? [swarmWords(swarm)] : [])),
    `${times.length > 1 ? 'median ' : ''}${times[Math.floor((times.length - 1) / 2)]} ms`,
    ...(eyes === null ? [] : [eyes]),
  ].join(', ');
}

const RESULT = { pass: 'passed', fail: 'failed', inconclusive: 'saw nothing' } as const;

function tornLines(before: readonly Sample[], after: readonly Sample[]): string[] {
  const lines = tornIn([
    { samples: before, when: 'before the run' },
    { samples: after, when: 'after it' },
  ]);
  return lines.length === 0 ? [] : ['', ...lines];
}

/** Where the engines did not say the same: each pair of answers once, with their reasons; and why one of them had none, once for all. */
export function tornIn(seen: readonly { samples: readonly Sample[]; when: string }[]): string[] {
  const lines = seen.flatMap(({ samples, when }) =>
    samples.flatMap((sample) => {
      const words = tornWords(sample);
      return words === null ? [] : [`- ${code(sample.check)}, ${when}: ${told(words, 400)}`];
    }),
  );
  return [...fewOf(lines), ...fewOf(blindIn(seen.flatMap(({ samples }) => samples)))];
}

function blindIn(samples: readonly Sample[]): string[] {
  const checks = new Map<string, Set<string>>();
  for (const sample of samples) {
    const words = blindWords(sample);
    if (words !== null) checks.set(words, (checks.get(words) ?? new Set()).add(sample.check));
  }
  return [...checks].map(([words, of]) => {
    const more = of.size > MOST_TORN ? ` and ${of.size - MOST_TORN} more` : '';
    return `- ${[...of].slice(0, MOST_TORN).map(code).join(', ')}${more}: ${told(words, 400)}`;
  });
}

function fewOf(lines: readonly string[]): string[] {
  const once = [...new Set(lines)];
  const rest = once.length - MOST_TORN;
  return [...once.slice(0, MOST_TORN), ...(rest > 0 ? [`- and ${rest} more`] : [])];
}

/** A verification's own page: how it ended, and the table. */
export function summaryOf(
  { verdict, reason, samples }: { verdict: string; reason: string; samples: readonly Sample[] },
  before: readonly Sample[],
): string {
  return [`**${verdict}** ${told(reason, 500)}`, '', ...beforeAfter(before, samples), ''].join('\n');
}

/** The same of an incident, when a verification of this attempt has ended; before that, nothing. */
export function looksOf(incident: Incident): string[] {
  const ended =
    latestOf(incident, 'recovery.confirmed') ??
    latestOf(incident, 'recovery.refuted') ??
    latestOf(incident, 'recovery.inconclusive');
  if (!ended) return [];
  const started = latestOf(incident, 'remediation.started');
  const table = beforeAfter(started?.samples ?? [], ended.samples);
  const red = started?.pages?.find(({ outcome }) => outcome === 'fail');
  const green = ended.pages?.find(({ outcome }) => outcome === 'pass');
  return [
    ...(table.length > 0 ? [...table, ''] : []),
    ...(red ? saidLines('the first look that failed', red) : []),
    ...(green ? saidLines('the last look that passed', green) : []),
    ...pictureLines(latestOf(incident, 'remediation.rehearsed')?.pictures),
    ...pictureLines(ended.pictures),
  ];
}

/** What the page said, folded. It was redacted when it was seen. */
function saidLines(when: string, { check, at, text }: PageWords): string[] {
  const time = new Date(at).toISOString().slice(11, 19);
  return [
    `<details><summary>What the page said at ${when}: ${check}, ${time} UTC</summary>`,
    '',
    fencedUpTo(text, 'text', MOST_WORDS, (rest) => `${rest} more characters were left out.`),
    '',
    '</details>',
    '',
  ];
}
