// The form in which tools are described: plain data, one rule per command or subcommand.
// It must never hold a function: the policy's version is a hash over these data.
import type { EffectKind } from '../types.ts';

/**
 * What a value must be, as `name` or `name:argument`, e.g. `int:1..500`, `one:json|yaml`, `read`. In operand lists a
 * leading `?` means it may be left out, a leading `*` that any number may stand there.
 */
export type Kind = string;

export type Rule = {
  /** Options without a value, separated by spaces. */
  flags?: string;
  /** Options with a value. Several spellings share a key, separated by spaces. */
  values?: Readonly<Record<string, Kind>>;
  /** Long options whose value is attached with `=` or absent. */
  optional?: string;
  /** Options that no script may use: reason code → spellings. */
  refuse?: Readonly<Record<string, string>>;
  /** Options that make the command run until it is stopped. */
  endless?: string;
  /** One of these must be given, or else the command never ends (or asks): spellings. */
  needs?: string;
  /** Accepts `-20`, as head and tail do. */
  digits?: boolean;
  /** Positional arguments. Left out: none are accepted. */
  operands?: readonly Kind[];
  /** An operand that turns out to be an option of this command does no harm. */
  dashSafe?: boolean;
  effect?: EffectKind;
  /** Understood, but a person must agree each time: why. */
  asks?: string;
  /** Never accepted, whatever its arguments: reason code. */
  never?: string;
  /** The arguments are no options at all; the check reads them. */
  raw?: boolean;
  /** Options with two values: a name and anything. */
  pairs?: string;
  /** Options whose value is attached or follows, unless the next word is an option. */
  maybe?: string;
  /** The command passes standard input on to another machine. */
  sendsInput?: boolean;
  /** Options whose value is attached or, if it is a number, follows. */
  numbered?: string;
  /** Whatever the rule does not know is refused with this reason code instead of asked about. */
  strict?: string;
  /** Options end at the first operand, which begins another command. */
  first?: boolean;
  /** The command executes what stands on standard input. */
  runsInput?: boolean;
  /** Shape of standard output. `same`: that of the input; `words`: that of the arguments. Left out: text. */
  output?: 'none' | 'text' | 'number' | 'name' | 'same' | 'words' | 'paths' | 'temporary';
  /** A semantic check of the engine for what options and kinds cannot say. */
  check?: string;
  /** Changes to the rule when one of these options is present. */
  when?: readonly { has: string; rule: Rule }[];
  /** Subcommands. A key may hold several words (`rollout restart`), alternatives (`get|describe`) and, after `, `, more of the same. */
  subcommands?: Readonly<Record<string, Rule>>;
};

export type Tool = {
  names: string;
  /** `gnu`: clusters and `--long=value`. `single`: `-name value`. `first`: options end at the first operand. */
  /** A check that holds for every subcommand. */
  guard?: string;
  style?: 'gnu' | 'single' | 'first';
  rule: Rule;
};

/** One option, ready for look-up. */
export type Option = {
  takes: 'nothing' | 'value' | 'optional' | 'pair' | 'number' | 'maybe';
  kind: Kind;
  refused: string | null;
  endless: boolean;
};
export type Compiled = Omit<Rule, 'subcommands' | 'when'> & {
  options: ReadonlyMap<string, Option>;
  children: ReadonlyMap<string, Compiled> | null;
  /** Only a beginning: without a further word nothing is described. */
  partial: boolean;
  cases: readonly { has: readonly string[]; rule: Compiled }[];
};

const words = (text: string | undefined) => (text ?? '').split(/\s+/).filter((word) => word !== '');

/** Prepares a rule for look-up; options of the parent hold for its subcommands. */
export function compile(rule: Rule, inherited: ReadonlyMap<string, Option> = new Map()): Compiled {
  const options = new Map(inherited);
  const add = (
    names: string,
    takes: Option['takes'],
    kind: Kind,
    refused: string | null = null,
    endless = false,
  ) => {
    for (const name of words(names)) options.set(name, { takes, kind, refused, endless });
  };
  add(rule.flags ?? '', 'nothing', '');
  add(rule.optional ?? '', 'optional', 'literal');
  add(rule.numbered ?? '', 'number', 'literal');
  add(rule.maybe ?? '', 'maybe', 'any');
  add(rule.pairs ?? '', 'pair', 'literal');
  add(rule.endless ?? '', 'nothing', '', null, true);
  for (const [names, kind] of Object.entries(rule.values ?? {})) add(names, 'value', kind);
  for (const [code, names] of Object.entries(rule.refuse ?? {})) add(names, 'nothing', '', code);
  const { subcommands, when, ...rest } = rule;
  const children = subcommands ? tree(subcommands, options) : null;
  const cases = (when ?? []).map((c) => ({ has: words(c.has), rule: compile(c.rule, options) }));
  return { ...rest, options, children, cases, partial: children !== null && rest.operands === undefined };
}

function tree(subcommands: Readonly<Record<string, Rule>>, options: ReadonlyMap<string, Option>) {
  const grouped = new Map<string, Record<string, Rule>>();
  const leaves = new Map<string, Rule>();
  for (const [keys, rule] of Object.entries(subcommands)) {
    for (const key of keys.split(', ')) {
      const [first = '', ...rest] = key.split(' ');
      for (const name of first.split('|')) {
        if (rest.length === 0) leaves.set(name, rule);
        else grouped.set(name, { ...grouped.get(name), [rest.join(' ')]: rule });
      }
    }
  }
  const out = new Map<string, Compiled>();
  for (const name of new Set([...leaves.keys(), ...grouped.keys()])) {
    const leaf = leaves.get(name) ?? {};
    const below = grouped.get(name);
    out.set(
      name,
      compile(below ? { ...leaf, subcommands: { ...leaf.subcommands, ...below } } : leaf, options),
    );
  }
  return out;
}
