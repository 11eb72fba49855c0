// What a change costs beyond its effect, by what the inventory says of its target: a restart of the only one, a fix that is set back.
// Must never make a verdict laxer or a risk lower, and must never name a manager that vigil.yml does not.
import { effects, higher, isEffect } from './effects.ts';
import { sizesOf } from './matching.ts';
import { purgesEverything, reaches } from './reaches.ts';
import { factsOf, reconcileSeconds, type TargetFacts, type TargetInventory } from './target-facts.ts';
import type { Cost, EffectKind, JudgedCommand, Verdict } from './types.ts';

/** What a restart does to whoever is served; a reload goes on serving. */
const restarts: ReadonlySet<EffectKind> = new Set([
  'service.restart',
  'service.stop',
  'workers.restart',
  'pod.restart',
]);

const managers = {
  argocd: { called: 'Argo CD', reconcile: '3m' },
  flux: { called: 'Flux', reconcile: '10m' },
  helm: { called: 'Helm', reconcile: '10m' },
} as const;

/** The verdict with what its changes cost, and a risk that is not below any of it. */
export function withCosts(verdict: Verdict, inventory: TargetInventory = {}): Verdict {
  const costs = costsOf(verdict.commands, inventory);
  if (costs.length === 0) return verdict;
  const risk = costs.reduce((worst, cost) => higher(worst, cost.risk ?? 'LOW'), verdict.risk);
  return { ...verdict, risk, costs };
}

/** In the order of the commands; what is said of one target is said once. */
export function costsOf(commands: readonly JudgedCommand[], inventory: TargetInventory): Cost[] {
  const all = commands
    .filter(({ effect }) => effect !== 'read')
    .flatMap((command) => {
      const facts = factsOf(command, inventory);
      return [
        ...interrupted(command, facts),
        ...further(command),
        ...resized(command, facts),
        ...managed(command, facts),
      ];
    });
  return all.filter(({ sentence }, at) => all.findIndex((other) => other.sentence === sentence) === at);
}

const nameOf = ({ target, argv }: JudgedCommand): string => target ?? argv.join(' ');

function interrupted(command: JudgedCommand, { stateful, replicas }: TargetFacts): Cost[] {
  if (!restarts.has(command.effect) || (stateful !== true && replicas !== 1)) return [];
  const verb = command.effect === 'service.stop' ? 'stops' : 'restarts';
  const keeps = 'which holds state: what it has in memory is lost, and who is connected is cut off';
  const only = 'the only one there is: nobody is served until it is back';
  const why = stateful === true ? (replicas === 1 ? `${keeps}. It is ${only}` : keeps) : only;
  const code = stateful === true ? 'stateful' : 'single';
  return [{ line: command.line, code, risk: 'MEDIUM', sentence: `It ${verb} ${nameOf(command)}, ${why}.` }];
}

function further(command: JudgedCommand): Cost[] {
  const reach = reaches[purgesEverything(command) ? 'cache.clear' : command.effect];
  if (!reach) return [];
  const { code, does } = reach;
  const risk = higher('MEDIUM', effects[command.effect].risk);
  return [{ line: command.line, code, risk, sentence: `It ${does}: ${nameOf(command)}.` }];
}

/** A scale to fewer than run as a rule. To one leaves no other when that one fails. */
function resized(command: JudgedCommand, { replicas: usual }: TargetFacts): Cost[] {
  if (!isEffect(command.effect, 'scale')) return [];
  const sizes = sizesOf(command)
    .filter((size) => /^\d+$/.test(size))
    .map(Number);
  if (sizes.length === 0) return [];
  const to = Math.min(...sizes);
  const { line } = command;
  const from = usual === undefined ? '' : `, of which ${usual} run as a rule`;
  if (to <= 1 && usual !== 1)
    return [
      {
        ...{ line, code: 'one-left', risk: usual === undefined ? 'MEDIUM' : 'HIGH' },
        sentence: `It leaves ${to} of ${nameOf(command)}${from}: when that one fails, nobody is served.`,
      },
    ];
  if (usual === undefined || to >= usual) return [];
  const sentence = `It scales ${nameOf(command)} down to ${to}${from}.`;
  return [{ line, code: 'scales-down', risk: 'MEDIUM', sentence }];
}

/** Who keeps the target as it was. What restores itself leaves nothing to be set back. */
function managed(command: JudgedCommand, facts: TargetFacts): Cost[] {
  const { managed_by: by, repository, self_heal: heals = by === 'flux' } = facts;
  if (by === undefined) return [];
  const { called, reconcile: usual } = managers[by];
  const from = repository === undefined ? '' : ` from ${repository}`;
  const who = `${nameOf(command)} is managed by ${called}${from}`;
  const base = { line: command.line, code: 'managed' as const, risk: null };
  const lasts = !command.selfRestoring && !effects[command.effect].selfRestoring;
  if (!lasts) return [{ ...base, sentence: `${who}, which finds nothing to set back once this is done.` }];
  const where = repository === undefined ? `into what ${called} reads` : `into ${repository}`;
  if (!heals) {
    const next = by === 'helm' ? 'the next upgrade of its release' : 'the next sync';
    return [{ ...base, sentence: `${who}: ${next} sets this back. The lasting fix belongs ${where}.` }];
  }
  const within = facts.reconcile ?? usual;
  const sentence = `${who}, which sets this back within ${within}. The lasting fix belongs ${where}.`;
  return [{ ...base, sentence, reconcile_s: reconcileSeconds(within) ?? 0 }];
}
