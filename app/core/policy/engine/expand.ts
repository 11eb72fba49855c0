// What a word becomes. A variable is every value that the script ever gives it, so that no order of things can surprise.
// Must never drop a command: whatever a substitution runs is walked, wherever the word stands.
import { environment } from '../environment.ts';
import { isSecretName } from '../kinds/secrets.ts';
import type { Part, Sum, Word } from '../plain/tree.ts';
import { type Giving, isNumberAt, isSetAt } from './facts.ts';
import { question, type Run, refusal, report } from './run.ts';
import {
  type Arg,
  anything,
  compact,
  isLikelyNumber,
  join,
  literal,
  type Piece,
  shapeOf,
  show,
  substituted,
  unsure,
  type Value,
} from './value.ts';
import { printed } from './walk.ts';

/** One of the values, for each variable of a command that has several: each is judged by itself. */
export type Pick = ReadonlyMap<string, Value | readonly Arg[]>;
const nothing: Pick = new Map();
/** More ways than this are judged at once, by what they have in common. */
const most = 24;

/** Every way in which these words can come out, as far as they are known; at least one. */
export function picks(words: readonly Word[], run: Run): Pick[] {
  const open = words.flatMap(({ parts }) => (parts.length === 1 && parts[0]?.is === 'text' ? [] : parts));
  if (open.length === 0) return [nothing];
  let all: Pick[] = [nothing];
  for (const part of open) {
    if (part.is !== 'value' && part.is !== 'list') continue;
    const key = keyOf(part);
    if (all[0]?.has(key)) continue;
    const ways: readonly (Value | readonly Arg[])[] =
      part.is === 'value' ? valuesOf(part, run) : listsOf(part, run);
    if (ways.length < 2 || all.length * ways.length > most) continue;
    all = all.flatMap((pick) => ways.map((way) => new Map([...pick, [key, way]])));
  }
  return all;
}

const keyOf = (part: Extract<Part, { is: 'value' | 'list' }>): string =>
  `${part.is} ${part.name} ${part.is === 'value' ? part.otherwise : ''}`;

export function expandWords(words: readonly Word[], run: Run, pick: Pick = nothing): Arg[] {
  return words.flatMap((word) => expandWord(word, run, pick));
}

function expandWord(word: Word, run: Run, pick: Pick): Arg[] {
  const [part] = word.parts;
  if (word.parts.length === 1 && part?.is === 'text') return [{ value: [part.text], splits: false }];
  if (part?.is === 'list' && word.parts.length === 1 && !part.joined) {
    const chosen = pick.get(keyOf(part)) as readonly Arg[] | undefined;
    const ways = chosen ? [chosen] : listsOf(part, run);
    return ways.length === 1 && ways[0] ? [...ways[0]] : [{ value: [unknown(part.raw)], splits: true }];
  }
  // Outside quotes it is not plain, and may become several.
  const splits = word.parts.some(
    (one) => one.quote === '' && !/^(text|pattern|sum)$/.test(one.is) && !staysOne(pieces(one, run, pick)),
  );
  return [{ value: expandOne(word, run, pick), splits }];
}

