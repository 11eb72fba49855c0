// The policy on the scripts of a proposal: fix and undo, what they cost, what the undo leaves, and where target and parameters come from.
// Must never judge by less than the gate, the pull request and the command line all ask: there is one such judgement.
import type { Judged, Proposal } from '#core/ledger/facts';
import type { Change } from '#core/policy/cool-down';
import { judge } from '#core/policy/judge';
import type { Organisation } from '#core/policy/organisation';
import type { Cost, JudgedCommand, Note, ScriptKind, Verdict } from '#core/policy/types';
import { containsPlaceholder } from '#core/redact/redact';
import type { Service, Settings } from '#core/settings';
import { cut } from '#core/text/cut';
import { leftBy } from './covered.ts';
import { type Reason, reasonsOf, saidBy, unsure, worst } from './risk-reasons.ts';

export type JudgedScripts = Pick<Judged, 'verdict' | 'risk' | 'effects' | 'commands' | 'findings'> & {
  fix: JudgedCommand[];
  /** What the risk is made of. */
  opinions: Reason[];
  managed: string[];
  /** The longest time after which somebody sets back what the fix does, in seconds. Null: nobody does. */
  reconcile_s: number | null;
};

/**
 * The policy on fix and undo, the organisation's own rules as of `now` and after these `changes`, and the rules that need both scripts.
 */
export function judgeScripts(
  proposal: Proposal,
  service: Service,
  { policy }: Pick<Settings, 'policy'>,
  now: Date,
  changes: readonly Change[],
): JudgedScripts {
  const organisation: Organisation = { rules: policy.rules, service: service.name, now, changes };
  const files = [
    { name: 'fix.sh', text: proposal.files['fix.sh'], kind: 'fix' as ScriptKind },
    ...(proposal.files['undo.sh'] === undefined
      ? []
      : [{ name: 'undo.sh', text: proposal.files['undo.sh'], kind: 'undo' as ScriptKind }]),
  ];
  const verdicts = files.map((file) => ({
    file,
    verdict: judge(file.text, {
      kind: file.kind,
      parameters: proposal.parameters,
      actions: service.actions,
      targets: service,
      organisation,
    }),
  }));
  const fix = verdicts[0]?.verdict;
  const left = leftBy(proposal, fix?.commands ?? [], verdicts[1]?.verdict.commands ?? null);
  const findings = [
    ...verdicts.flatMap(({ file, verdict }) => told(file.name, verdict.findings)),
    ...foreign(proposal, service),
    ...files
      .filter((file) => containsPlaceholder(file.text))
      .map((file) => ({
        file: file.name,
        line: 1,
        code: 'placeholder',
        sentence: 'The script contains a redaction placeholder, so its author did not know the real value.',
      })),
    ...left.findings,
    // Last, since the first of a refusal is its reason.
    ...verdicts.flatMap(({ file, verdict }) => told(file.name, verdict.notes ?? [])),
  ];
  const own = findings.some((finding) =>
    ['placeholder', 'foreign-parameter', 'foreign-target'].includes(finding.code),
  );
  const all: Verdict['verdict'][] = [
    ...verdicts.map(({ verdict }) => verdict.verdict),
    ...(own ? ['refuse' as const] : []),
    ...left.levels,
  ];
  const opinions = [
    ...verdicts.flatMap(({ verdict }) => reasonsOf(verdict)),
    // What cannot be undone, or only perhaps, is never of low risk.
    ...(left.levels.length > 0 ? [unsure] : []),
    saidBy(proposal.by, proposal.risk),
  ];
  return {
    verdict: all.every((one) => one === 'allow') ? 'allow' : all.includes('refuse') ? 'refuse' : 'review',
    risk: worst(opinions.map(({ risk }) => risk)),
    opinions,
    ...managedIn(fix?.costs ?? []),
    effects: fix?.effects ?? [],
    fix: fix?.commands ?? [],
    commands: verdicts.flatMap(({ file, verdict }) =>
      verdict.commands.map((command) => cut(`${file.name}:${command.line} ${command.argv.join(' ')}`, 500)),
    ),
    findings,
  };
}

const told = (file: string, notes: readonly Note[]): Judged['findings'] =>
  notes.map(({ line, code, sentence }) => ({ file, line, code, sentence: cut(sentence, 500) }));

/** Who keeps what the fix changes as it was, and when they are done. */
function managedIn(costs: readonly Cost[]): Pick<JudgedScripts, 'managed' | 'reconcile_s'> {
  const managed = costs.filter(({ code }) => code === 'managed');
  const times = managed.flatMap(({ reconcile_s }) => (reconcile_s === undefined ? [] : [reconcile_s]));
  return {
    managed: managed.map(({ sentence }) => cut(sentence, 500)).slice(0, MOST_MANAGED),
    reconcile_s: times.length > 0 ? Math.max(...times) : null,
  };
}

const MOST_MANAGED = 10;

export const untrue = (code: string, sentence: string): Judged['findings'][number] => ({
  file: 'remediation.yml',
  line: 1,
  code,
  sentence: cut(sentence, 500),
});

/** Target and parameters come from the inventory and nowhere else. */
function foreign(proposal: Proposal, service: Service): Judged['findings'] {
  const values = Object.entries(proposal.parameters).filter(
    ([name, value]) => !Object.hasOwn(service.parameters, name) || service.parameters[name] !== value,
  );
  return [
    ...values.map(([name]) =>
      untrue('foreign-parameter', `The parameter ${name} is not what the service inventory says.`),
    ),
    ...(proposal.target === service.name
      ? []
      : [untrue('foreign-target', `The target is not ${service.name}, the service of this incident.`)]),
  ];
}
