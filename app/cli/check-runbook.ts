// Checks the text of one runbook: front matter, blocks, verify plan, and all that needs the inventory.
// Must never read a runbook by other code than the desk uses, because the two would disagree.
import { parseRunbook } from '#adapters/git/source';
import { yamlLines } from '#adapters/yaml-lines';
import { misfit } from '#core/catalogue/catalogue';
import { planMisfits } from '#core/incident/limits';
import { type Fence, FrontMatter, type Runbook, splitRunbook } from '#core/knowledge/runbook';
import type { Service, Settings } from '#core/settings';
import { ENDLESS, hasEnd } from '#core/text/endless';
import { ONLY_READS } from '#core/verification/command-bind';
import { bind, VerifyPlan } from '#core/verification/plan';
import { checkChances } from './check-chances.ts';
import { checkCommands } from './check-commands.ts';
import { bound, checkScripts, type Remediation } from './check-scripts.ts';
import { checkSecrets } from './check-secrets.ts';
import { readYaml } from './check-settings.ts';
import { checkSight } from './check-sight.ts';
import { type Problem, problemsOf, type Say } from './problem.ts';

export type CheckedRunbook = { id: string | null; problems: Problem[] };

/** `settings` is null when vigil.yml is broken. Then only the runbook itself is checked. */
export function checkRunbook(text: string, file: string, settings: Settings | null): CheckedRunbook {
  const say: Say = (line, cause, cure, level = 'problem') => ({ file, line, level, cause, cure });
  const split = splitRunbook(text);
  if (!split.ok)
    return { id: null, problems: [say(split.line, split.reason, 'Compare it with a runbook that passes')] };
  const front = checkYaml(split.frontMatter, file, 1, FrontMatter);
  const verify = split.fences.find((fence) => fence.info === 'yaml verify');
  const plan = verify ? checkYaml(verify.text, file, verify.line - 1, VerifyPlan) : [];
  const problems = [...front, ...plan];
  const parsed = parseRunbook(text, file);
  if (!parsed.ok) {
    const { line, reason } = parsed.problem;
    return {
      id: null,
      problems: problems.length > 0 ? problems : [say(line, reason, 'Compare it with a runbook that passes')],
    };
  }
  const runbook = parsed.value;
  const lineOf = (path: readonly string[]): number => 1 + yamlLines(split.frontMatter)(path);
  const foreign = runbook.remediation ? null : split.fences.find(({ info }) => /^(bash|yaml) \w+/.test(info));
  if (foreign)
    problems.push(
      say(
        foreign.line - 1,
        `the block \`${foreign.info}\` is never used, since the front matter has no remediation`,
        'Add `remediation:` with kind, risk and parameters, or make it a plain code block',
        'warning',
      ),
    );
  if (settings) problems.push(...checkAgainst(runbook, settings, split.fences, lineOf, say));
  return { id: runbook.id, problems };
}

/** Checks that need the inventory: whether the service is there, its parameters, the policy, the plan's addresses. */
function checkAgainst(
  runbook: Runbook,
  settings: Settings,
  fences: readonly Fence[],
  lineOf: (path: readonly string[]) => number,
  say: Say,
): Problem[] {
  const services = Object.entries(settings.services).filter(([, { name }]) => name === runbook.service);
  if (services.length === 0)
    return [
      say(
        lineOf(['service']),
        `no service of vigil.yml is called ${runbook.service}, so this runbook never matches`,
        'Correct the name, or add the service',
        runbook.remediation ? 'problem' : 'warning',
      ),
    ];
  const { remediation } = runbook;
  if (!remediation) return [];
  const written = fences.find(({ info }) => info === 'yaml verify');
  const planLine = (path: readonly string[]): number =>
    written ? written.line - 1 + yamlLines(written.text)(path) : 1;
  const late = planMisfits(remediation.plan, settings).map(({ path, cause, cure }) =>
    say(planLine(path), cause, cure),
  );
  const unseen = checkChances(remediation.plan, planLine(['symptom']), say);
  const [sight = []] = services.flatMap(([, { parameters }]) => {
    const plan = bind(remediation.plan, parameters);
    if (!plan.ok) return [];
    return [
      [
        ...checkSecrets(plan.plan, settings, planLine, say),
        ...checkSight(plan.plan, { ...runbook, parameters }, planLine, say),
      ],
    ];
  });
  const fitting = services.flatMap(([id, service]) => {
    const missing = remediation.parameters.filter((name) => service.parameters[name] === undefined);
    if (missing.length > 0)
      return missing.map((name) =>
        say(
          lineOf(['remediation', 'parameters']),
          `${id} has no parameter ${name}`,
          `Add it under services.${id}.parameters in vigil.yml, or correct the name`,
        ),
      );
    const odd = remediation.named && misfit(remediation.named, service.parameters);
    if (odd)
      return [
        say(
          lineOf(['remediation', 'fix']),
          `of ${id}, ${odd}`,
          'Correct the value in vigil.yml, or the name',
        ),
      ];
    return [
      ...checkPlan(remediation, service, fences, say),
      ...checkScripts(runbook, remediation, service, settings, fences, lineOf, say),
    ];
  });
  const commands = checkCommands(
    remediation.plan,
    services.map(([, service]) => service),
    settings,
    planLine,
    say,
  );
  return [...late, ...unseen, ...sight, ...commands, ...fitting];
}

function checkPlan(
  remediation: Remediation,
  service: Service,
  fences: readonly Fence[],
  say: Say,
): Problem[] {
  const plan = bind(remediation.plan, bound(remediation, service));
  // What does more than read is told at its own line.
  if (plan.ok || plan.reason.includes(ONLY_READS)) return [];
  const fence = fences.find(({ info }) => info === 'yaml verify');
  const named = /no ([A-Z][A-Z0-9_]*)/.exec(plan.reason)?.[1];
  const row = remediation.verify.split('\n').findIndex((line) => named && line.includes(`{${named}}`));
  return [
    say(
      (fence?.line ?? 1) + Math.max(0, row),
      `the verify plan does not bind: ${plan.reason}`,
      'Name the parameter in remediation.parameters, and give it in vigil.yml',
    ),
  ];
}

function checkYaml(
  text: string,
  file: string,
  before: number,
  schema: typeof FrontMatter | typeof VerifyPlan,
): Problem[] {
  const raw = readYaml(text, file, before);
  if (!raw.ok) return [raw.problem];
  if (!hasEnd(raw.value))
    return [{ file, line: before + 1, level: 'problem', cause: ENDLESS, cure: 'Write it out' }];
  const parsed = schema.safeParse(raw.value);
  if (parsed.success) return [];
  const lineOf = yamlLines(text);
  return problemsOf(parsed.error, file, (path) => before + lineOf(path));
}
