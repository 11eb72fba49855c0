// Two engines look at what users see: Lightpanda first, Chromium after it. Whose word counts?
// Must never let what Lightpanda alone saw count: it has no layout and enforces no content policy, and a pass of it tells nothing of that.

import { cut } from '#core/text/cut';
import type { Sample } from './plan.ts';

/** What one check showed, on the engine that has the last word. */
export type Sighting = Pick<Sample, 'engine' | 'outcome' | 'reason' | 'overruled' | 'agreed'>;
/** What one engine saw. */
export type Seen = Pick<Sample, 'engine' | 'outcome' | 'reason'>;

const NAMES = {
  ...{ http: 'HTTP', workspace: 'Workspace' },
  ...{ lightpanda: 'Lightpanda', chromium: 'Chromium' },
} as const;
/** Whose eyes saw it, as people read it everywhere. Lightpanda's word alone counts only where the installation wants it. */
const EYES = {
  both: 'Lightpanda and Chromium',
  chromium: 'Chromium alone',
  lightpanda: 'Lightpanda alone (accepted by vigil.yml)',
} as const;

/**
 * Chromium decides, because users have such a browser. What Lightpanda saw is kept where it was something else, or nothing. When
 * Chromium saw nothing, nothing was seen. Null: that engine is not set up here. Where there is no Chromium, Lightpanda's word counts only if
 * the installation `accepts` that.
 */
export function settleEngines(lightpanda: Seen | null, chromium: Seen | null, accepts = false): Sighting {
  if (chromium === null) {
    if (lightpanda === null)
      return { engine: 'chromium', outcome: 'inconclusive', reason: 'there is no browser', overruled: null };
    if (accepts || lightpanda.outcome === 'inconclusive') return { ...lightpanda, overruled: null };
    return {
      ...lightpanda,
      outcome: 'inconclusive',
      reason: cut(aloneReason(lightpanda), 300),
      overruled: null,
    };
  }
  if (lightpanda === null) return { ...chromium, overruled: null };
  if (chromium.outcome === 'inconclusive' && lightpanda.outcome !== 'pass')
    return {
      ...chromium,
      reason: cut(`lightpanda: ${lightpanda.reason}; chromium: ${chromium.reason}`, 300),
      overruled: null,
    };
  if (chromium.outcome === lightpanda.outcome) return { ...chromium, overruled: null, agreed: 'lightpanda' };
  return { ...chromium, overruled: lightpanda };
}

const aloneReason = ({ outcome, reason }: Seen): string =>
  `seen by Lightpanda alone, where it ${outcome === 'pass' ? 'passed' : `failed: ${reason}`}`;

type Saw = keyof typeof EYES;

export const isBrowser = (engine: Sample['engine']): engine is 'lightpanda' | 'chromium' =>
  engine === 'lightpanda' || engine === 'chromium';

/** Who saw what a sample says. Null: no browser was needed, or nothing was seen. What Lightpanda could not judge, Chromium saw alone. */
export function sawIt({ outcome, engine, agreed, overruled }: Sighting): Saw | null {
  if (outcome === 'inconclusive' || !isBrowser(engine)) return null;
  return agreed || (overruled && overruled.outcome !== 'inconclusive') ? 'both' : engine;
}

/** `Lightpanda and Chromium`, or who looked alone. Where it was not the same at every look, how many each saw. Null: no browser saw it. */
export function eyesIn(samples: readonly Sighting[]): string | null {
  const saw = samples.flatMap((one) => sawIt(one) ?? []);
  const [first] = saw;
  if (first === undefined) return null;
  if (saw.every((one) => one === first)) return EYES[first];
  const count = (who: Saw) => saw.filter((one) => one === who).length;
  return (['both', 'chromium', 'lightpanda'] as const)
    .flatMap((who) => (count(who) === 0 ? [] : [`${EYES[who]} (${count(who)})`]))
    .join(', ');
}

/** Whose eyes one look had, in a line of its own. Where nothing was seen: who would have seen it. */
export function lookedBy(sample: Sighting, kind?: string): string {
  return kind === 'monitor' ? 'Datadog' : (eyesIn([sample]) ?? NAMES[sample.engine]);
}

/** Those whose eyes they were, Lightpanda first, since it looks first; the one that decides, whatever it saw. */
export const enginesOf = (sample: Sighting): Sample['engine'][] =>
  sawIt(sample) === 'both' ? ['lightpanda', 'chromium'] : [sample.engine];

/** The same as a part of a sentence: `seen by Lightpanda and Chromium`. */
export function eyesOf(samples: readonly Sample[]): string | null {
  const eyes = eyesIn(samples);
  return eyes === null ? null : `seen by ${eyes}`;
}

/** Where the engines did not agree on a sample: both results, with their reasons. Null: they did, or only one of them has an answer. */
export function tornWords({ engine, outcome, reason, overruled }: Sighting): string | null {
  if (overruled === null || overruled.outcome === 'inconclusive' || !isBrowser(engine)) return null;
  return `${NAMES[engine]} ${result(outcome, reason)}; ${NAMES[overruled.engine]} ${result(overruled.outcome, overruled.reason)}`;
}

/** Why the other engine, which looked too, has no answer. Null: it has one, or it did not look. */
export function blindWords({ overruled }: Sighting): string | null {
  if (overruled?.outcome !== 'inconclusive') return null;
  const reason = overruled.reason ?? 'no reason was given';
  const unjudged = /^Lightpanda cannot judge this: (.*)$/s.exec(reason)?.[1];
  const name = NAMES[overruled.engine];
  return unjudged === undefined
    ? `${name} saw nothing: ${reason}`
    : `${name} could not judge it: ${unjudged}`;
}

/** All that is told of why a look saw what it saw, a part for each sentence: what each engine saw where they differ, and who could not. */
export const whyWords = (sample: Sighting): string[] =>
  [tornWords(sample) ?? sample.reason, blindWords(sample)].filter((one) => one !== null);

const result = (outcome: Sample['outcome'], reason: string | null): string => {
  const words = { pass: 'passed', fail: 'failed', inconclusive: 'saw nothing' }[outcome];
  return reason === null ? words : `${words} (${reason})`;
};
