// Says which secrets a plan names that vigil.yml does not list, and which would never be typed or sent where the plan looks.
// Must never know a value: they are secrets of an environment.
import type { Settings } from '#core/settings';
import { type BoundPlan, placesOf } from '#core/verification/plan';
import { secretsIn } from '#core/verification/secrets';
import type { Problem, Say } from './problem.ts';

export function checkSecrets(
  plan: BoundPlan,
  { check_secrets: listed }: Settings,
  lineOf: (path: readonly string[]) => number,
  say: Say,
): Problem[] {
  return plan.checks.flatMap((check, index) => {
    const line = lineOf(['checks', String(index)]);
    const origins = placesOf(check).flatMap((address) => URL.parse(address)?.origin ?? []);
    return secretsIn(check).flatMap((name): Problem[] => {
      const own = Object.hasOwn(listed, name) ? listed[name]?.origins : undefined;
      if (own === undefined)
        return [
          say(
            line,
            `${check.id} names the secret ${name}, which vigil.yml does not list, so that it is never looked at`,
            `Write check_secrets: { ${name}: { origins: [${origins[0] ?? 'https://…'}] } }`,
          ),
        ];
      // A journey may begin elsewhere, and sign in there; a request goes to one place.
      const missing = origins.filter((origin) => !own.includes(origin));
      const never =
        check.kind === 'http' ? missing[0] : missing.length === origins.length ? origins[0] : undefined;
      return never === undefined
        ? []
        : [
            say(
              line,
              `${check.id} names the secret ${name}, which is not for ${never}, so that it is never looked at`,
              `Add ${never} to check_secrets.${name}.origins in vigil.yml, if the secret is for it`,
            ),
          ];
    });
  });
}
