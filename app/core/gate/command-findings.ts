// What the policy says of the commands of a plan, with the values they would run with and the organisation's own rules. Must never take
// what is not known to read for reading: nobody can approve it.
import type { Judged } from '#core/ledger/facts';
import type { Organisation } from '#core/policy/organisation';
import { cut } from '#core/text/cut';
import { boundTo } from '#core/verification/command-bind';
import { whyNotReading } from '#core/verification/commands/reads';
import type { VerifyPlan } from '#core/verification/plan';

/** `unbound`: a value is missing, so that nobody knows what would run. */
export function commandFindings(
  { checks }: Pick<VerifyPlan, 'checks'>,
  parameters: Readonly<Record<string, string>>,
  organisation: Organisation,
): Judged['findings'] {
  return checks.flatMap((check) => {
    if (check.kind !== 'command') return [];
    const said = (code: string, why: string): Judged['findings'] => [
      { file: 'verify.yml', line: 1, code, sentence: cut(`${check.id}: ${why}`, 500) },
    ];
    const bound = boundTo(check.run, parameters);
    if ('unknown' in bound) return said('unbound', `the inventory has no ${bound.unknown.join(', ')}.`);
    const why = whyNotReading(bound.run, parameters, organisation);
    return why === null ? [] : said('not-read-only', why);
  });
}
