// Splits a command's arguments into options and operands the way the tool itself does.
// It must never take an unknown option for a harmless one: whether it swallows the next word is not known either.
import { givesAccess, handsOutSecrets, isChange, isDestructive } from '../verbs.ts';
import { type Issue, question, refusal } from './run.ts';
import { sentences } from './sentences.ts';
import type { Compiled, Option, Tool } from './spec.ts';
import { type Arg, drop, prefix, shapeOf, show, textOf } from './value.ts';

export type Given = { name: string; option: Option; value: Arg | null };
export type Parsed = {
  rule: Compiled;
  path: string[];
  given: Given[];
  operands: Arg[];
  issues: Issue[];
  /** The subcommand is not known, so nothing after it can be read. */
  stopped: boolean;
};

/** `argv` without the command's name. */
export function parseOptions(argv: readonly Arg[], tool: Tool, rule: Compiled): Parsed {
  const p: Parsed = { rule, path: [], given: [], operands: [], issues: [], stopped: false };
  if (rule.raw) return { ...p, operands: [...argv] };
  let only = false;
  for (let i = 0; i < argv.length && p.issues.length < 8 && !p.stopped; i++) {
    const arg = argv[i];
    if (!arg) continue;
    const text = textOf(arg);
    const begin = prefix(arg.value);
    const hidden = typeof arg.value[0] === 'object' && /text|glob/.test(shapeOf(arg.value));
    if (!only && text === '--') only = true;
    else if (only || (begin === '-' && text === '-') || (!begin.startsWith('-') && !hidden)) {
      if (p.rule.children && !only) descend(arg, p);
      else {
        p.operands.push(arg);
        if (tool.style === 'first' || p.rule.first) only = true;
      }
    } else if (hidden && p.rule.children) descend(arg, p);
    else if (hidden) {
      p.operands.push(arg);
      if (!p.rule.dashSafe && isOpenText(arg)) p.issues.push(injection(arg));
    } else if (p.rule.digits && /^-\d+$/.test(text ?? '')) continue;
    else i += option(arg, argv.slice(i + 1, i + 3), tool.style === 'single', p);
  }
  return p;
}

const isOpenText = (arg: Arg) => typeof arg.value[0] === 'object' && arg.value[0].shape !== 'number';

const injection = (arg: Arg): Issue =>
  question(
    'option-injection',
    `${show(arg.value)} is known only at run time and may be taken for an option.`,
  );

function descend(arg: Arg, p: Parsed): void {
  const word = textOf(arg);
  const child = word === null ? undefined : p.rule.children?.get(word);
  if (child) {
    p.rule = child;
    p.path.push(word ?? '');
  } else if (word === null) {
    p.issues.push(refusal('dynamic-command', 'Which subcommand runs is known only at run time.'));
  } else if (p.rule.operands && p.rule.operands.length > 0) p.operands.push(arg);
  else {
    p.issues.push(unknownWord(word));
    p.stopped = true;
  }
}

/** A subcommand that is not described is asked about, unless its very name says what it does. */
function unknownWord(word: string): Issue {
  if (isDestructive(word)) return refusal('destructive', `${word} takes something away for good.`);
  if (givesAccess(word)) return refusal('access', `${word} opens a way to run or read more than was judged.`);
  if (handsOutSecrets(word)) return refusal('secret-read', `${word} hands out secrets or data.`);
  if (isChange(word))
    return refusal('unlisted-change', `${word} changes something in a way the policy does not describe.`);
  return question('unknown-subcommand', `The policy does not know ${word} here.`);
}

/** Reads one option; answers how many further words it used up. */
function option(arg: Arg, following: readonly Arg[], single: boolean, p: Parsed): number {
  const begin = prefix(arg.value);
  const equals = begin.indexOf('=');
  const long = begin.startsWith('--') || (single && begin.length > 1);
  if (long) {
    const name = equals < 0 ? begin : begin.slice(0, equals);
    if (equals < 0 && textOf(arg) === null) return dynamic(arg, p);
    const spec =
      p.rule.options.get(name) ?? (single ? p.rule.options.get(name.replace(/^--/, '-')) : undefined);
    if (!spec) return unknown(name, p);
    if (equals >= 0)
      return take(name, spec, { value: drop(arg.value, equals + 1), splits: arg.splits }, p, 0);
    return separate(name, spec, following, p);
  }
  for (let at = 1; at < begin.length; at++) {
    const name = `-${begin[at]}`;
    const spec = p.rule.options.get(name);
    if (!spec) return unknown(at === 1 ? begin : name, p);
    if (spec.takes === 'nothing') {
      take(name, spec, null, p, 0);
      continue;
    }
    const rest = drop(arg.value, at + 1);
    const attached = rest.length > 0 && show(rest) !== '';
    if (attached) return take(name, spec, { value: rest, splits: arg.splits }, p, 0);
    return separate(name, spec, following, p);
  }
  return textOf(arg) === null ? dynamic(arg, p) : 0;
}

/** An option without an attached value; it may use up the words that follow. */
function separate(name: string, spec: Option, following: readonly Arg[], p: Parsed): number {
  const [next, second] = following;
  if (spec.takes === 'nothing' || spec.takes === 'optional') return take(name, spec, null, p, 0);
  if (spec.takes === 'number') {
    const number = next && (/^([-+]?\d+|all)$/.test(textOf(next) ?? '') || shapeOf(next.value) === 'number');
    return take(name, spec, number ? next : null, p, number ? 1 : 0);
  }
  if (spec.takes === 'maybe' && (!next || /^-/.test(prefix(next.value)))) return take(name, spec, null, p, 0);
  if (!next || (spec.takes === 'pair' && !second)) return missing(name, p);
  return take(name, spec, next, p, spec.takes === 'pair' ? 2 : 1);
}

function take(name: string, spec: Option, value: Arg | null, p: Parsed, used: number): number {
  if (spec.refused !== null) {
    p.issues.push(refusal(spec.refused, sentences[spec.refused] ?? `The option ${name} is not accepted.`));
  }
  p.given.push({ name, option: spec, value });
  return used;
}

function dynamic(arg: Arg, p: Parsed): number {
  p.issues.push(
    refusal('dynamic-option', `Which option ${show(arg.value)} becomes is known only at run time.`),
  );
  return 0;
}

function missing(name: string, p: Parsed): number {
  p.issues.push(question('option', `The option ${name} has no value.`));
  return 0;
}

function unknown(name: string, p: Parsed): number {
  // GNU tools accept any unambiguous beginning of a long option.
  const meant = name.startsWith('--')
    ? [...p.rule.options].find(([key, o]) => o.refused !== null && key.startsWith(name))
    : undefined;
  if (meant)
    p.issues.push(
      refusal(meant[1].refused ?? '', `${name} may stand for ${meant[0]}, which is not accepted.`),
    );
  else p.issues.push(question('unknown-option', `The policy does not know the option ${name}.`));
  return 0;
}
