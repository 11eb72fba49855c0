// The words in which the policy speaks to the rest of Vigil: what it is given, and what it answers.
// It must never hold a rule: those are in effects.ts, wrappers.ts and tools/.
import type { Organisation } from './organisation.ts';
import type { TargetInventory } from './target-facts.ts';

/** How much harm an approved script may do. The engine computes it; a model may only raise it. */
export type Risk = 'LOW' | 'MEDIUM' | 'HIGH';

/** `command` is a read-only verification script: any effect but `read` is refused in it. */
export type ScriptKind = 'fix' | 'undo' | 'command';

/** What a command does to the world. The table in effects.ts gives each its risk and says whether it heals by itself. */
export type EffectKind =
  | 'read'
  | 'cache.purge'
  | 'cache.clear'
  | 'service.restart'
  | 'service.reload'
  | 'service.start'
  | 'service.stop'
  | 'workers.restart'
  | 'pod.restart'
  | 'pods.prune'
  | 'instances.replace'
  | 'machine.reboot'
  | 'rollout.undo'
  | 'rollout.pause'
  | 'rollout.resume'
  | 'scale'
  | 'scale.down'
  | 'scale.one'
  | 'autoscaler.set'
  | 'flag.set'
  | 'config.set'
  | 'traffic.shift'
  | 'node.cordon'
  | 'node.uncordon'
  | 'node.drain'
  | 'job.run'
  | 'queue.retry'
  | 'queue.seek'
  | 'session.end'
  | 'database.maintain'
  | 'certificate.renew'
  | 'log.rotate'
  | 'log.prune'
  | 'files.write'
  | 'files.prune'
  | 'files.remove'
  | 'images.prune'
  | 'deploy'
  | 'unknown'
  | 'secret.read'
  | 'destroy';

/** An HTTP call that a service offers in vigil.yml, with the effect it has. The URL is compared byte by byte. */
export type InventoryAction = {
  id: string;
  method: 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  url: string;
  effect: EffectKind;
  /** The action that puts back what this one does. Without it, the words of both addresses decide. */
  undone_by?: string | undefined;
};

/** What the judge may rely on: the incident's own inventory, never the alert's text. */
export type PolicyContext = {
  kind: ScriptKind;
  parameters: Readonly<Record<string, string>>;
  actions: readonly InventoryAction[];
  /** Stricter rules of vigil.yml. */
  organisation?: Organisation;
  /** What the inventory says of the targets beside their names. */
  targets?: TargetInventory;
};

/** `review`: a person must agree. `refuse`: nobody can. */
export type Level = 'review' | 'refuse';

/** One reason to stop or to ask. Line and column count from 1; the sentence is for a reviewer. */
export type Finding = {
  line: number;
  column: number;
  command: string;
  level: Level;
  code: string;
  sentence: string;
};

/** What a reviewer should know beside, and what changes no verdict. Line counts from 1. */
export type Note = Pick<Finding, 'line' | 'code' | 'sentence'>;

/** One command the script may run. Parts of argv that are known only at run time stand as written (`$POD`). */
export type JudgedCommand = {
  line: number;
  column: number;
  argv: string[];
  effect: EffectKind;
  target: string | null;
  selfRestoring: boolean;
  /** It may be left out, or fail unheard, in a run of the script that ends well. */
  maybe?: true;
  /** It is reached again by a loop or another call. */
  again?: true;
  /** How a change is written: the subcommand, the options, the other words. */
  written?: Written;
};

/** A change in its parts, so that two of them can be compared. */
export type Written = {
  path: readonly string[];
  options: readonly (readonly [name: string, value: string])[];
  operands: readonly string[];
  /** The call of the inventory that it is. */
  action?: InventoryAction;
};

export type Effect = { kind: EffectKind; target: string | null; selfRestoring: boolean };

/** What a change costs beyond its effect. `risk`: it is not below this; null where it only has to be known. */
export type Cost = {
  line: number;
  code: 'stateful' | 'single' | 'reboot' | 'refresh' | 'purges-all' | 'one-left' | 'scales-down' | 'managed';
  risk: Risk | null;
  sentence: string;
  /** In so many seconds, at most, somebody sets it back. */
  reconcile_s?: number;
};

/** `allow`: every command is understood. `review`: a person must look. `refuse`: cannot run, whoever approves. */
export type Verdict = {
  verdict: 'allow' | 'review' | 'refuse';
  risk: Risk;
  effects: Effect[];
  commands: JudgedCommand[];
  findings: Finding[];
  /** Only where there is one. */
  notes?: Note[];
  /** Left out where there are none. */
  costs?: Cost[];
};
