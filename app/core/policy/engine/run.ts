// What the engine carries along while it walks a script, and what it writes down.
// It must never be shared between two scripts.
import { effects } from '../effects.ts';
import type { At, Node, Site } from '../plain/tree.ts';
import type { EffectKind, Finding, JudgedCommand, Level, PolicyContext, Written } from '../types.ts';
import type { Facts } from './facts.ts';
import { type Arg, type Output, show, silent, type Value } from './value.ts';

export type { Site } from '../plain/tree.ts';
export type Issue = { level: Level; code: string; sentence: string };

export const refusal = (code: string, sentence: string): Issue => ({ level: 'refuse', code, sentence });
export const question = (code: string, sentence: string): Issue => ({ level: 'review', code, sentence });

/** What the inventory vouches for: the parameters' values, and the hosts in them. */
export type Inventory = { values: ReadonlySet<string>; hosts: ReadonlySet<string> };

export type Notebook = {
  commands: JudgedCommand[];
  findings: Finding[];
  /** Commands judged, each as often as it comes out differently: bounds the work. */
  steps: number;
  /** Seconds the script sleeps, as far as loops can be counted. */
  waits: number;
  seen: Set<string>;
  /** What the script has set a cloud's region to. */
  regions: Set<string>;
  /** Functions that were judged, with the commands that they brought. */
  walked: Map<string, readonly JudgedCommand[]>;
  /** What was worked out once: a variable's values, and what a stage or a substitution prints. */
  values: Map<string, readonly Value[]>;
  outputs: Map<Node | readonly Node[], Output>;
  expanding: Set<string>;
};

/** Where standard input comes from. */
export type Input = { from: 'nowhere' | 'pipe' | 'file' | 'text'; output: Output };
export const noInput: Input = { from: 'nowhere', output: silent };

/** A loop around a command. `each`: over known words, so that each turn is another one. */
export type Loop = { pos: number; end: number; each: boolean };

export type Run = {
  context: PolicyContext;
  inventory: Inventory;
  notebook: Notebook;
  facts: Facts;
  at: (pos: number) => At;
  input: Input;
  /** A time limit stands around the command, so that following a log ends. */
  bounded: boolean;
  /** Wrappers around the command. */
  wrapped: number;
  loops: readonly Loop[];
  /** How often this place is reached at most, for the sum of waits. */
  times: number;
  /** Functions being run, outermost first. */
  calls: readonly string[];
  /** The command runs somewhere else (a container): only reading is judged there, and no directory is known. */
  elsewhere: boolean;
  directory: string | null;
  /** Only the values of a word are asked for; what is wrong with it is told where it stands. */
  valuing: boolean;
  /** What runs here may be left out, or fail unheard, in a run that ends well. */
  maybe: boolean;
  /** The last statement here is the script's last, so that its failure is the script's. */
  last: boolean;
};

/** Findings kept. */
const mostFindings = 100;

export function report(run: Run, site: Site, issue: Issue): void {
  // Nobody reads further; the verdict is the worst of those kept.
  const { findings, seen } = run.notebook;
  if (
    findings.length >= mostFindings &&
    (issue.level === 'review' || findings.some((f) => f.level === 'refuse'))
  )
    return;
  const key = `${site.at.line}:${site.at.column}:${issue.code}:${issue.sentence}`;
  if (seen.has(key)) return;
  seen.add(key);
  const { level, code, sentence } = issue;
  const command = site.source.length > 200 ? `${site.source.slice(0, 199)}…` : site.source;
  findings.push({ ...site.at, command, code, sentence, level });
}

type Listed = { effect: EffectKind; target?: string | null; written?: Written; turns?: boolean };

/** Lists a command with its effect; what a verification script or a container may not do is refused here. */
export function list(run: Run, site: Site, argv: readonly Arg[], listed: Listed): void {
  const { effect, target = null, written, turns = false } = listed;
  const words = argv.map((arg) => show(arg.value));
  const changes = effect !== 'read' && effect !== 'unknown';
  // Only what is reached more than once can come out the same.
  if (run.loops.length > 0 || run.calls.length > 0) {
    const key = `${site.at.line}:${site.at.column} ${effect} ${target} ${words.join('\0')}`;
    if (run.notebook.seen.has(key)) return;
    run.notebook.seen.add(key);
  }
  const repeats = run.loops.length > 0 && !turns;
  if (changes && !effect.startsWith('files.') && repeats && run.times > 1)
    report(
      run,
      site,
      question(
        'repeated-change',
        'The same change is made again on every turn of a loop. Make it once, before the loop.',
      ),
    );
  run.notebook.commands.push({
    ...site.at,
    argv: words,
    effect,
    target,
    selfRestoring: effects[effect].selfRestoring,
    ...(run.maybe ? { maybe: true as const } : {}),
    ...(repeats && run.times > 1 ? { again: true as const } : {}),
    ...(written ? { written } : {}),
  });
  if (!changes) return;
  if (run.context.kind === 'command')
    report(
      run,
      site,
      refusal('not-read-only', 'A verification script may only read. Put the change into the fix.'),
    );
  else if (run.elsewhere)
    report(
      run,
      site,
      refusal('changes-elsewhere', 'Inside a container or on another host only reading is accepted.'),
    );
}
