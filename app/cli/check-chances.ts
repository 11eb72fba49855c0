// Says of a rule that counts looks how seldom it sees a partial outage. Must never fail a check for it: what is up or down as a
// whole needs no more.
import { type Check, rateOf } from '#core/verification/checks';
import type { VerifyPlan } from '#core/verification/plan';
import { chancesOf } from '#core/verification/rates/chances';
import { namedIn } from '#core/verification/symptom';
import type { Problem, Say } from './problem.ts';

const PARTIAL = 0.1; // a tenth: most outages are partial, and many are smaller than this

/** One note for a plan whose symptom has a check of one request a look. `line` is where the symptom stands. */
export function checkChances(plan: VerifyPlan, line: number, say: Say): Problem[] {
  const symptom = namedIn({ all: plan.symptom.checks });
  const whole = plan.checks.filter((check) => symptom.includes(check.id) && isOneRequest(check));
  const [first] = whole;
  if (first === undefined) return [];
  const { red, green } = plan.symptom;
  const { unseen, recovered } = chancesOf(plan.symptom, PARTIAL);
  const names = whole.map(({ id }) => id).join(', ');
  const rule = `${red.need} of ${red.of} looks at ${names} see nothing in ${chance(unseen)}`;
  const after = `${green.need} of ${green.of} call that recovered in ${chance(recovered)}`;
  const cure =
    first.kind === 'http'
      ? 'Count instead, as `expect: { failing: <= 1 %, of: 200 }`, unless it is up or down as a whole'
      : first.kind === 'page'
        ? 'Count sessions instead, as `expect: { failing: <= 10 %, of: 20 }`, unless it is up or down as a whole'
        : 'Add an http check that counts, unless it is up or down as a whole'; // counted, a journey would order many times
  return [say(line, `at ${PARTIAL * 100} % failing, ${rule}, and ${after}`, cure, 'note')];
}

// Several loads are no single request, and a certificate does not end for a tenth of all.
const isOneRequest = (check: Check): boolean =>
  rateOf(check) === null &&
  check.kind !== 'performance' &&
  check.kind !== 'swarm' &&
  !(check.kind === 'http' && check.expect.tls_days_left !== undefined);

/** Whole percents, but never 0 % or 100 % for what is only close to it. */
function chance(share: number): string {
  if (share > 0 && share < 0.01) return 'less than 1 %';
  if (share < 1 && share > 0.99) return 'more than 99 %';
  return `${Math.round(share * 100)} %`;
}
