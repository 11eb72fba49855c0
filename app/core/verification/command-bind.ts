// Puts the inventory's values into the commands of a plan, and refuses a plan with one that does more than read.
// Must never leave a command in a bound plan that the policy has not judged with the very values it will run with.
import type { Check } from './checks.ts';
import { whyNotReading } from './commands/reads.ts';
import { withLiterals } from './commands/shape.ts';

/** A command with the inventory's values, or the names that have none. */
export const boundTo = (
  run: string,
  parameters: Readonly<Record<string, string>>,
): ReturnType<typeof withLiterals> =>
  withLiterals(run, (name) => (Object.hasOwn(parameters, name) ? parameters[name] : undefined));

/** The command of a check with its values, as a part of the check; as it is written while a value is missing. */
export function commandOf(
  check: Check,
  parameters: Readonly<Record<string, string>>,
): { readonly run?: string } {
  if (check.kind !== 'command') return {};
  const bound = boundTo(check.run, parameters);
  return { run: 'run' in bound ? bound.run : check.run };
}

/** What stands behind the name of a check that is refused. */
export const ONLY_READS = ' may only read: ';

/** Why a bound plan may not run, or null. */
export function commandFault(
  checks: readonly Check[],
  parameters: Readonly<Record<string, string>>,
): string | null {
  for (const check of checks) {
    const why = check.kind === 'command' ? whyNotReading(check.run, parameters) : null;
    if (why !== null) return `${check.id}${ONLY_READS}${why}`;
  }
  return null;
}
