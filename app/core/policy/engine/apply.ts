// Applies a tool's rule to one command: every option and operand must be of the kind the rule states.
// It must never allow a command with an argument that no rule has accounted for.
import { checkKind, type Setting } from '../kinds/kinds.ts';
import type { EffectKind, InventoryAction, Written } from '../types.ts';
import { checks } from './checks.ts';
import { type Parsed, parseOptions } from './options.ts';
import { has } from './parsed.ts';
import { type Issue, list, question, type Run, refusal, report, type Site } from './run.ts';
import type { Compiled, Tool } from './spec.ts';
import { type Arg, anything, type Output, shapeOf, show, silent, textOf } from './value.ts';

export type Described = { tool: Tool; rule: Compiled };
/** What a semantic check may correct: the effect, its target, the shape of the output. */
export type Found = {
  issues: Issue[];
  effect?: EffectKind;
  target?: string;
  output?: Output;
  action?: InventoryAction;
};

export function applyRule(
  argv: readonly Arg[],
  described: Described,
  run: Run,
  site: Site,
  turns: boolean,
): Output {
  const parsed = parseOptions(argv.slice(1), described.tool, described.rule);
  const rule = overlay(parsed);
  const issues = [...parsed.issues];
  const help = parsed.given.some((g) => g.name === '--help' || g.name === '--version');
  if (rule.partial && !help) issues.push(question('unknown-subcommand', 'A subcommand is missing.'));
  if (rule.never)
    issues.push(
      refusal(rule.never, `${show(argv[0]?.value ?? [])} ${parsed.path.join(' ')} is not for a remediation.`),
    );
  const changes = rule.effect !== undefined && rule.effect !== 'read';
  const setting: Setting = { run, changes, targets: [], many: false, effect: null };
  let found: Found | null = null;
  if (rule.check && !help) {
    found = checks[rule.check]?.({ argv, parsed, rule, run, setting, site }) ?? null;
    issues.push(
      ...(found?.issues ?? [
        refusal('policy', `The policy's own data name the unknown check ${rule.check}.`),
      ]),
    );
  }
  const guard = described.tool.guard;
  if (guard && !help)
    issues.push(
      ...(checks[guard]?.({ argv, parsed, rule, run, setting, site }).issues ?? [
        refusal('policy', `The policy's own data name the unknown check ${guard}.`),
      ]),
    );
  if (!help) issues.push(...judgeArguments(parsed, rule, setting, run));
  const effect = found?.effect ?? setting.effect ?? rule.effect ?? 'read';
  const acts = effect !== 'read' && !help;
  const target = found?.target ?? (setting.targets.join(' in ') || null);
  if (acts && target === null && issues.every((i) => i.level !== 'refuse')) {
    issues.push(refusal('no-target', 'This changes something without naming what.'));
  }
  if (rule.asks && !help) issues.push(question('asks', rule.asks));
  for (const issue of issues) {
    report(run, site, rule.strict && strange.has(issue.code) ? refusal(rule.strict, issue.sentence) : issue);
  }
  const shown: EffectKind = acts ? effect : issues.length > 0 ? 'unknown' : 'read';
  // With an argument that no rule has a place for (`--dry-run`), it may do nothing.
  const doubtful = issues.some(({ code }) => strange.has(code));
  list({ ...run, maybe: run.maybe || doubtful }, site, argv, {
    effect: shown,
    turns,
    ...(acts ? { target, written: writtenAs(parsed, run, found?.action) } : {}),
  });
  return found?.output ?? outputOf(rule, parsed, run);
}

function writtenAs(parsed: Parsed, run: Run, action: InventoryAction | undefined): Written {
  const regions = [...run.notebook.regions].toSorted().join(' ');
  return {
    path: parsed.path,
    options: [
      ...parsed.given.map(({ name, value }) => [name, value ? show(value.value) : ''] as const),
      // An option on the command counts before what the script has set.
      ...(regions !== '' && !has(parsed, '--region') ? [['--region', regions] as const] : []),
    ],
    operands: parsed.operands.map((arg) => show(arg.value)),
    ...(action ? { action } : {}),
  };
}

/** What `strict` turns into a refusal: arguments that the rule has no place for. */
const strange = new Set(
  'unknown-option unknown-subcommand operand option value splits option-injection tainted'.split(' '),
);

