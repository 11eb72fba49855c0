// Whether a bound command only reads, by the policy that judges every script. Must never be content with "perhaps": what the policy
// does not know, or would ask a person about, is refused.
import { judge } from '#core/policy/judge';
import type { Organisation } from '#core/policy/organisation';

/** What runs, byte for byte: also what is judged. */
export const scriptOf = (run: string): string => `set -euo pipefail\n${run}\n`;

/**
 * Why it may not run, or null. `parameters`: the inventory, which says which hosts may be asked. `organisation`: stricter rules of
 * vigil.yml, where the caller has them.
 */
export function whyNotReading(
  run: string,
  parameters: Readonly<Record<string, string>>,
  organisation?: Organisation,
): string | null {
  const { verdict, commands, findings } = judge(scriptOf(run), {
    kind: 'command',
    parameters,
    actions: [],
    ...(organisation ? { organisation } : {}),
  });
  const [first] = findings;
  if (first) return first.sentence;
  const other = commands.find(({ effect }) => effect !== 'read');
  if (other) return `${other.argv[0] ?? 'it'} does more than read.`;
  return verdict === 'allow' && commands.length > 0 ? null : 'The policy does not know that it only reads.';
}
