// What a swarm says of a check: pass, fail, or nothing, with the counts for the rate.
// Must never make a verdict of load alone, nor of what Chromium saw otherwise or did not see at all.
import { boundOf, percent } from './rates/bound.ts';
import type { Counts } from './rates/sequential.ts';
import type { SwarmExpectation } from './swarm.ts';
import type { SwarmResult, Witness } from './swarm-result.ts';

export type SwarmSaid = {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  readonly reason: string | null;
  readonly counts?: Counts;
};
const nothing = (reason: string): SwarmSaid => ({ outcome: 'inconclusive', reason });

/** `alone`: the installation lets Lightpanda's word count where there is no Chromium. */
export function judgeSwarm(result: SwarmResult, expect: SwarmExpectation, alone = false): SwarmSaid {
  const { proof, passed, failed, blind, begun, times, engine, witnesses, ended } = result;
  if (!proof) return nothing('load alone, by a client that proves nothing');
  if (ended === 'stopped' || ended === 'no login') return nothing(result.why);
  const told = passed + failed;
  if (told * 2 < begun || told === 0)
    return nothing(`${blind} of ${begun} sessions saw nothing: ${result.errors[0]?.example ?? 'none began'}`);
  const counts = { failing: failed, of: told };
  const disagreed = disagreement(witnesses);
  if (disagreed !== null) return disagreed;
  if (engine === 'lightpanda' && !alone && !isWitnessed(result)) return nothing(unwitnessed(result));
  const bound = boundOf(expect.failing) ?? 0;
  if (ended === 'failing') return { outcome: 'fail', reason: result.why, counts };
  if (failed > bound * told)
    return {
      outcome: 'fail',
      reason: `${failed} of ${told} sessions failed (${percent(failed / told)}), one: ${example(result)}`,
      counts,
    };
  if (ended === 'late') return nothing(result.why);
  if (expect.p95_ms !== undefined && (times?.p95 ?? 0) > expect.p95_ms)
    return {
      outcome: 'fail',
      reason: `95 of 100 sessions took up to ${times?.p95} ms, expected ${expect.p95_ms} ms`,
      counts,
    };
  return { outcome: 'pass', reason: null, counts };
}

const told = ({ chromium }: Witness): boolean => chromium.outcome !== 'inconclusive';

/** Chromium must have seen the first and one more, or the only one. */
const isWitnessed = ({ witnesses, begun }: SwarmResult): boolean =>
  witnesses.filter(told).length >= Math.min(2, begun);

const unwitnessed = ({ witnesses }: SwarmResult): string =>
  `seen by Lightpanda alone${witnesses[0] ? `: Chromium ${witnesses[0].chromium.reason}` : ''}`;

// Where users see a failure that Lightpanda does not see, its passes tell nothing. Every witness says so: the site fails. Only some
// do: it fails now and then, and nobody counted how often. What Lightpanda alone sees failing may be its own fault.
function disagreement(witnesses: readonly Witness[]): SwarmSaid | null {
  const all = witnesses.filter((one) => told(one) && one.lightpanda.outcome !== 'inconclusive');
  const apart = all.filter(({ lightpanda, chromium }) => lightpanda.outcome !== chromium.outcome);
  const [first] = apart;
  if (first === undefined) return null;
  const both = `session ${first.session} ${said(first.lightpanda)} on Lightpanda and ${said(first.chromium)} on Chromium`;
  const reason = `${apart.length} of ${all.length} witnesses disagree: ${both}`;
  const outcome = all.every(({ chromium }) => chromium.outcome === 'fail') ? 'fail' : 'inconclusive';
  return { outcome, reason };
}

const said = ({ outcome, reason }: Witness['chromium']): string =>
  outcome === 'pass' ? 'passed' : `failed (${reason})`;

const example = ({ walked }: SwarmResult): string | null =>
  walked.find(({ outcome }) => outcome === 'fail')?.reason ?? null;
