// Asks the policy about a runbook's scripts, rendered with the inventory's values, as they would run.
// Must never judge by other code than the desk uses.

import { judgeScripts } from '#core/gate/judged-scripts';
import type { Fence, Runbook } from '#core/knowledge/runbook';
import { impossibleOf } from '#core/knowledge/undoing';
import type { Proposal } from '#core/ledger/facts';
import { namesTime } from '#core/policy/organisation';
import { renderScript } from '#core/proposal/remediation';
import type { Service, Settings } from '#core/settings';
import type { Problem, Say } from './problem.ts';

export type Remediation = NonNullable<Runbook['remediation']>;

/** The parameters that a remediation names, with the service's values. */
export function bound(remediation: Remediation, service: Service): Record<string, string> {
  return Object.fromEntries(remediation.parameters.map((name) => [name, service.parameters[name] ?? '']));
}

/** The policy sees a script with Vigil's header. So its line numbers are turned back into those of the runbook. */
export function checkScripts(
  runbook: Runbook,
  remediation: Remediation,
  service: Service,
  settings: Settings,
  fences: readonly Fence[],
  lineOf: (path: readonly string[]) => number,
  say: Say,
): Problem[] {
  const parameters = bound(remediation, service);
  const proposal: Proposal = {
    by: 'runbook',
    kind: remediation.kind,
    runbook: null,
    target: service.name,
    parameters,
    risk: remediation.risk,
    confidence: null,
    summary: runbook.title,
    quotes: [],
    impossible: impossibleOf(remediation.undoing),
    files: {
      'fix.sh': renderScript(remediation.fix, parameters),
      ...(remediation.undo === null ? {} : { 'undo.sh': renderScript(remediation.undo, parameters) }),
      'verify.yml': remediation.verify,
      'remediation.yml': '',
    },
  };
  // A runbook is not wrong because of the day on which it is looked at.
  const rules = settings.policy.rules.filter((rule) => !namesTime(rule));
  const judged = judgeScripts(proposal, service, { policy: { rules } }, new Date(), []);
  const header = renderScript('', parameters).split('\n').length - 2;
  const level = judged.verdict === 'refuse' ? 'problem' : 'warning';
  const place = (name: string, line: number): number => {
    // What is said of the undo stands in the front matter.
    if (name === 'remediation.yml') return lineOf(['remediation', 'undo']);
    const fence = fences.find(({ info }) => info === `bash ${name.replace('.sh', '')}`);
    if (fence) return fence.line + Math.max(0, line - header - 1);
    return remediation.named ? lineOf(['remediation', 'fix']) : (fences[0]?.line ?? 1);
  };
  const problems = judged.findings.map(({ file, line, code, sentence }) =>
    say(
      place(file, line),
      `the policy ${judged.verdict === 'refuse' ? 'refuses this' : 'wants a person to look'}: ${sentence}`,
      judged.verdict === 'refuse'
        ? code === 'uncovered'
          ? 'Write its inverse into the undo, or `undo: { impossible: why }` into the front matter'
          : 'Write it in another way; nobody can approve it'
        : 'Nothing, if that is meant',
      level,
    ),
  );
  if (judged.verdict !== 'refuse' && judged.risk !== remediation.risk)
    problems.push(
      say(
        lineOf(['remediation', 'risk']),
        `the policy finds the risk ${judged.risk}, not ${remediation.risk}`,
        `Write ${judged.risk}; the higher one counts anyway`,
        'warning',
      ),
    );
  if (runbook.approval === 'auto' && (judged.verdict !== 'allow' || judged.risk !== 'LOW'))
    problems.push(
      say(
        lineOf(['approval']),
        `approval: auto has no effect: the auto lane takes LOW risk that the policy allows, this is ${judged.risk} and ${judged.verdict}`,
        'Write approval: human',
        'warning',
      ),
    );
  return problems;
}