const staysOne = (value: Value): boolean => !/[\s*?[]|^$/.test(literal(value) ?? ' ');
const unknown = (shown: string): Piece => ({ shape: 'text', shown });

/** One word where bash does not split: values, redirections, patterns. */
export const expandOne = (word: Word, run: Run, pick: Pick = nothing): Value =>
  compact(
    word.parts.flatMap((part, at) => {
      const own = pieces(part, run, pick);
      // `~` says the home only where a word begins; behind other text it is a path in the middle of one.
      const inside = at > 0 && part.is === 'value' && typeof own[0] === 'string' && own[0].startsWith('~');
      return inside ? [unknown(part.raw)] : own;
    }),
  );

function pieces(part: Part, run: Run, pick: Pick): Value {
  switch (part.is) {
    case 'text':
      return [part.text];
    case 'output':
      return substituted(printed(part.body, run), part.raw);
    case 'sum':
      if (!run.valuing) judgeSum(part.sum, run);
      return [part.sum.constant === null ? { shape: 'number', shown: part.raw } : String(part.sum.constant)];
    case 'value': {
      const chosen = pick.get(keyOf(part)) as Value | undefined;
      return chosen ?? joined(valuesOf(part, run), part.raw);
    }
    case 'list':
      listsOf(part, run);
      return [unknown(part.raw)];
    case 'strange':
      for (const body of part.bodies) printed(body, run);
      if (part.like === 'home') return [part.raw];
      return [part.like === 'glob' ? { shape: 'glob', shown: part.raw } : unknown(part.raw)];
    case 'pattern':
      return [unknown(part.raw)];
  }
}

const joined = (values: readonly Value[], shown: string): Value =>
  values.length === 0 ? [''] : values.reduce((a, b) => join(a, b, shown));

/** Every value that a variable can have here. */
export function valuesOf(part: Extract<Part, { is: 'value' }>, run: Run): readonly Value[] {
  const { name, otherwise, raw, pos } = part;
  const { facts } = run;
  if (isNumberAt(name, pos, facts)) return [[{ shape: 'number', shown: raw }]];
  if (/^([?#]|RANDOM|SECONDS|EPOCHSECONDS|LINENO)$/.test(name)) return [[{ shape: 'number', shown: raw }]];
  const own = /^[1-9]$/.test(name) ? argumentsOf(Number(name), pos, run) : givenTo(name, run);
  if (own.length === 0 && environment.has(name)) return [outside(name, raw)];
  if (own.length === 0 && isSecretName(name)) {
    const sentence = `$${name} would hand a secret of the environment to the script.`;
    report(run, { at: run.at(pos), source: raw }, refusal('secret-read', sentence));
  }
  if (name === '0') return [[unknown(raw)]];
  if (own.length === 0 && otherwise === null) {
    const sentence = `Nothing gives $${name} a value: a script is handed no variable but those of its fixed environment. Set it: ${name}='…'.`;
    report(run, { at: run.at(pos), source: raw }, question('unset', sentence));
    return [[unknown(raw)]];
  }
  const set = own.filter((value) => otherwise === null || literal(value) !== '');
  // What a call leaves out is empty among the values already.
  const may = otherwise !== null || !(/^[1-9]$/.test(name) || isSetAt(name, pos, facts));
  return several(may ? [...set, [otherwise ?? '']] : set.length === 0 ? [['']] : set, raw);
}

/** What a variable of the fixed environment holds. `~` is how the rules for paths write the home. */
const outside = (name: string, shown: string): Value => {
  if (name === 'HOME') return ['~'];
  if (name === 'TMPDIR') return ['/tmp'];
  return [/^(INCIDENT_ID|COMMIT_SHA)$/.test(name) ? { shape: 'name', shown } : unknown(shown)];
};

function several(values: readonly Value[], shown: string): readonly Value[] {
  const known = new Map(values.map((value) => [JSON.stringify(value), value]));
  return known.size > most ? [joined([...known.values()], shown)] : [...known.values()];
}

/** All that the script gives a variable, worked out once. While that is under way it is text. */
function givenTo(name: string, run: Run): readonly Value[] {
  const { values } = run.notebook;
  const known = values.get(name);
  if (known) return known;
  values.set(name, [[unknown(`$${name}`)]]);
  const all = (run.facts.given.get(name) ?? []).flatMap((giving) =>
    fromGiving(giving, name, { ...run, valuing: true }),
  );
  // A number that is counted up from itself is a number all the same.
  const found = several(all, `$${name}`);
  values.set(name, found);
  return found;
}

function fromGiving({ by }: Giving, name: string, run: Run): readonly Value[] {
  switch (by.is) {
    case 'number':
      return [[{ shape: 'number', shown: `$${name}` }]];
    case 'word':
      return picks([by.word], run).map((pick) => expandOne(by.word, run, pick));
    case 'list':
      return [[unknown(`$${name}`)]];
    case 'loop':
      return picks(by.words, run).flatMap((pick) =>
        expandWords(by.words, run, pick).map((arg) => valueOfLoop(arg, name)),
      );
    case 'line': {
      const output = run.notebook.outputs.get(by.of) ?? anything;
      return [[''], substituted(unsure(output), `$${name}`)];
    }
    case 'unset':
      return [['']];
    case 'anything':
      return [[unknown(`$${name}`)]];
  }
}

/** A word of a loop's list that is split has the shape of its parts, where those are names or numbers. */
const valueOfLoop = (arg: Arg, name: string): Value =>
  !arg.splits || /name|number/.test(shapeOf(arg.value)) ? arg.value : [unknown(`$${name}`)];

/** What a function is given in this place, by all its calls. */
function argumentsOf(place: number, pos: number, run: Run): readonly Value[] {
  const fun = functionAt(pos, run);
  if (!fun) return [[unknown(`$${place}`)]];
  const calls = run.facts.calls.get(fun) ?? [];
  return calls.flatMap(({ args }) =>
    picks(args, run).map((pick): Value => {
      const all = expandWords(args, run, pick);
      const before = all.slice(0, place);
      const arg = all[place - 1];
      return arg === undefined ? [''] : before.some((one) => one.splits) ? [unknown(`$${place}`)] : arg.value;
    }),
  );
}

const functionAt = (pos: number, run: Run): string | null =>
  [...run.facts.functions.values()].find((fun) => fun.pos <= pos && pos < fun.end)?.name ?? null;

/** Every list that `"${list[@]}"` or `"$@"` can be. */
function listsOf(part: Extract<Part, { is: 'list' }>, run: Run): readonly (readonly Arg[])[] {
  const open: readonly Arg[] = [{ value: [unknown(part.raw)], splits: true }];
  const fun = part.name === '@' ? functionAt(part.pos, run) : null;
  if (part.name === '@' && !fun) return [open];
  if (run.notebook.expanding.has(part.name + part.pos)) return [open];
  run.notebook.expanding.add(part.name + part.pos);
  const words = fun
    ? (run.facts.calls.get(fun) ?? []).map(({ args }) => args)
    : (run.facts.given.get(part.name) ?? []).map(({ by }) => (by.is === 'list' ? by.words : null));
  const lists = words.flatMap((list) =>
    list === null ? [open] : picks(list, run).map((pick) => expandWords(list, run, pick)),
  );
  run.notebook.expanding.delete(part.name + part.pos);
  // A list that was never set is an empty one, also where `set -u` stops at a variable.
  if (!fun && !isSetAt(part.name, part.pos, { ...run.facts, needsSet: false })) lists.push([]);
  return lists.length > most || lists.length === 0 ? [open] : lists;
}

/** Checks an expression's operands, and walks the commands in it. */
export function judgeSum(sum: Sum, run: Run): void {
  for (const body of sum.bodies) printed(body, run);
  for (const name of sum.reads) {
    const as = { pos: sum.pos, raw: `$${name}`, quote: '', run: 0 } as const;
    // What an expression itself sets is a number by the time it is read again.
    const safe = (value: Value) => shapeOf(value) === 'number' || /^-?\d*$/.test(literal(value) ?? 'x');
    const values = valuesOf({ is: 'value', name, otherwise: null, ...as }, run);
    const bad = values.find((value) => !safe(value));
    if (bad === undefined) continue;
    const tell = isLikelyNumber(bad) ? question : refusal;
    const sentence = `Bash evaluates $${name} as code in arithmetic, and it is not certain to be a number (${show(bad).slice(0, 60)}). Write [[ "$${name}" =~ ^[0-9]+$ ]] || exit 1 before it.`;
    report(run, sum, tell('arithmetic-on-data', sentence));
  }
}
