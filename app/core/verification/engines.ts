// Two engines look at what users see: Lightpanda first, Chromium after it. Whose word counts?
// Must never let what Lightpanda alone saw count: it has no layout and enforces no content policy, and a pass of it tells nothing of that.

import { cut } from '#core/text/cut';
import type { Sample } from './plan.ts';

/** What one check showed, on the engine that has the last word. */
export type Sighting = Pick<Sample, 'engine' | 'outcome' | 'reason' | 'overruled' | 'agreed'>;
/** What one engine saw. */
export type Seen = Pick<Sample, 'engine' | 'outcome' | 'reason'>;

/** What people read where only one engine looked. */
export const ALONE = {
  lightpanda: 'seen by Lightpanda alone',
  chromium: 'seen by Chromium alone',
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
  `${ALONE.lightpanda}, where it ${outcome === 'pass' ? 'passed' : `failed: ${reason}`}`;

/** Said where every look of a check was one engine's alone. Null: two looked, or no browser was needed. */
export function eyesOf(samples: readonly Sample[]): string | null {
  const saw = samples.filter(({ outcome }) => outcome !== 'inconclusive');
  const [first] = saw;
  if (first === undefined || first.engine === 'http') return null;
  const { engine } = first;
  return saw.every((one) => one.engine === engine && !one.agreed && one.overruled === null)
    ? ALONE[engine]
    : null;
}
