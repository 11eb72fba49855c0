// What the engine carries along while it walks a script, and what it writes down.
// It must never be shared between two scripts.
import { effects } from '../effects.ts';
import type { At, Node } from '../parse/ir.ts';
import type { EffectKind, Finding, JudgedCommand, Level, PolicyContext, Written } from '../types.ts';
import type { Scope } from './scope.ts';
import { type Arg, type Output, show } from './value.ts';

export type Issue = { level: Level; code: string; sentence: string };

export const refusal = (code: string, sentence: string): Issue => ({ level: 'refuse', code, sentence });
export const question = (code: string, sentence: string): Issue => ({ level: 'review', code, sentence });

/** What the inventory vouches for: the parameters' values, and the hosts in them. */
export type Inventory = { values: ReadonlySet<string>; hosts: ReadonlySet<string> };

type FunctionNode = Extract<Node, { is: 'function' }>;

export type Notebook = {
  commands: JudgedCommand[];
  findings: Finding[];
  /** Commands evaluated, loops and functions unrolled: bounds the work. */
  steps: number;
  /** Seconds the script sleeps, as far as loops can be counted. */
  waits: number;
  seen: Set<string>;
  /** What the script has set a cloud's region to so far. */
  regions: Set<string>;
  /** Functions met, and those of them that were called. */
  defined: Set<FunctionNode>;
  called: Set<FunctionNode>;
};

/** Where standard input comes from. */
export type Input = { from: 'nowhere' | 'pipe' | 'file' | 'text'; output: Output };

export type Run = {
  context: PolicyContext;
  inventory: Inventory;
  notebook: Notebook;
  scope: Scope;
  input: Input;
  /** A time limit stands around the command, so that following a log ends. */
  bounded: boolean;
  /** Wrappers around the command. */
  wrapped: number;
  /** Inside a loop. */
  turning: boolean;
  /** Where break and continue leave what is known at that point: one list for each loop around. */
  loops: readonly Scope[][];
  /** The same for return; null outside functions. */
  returns: Scope[] | null;
  /** How often this place is reached at most, for the sum of waits. */
  times: number;
  /** Functions being run, outermost first. */
  calls: readonly string[];
  /** The command runs somewhere else (a container): only reading is judged there. */
  elsewhere: boolean;
  /** What runs here may be left out, or fail unheard, in a run that ends well. */
  maybe: boolean;
  /** A failure ends the script: it has said `set -e`. */
  heard: boolean;
  /** The last statement here is the script's last, so that its failure is the script's. */
  last: boolean;
};

/** Where a command stands, for findings about it. */
export type Site = { at: At; source: string };

/** Findings kept. */
const mostFindings = 100;

export function report(run: Run, site: Site, issue: Issue): void {
  // Nobody reads further; the verdict is the worst of those kept.
  const { findings } = run.notebook;
  if (
    findings.length >= mostFindings &&
    (issue.level === 'review' || findings.some((f) => f.level === 'refuse'))
  )
    return;
  const key = `${site.at.line}:${site.at.column}:${issue.code}:${issue.sentence}`;
  if (run.notebook.seen.has(key)) return;
  run.notebook.seen.add(key);
  const { level, code, sentence } = issue;
  const command = site.source.length > 200 ? `${site.source.slice(0, 199)}…` : site.source;
  run.notebook.findings.push({ ...site.at, command, code, sentence, level });
}

/** Lists a command with its effect; what a verification script or a container may not do is refused here. */
export function list(
  run: Run,
  site: Site,
  argv: readonly Arg[],
  effect: EffectKind,
  target: string | null,
  written?: Written,
): void {
  const words = argv.map((arg) => show(arg.value));
  const changes = effect !== 'read' && effect !== 'unknown';
  // Only what can be reached twice can be listed twice.
  if (run.turning || run.calls.length > 0) {
    const key = `${site.at.line}:${site.at.column} ${effect} ${target} ${run.maybe} ${words.join('\0')}`;
    const again = run.notebook.seen.has(key);
    if (changes && !effect.startsWith('files.') && run.turning && (run.times > 1 || again)) {
      report(
        run,
        site,
        question('repeated-change', 'The same change is made again on every turn of a loop.'),
      );
    }
    if (again) {
      const first = run.notebook.commands.find(
        (c) =>
          c.line === site.at.line &&
          c.column === site.at.column &&
          c.effect === effect &&
          c.target === target,
      );
      if (first) first.again = true;
      return;
    }
    run.notebook.seen.add(key);
  }
  const selfRestoring = effects[effect].selfRestoring;
  run.notebook.commands.push({
    ...site.at,
    argv: words,
    effect,
    target,
    selfRestoring,
    ...(run.maybe ? { maybe: true as const } : {}),
    ...(written ? { written } : {}),
  });
  if (!changes) return;
  if (run.context.kind === 'command') {
    report(run, site, refusal('not-read-only', 'A verification script may only read.'));
  } else if (run.elsewhere) {
    report(
      run,
      site,
      refusal('changes-elsewhere', 'Inside a container or on another host only reading is accepted.'),
    );
  }
}
