// What `vigil check` says of the commands of a plan: that there is a place for them, and that the organisation's own rules take them.
// Must never judge by other code than the desk uses.
import { commandFindings } from '#core/gate/command-findings';
import { namesTime } from '#core/policy/organisation';
import type { Service, Settings } from '#core/settings';
import type { VerifyPlan } from '#core/verification/plan';
import type { Problem, Say } from './problem.ts';

/** At the line of each command. A plan that does not bind is told elsewhere. */
export function checkCommands(
  plan: VerifyPlan,
  services: readonly Service[],
  settings: Pick<Settings, 'policy' | 'workspace'>,
  lineOf: (path: readonly string[]) => number,
  say: Say,
): Problem[] {
  return plan.checks.flatMap((check, at) => {
    if (check.kind !== 'command') return [];
    const line = lineOf(['checks', String(at), 'run']);
    const homeless = say(
      line,
      `${check.id} is a command, and vigil.yml names no place where it may run`,
      'Add workspace.measure_template, a template that can only read: docs/integrations/coder.md',
    );
    const refused = services.flatMap((service) =>
      commandFindings({ checks: [check] }, service.parameters, {
        // A file is not wrong because of the day on which it is looked at.
        rules: settings.policy.rules.filter((rule) => !namesTime(rule)),
        service: service.name,
        now: new Date(),
        changes: [],
      }).flatMap(({ code, sentence }) =>
        code === 'unbound'
          ? []
          : say(
              line,
              `the policy refuses this: ${sentence}`,
              'Write it in another way; nobody can approve it',
            ),
      ),
    );
    return [...(settings.workspace.measure_template ? [] : [homeless]), ...refused];
  });
}