function judgeArguments(parsed: Parsed, rule: Compiled, setting: Setting, run: Run): Issue[] {
  const issues: Issue[] = [];
  if (rule.never || parsed.stopped) return issues;
  const push = (issue: Issue | null) => issue && issues.push(issue);
  for (const { name, option, value } of parsed.given) {
    if (option.endless && !run.bounded) {
      issues.push(refusal('endless', `${name} runs until it is stopped; put a time limit in front.`));
    }
    if (value && splitsAnyhow(value)) issues.push(splitting(value));
    if (option.takes !== 'nothing' && value && option.refused === null)
      push(checkKind(option.kind, value, setting));
    else if (option.takes === 'nothing' && value) {
      if (!/^(true|false)$/.test(textOf(value) ?? '')) push(question('option', `${name} takes no value.`));
    }
  }
  if (rule.needs && !has(parsed, rule.needs) && !(run.bounded && !rule.strict)) {
    const some = rule.needs.split(' ').slice(0, 4).join(', ');
    issues.push(
      rule.strict
        ? refusal(rule.strict, `This is accepted with ${some} only.`)
        : refusal('endless', `Without one of ${some} this runs until it is stopped.`),
    );
  }
  if (rule.sendsInput && run.input.from !== 'nowhere' && run.input.output.text === undefined) {
    issues.push(refusal('exfiltration', 'What comes in on standard input is sent to another machine.'));
  }
  if (rule.runsInput && run.input.from !== 'nowhere') {
    issues.push(refusal('runs-input', 'What comes in on standard input is executed.'));
  }
  if (!rule.raw) issues.push(...judgeOperands(parsed.operands, rule, setting));
  return issues;
}

function judgeOperands(operands: readonly Arg[], rule: Compiled, setting: Setting): Issue[] {
  const issues: Issue[] = [];
  const kinds = rule.operands ?? [];
  let at = 0;
  for (const arg of operands) {
    const kind = kinds[at];
    if (kind === undefined) {
      issues.push(question('operand', `The policy does not expect ${show(arg.value)} here.`));
      break;
    }
    const room = kind.startsWith('*') || kinds[at + 1]?.startsWith('*');
    if ((!room && arg.splits && shapeOf(arg.value) !== 'number') || (!rule.dashSafe && splitsAnyhow(arg))) {
      issues.push(splitting(arg));
    }
    // What becomes several words fills the places behind this one too.
    for (const next of splitsAnyhow(arg) ? kinds.slice(at) : [kind]) {
      const issue = checkKind(/^[?*]/.test(next) ? next.slice(1) : next, arg, setting);
      if (issue) issues.push(issue);
    }
    if (!kind.startsWith('*')) at++;
  }
  const required = kinds.filter((kind) => !/^[?*]/.test(kind)).length;
  if (operands.length < required) issues.push(question('operand', 'An argument is missing.'));
  return issues;
}

/** Text outside quotes that can become any words, options included. */
const splitsAnyhow = (arg: Arg): boolean =>
  arg.splits && arg.value.some((piece) => typeof piece === 'object' && piece.shape === 'text');

const splitting = (arg: Arg): Issue =>
  question('splits', `${show(arg.value)} may become several arguments; put it in double quotes.`);

/** The rule with the changes its options bring. */
function overlay(parsed: Parsed): Compiled {
  let rule = parsed.rule;
  for (const c of parsed.rule.cases) {
    if (!parsed.given.some((g) => c.has.includes(g.name))) continue;
    const { options: _, children: __, cases: ___, ...changes } = c.rule;
    rule = { ...rule, ...changes };
  }
  return rule;
}

function outputOf(rule: Compiled, parsed: Parsed, run: Run): Output {
  switch (rule.output) {
    case 'none':
      return silent;
    case 'number':
      return { shape: 'number' };
    case 'name':
      return { shape: 'name' };
    case 'same':
      return parsed.operands.length > 0 && rule.operands?.at(-1)?.startsWith('*') && filesGiven(parsed, rule)
        ? anything
        : sameLines(run);
    case 'words': {
      const shapes = parsed.operands.map((arg) => shapeOf(arg.value));
      const text = parsed.operands.map((arg) => textOf(arg));
      if (text.every((t) => t !== null)) return { shape: 'text', text: text.join(' ') };
      if (shapes.every((s) => s === 'number')) return { shape: 'number' };
      return shapes.every((s) => s === 'number' || s === 'name') ? { shape: 'name' } : anything;
    }
    case 'temporary':
      return { shape: 'path', under: '/tmp' };
    default:
      return anything;
  }
}

/** A filter passes lines on: their shape stays, the exact text does not. */
function sameLines(run: Run): Output {
  const { shape, under } = run.input.output;
  return shape === 'none' ? anything : { shape, ...(under === undefined ? {} : { under }) };
}

const filesGiven = (parsed: Parsed, rule: Compiled) => parsed.operands.length >= (rule.operands?.length ?? 0);
