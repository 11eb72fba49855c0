// What the policy says of the commands of a plan, with the values they would run with and the organisation's own rules. Must never take
// what is not known to read for reading: nobody can approve it.
import type { Judged } from '#core/ledger/facts';
import type { Organisation } from '#core/policy/organisation';
import { cut } from '#core/text/cut';
import { commandOf } from '#core/verification/command-bind';
import { whyNotReading } from '#core/verification/commands/reads';
import type { VerifyPlan } from '#core/verification/plan';

/** A command whose value is missing does not bind, and is told there. */
export function commandFindings(
  { checks }: Pick<VerifyPlan, 'checks'>,
  parameters: Readonly<Record<string, string>>,
  organisation: Organisation,
): Judged['findings'] {
  return checks.flatMap((check) => {
    const { run } = commandOf(check, parameters);
    const why = run === undefined ? null : whyNotReading(run, parameters, organisation);
    if (why === null) return [];
    return [
      { file: 'verify.yml', line: 1, code: 'not-read-only', sentence: cut(`${check.id}: ${why}`, 500) },
    ];
  });
}
