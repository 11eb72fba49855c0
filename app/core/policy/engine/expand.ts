// Expands words as bash would, as far as that can be known: variables, substitutions, lists, splitting.
// It must never drop a command: whatever a substitution runs is walked, wherever the word stands.

import { isSecretName } from '../kinds/secrets.ts';
import type { Part, Sum, Word } from '../parse/ir.ts';
import { mayBeSet } from './assign.ts';
import { type Run, refusal, report } from './run.ts';
import { forget, items, lookup, setVariable } from './scope.ts';
import {
  type Arg,
  anything,
  compact,
  join,
  literal,
  type Output,
  type Piece,
  shapeOf,
  substituted,
  type Value,
} from './value.ts';
import { walk } from './walk.ts';

/** Arguments of a command: unquoted parts split, empty ones vanish, lists become several. */
export function expandWords(words: readonly Word[], run: Run): Arg[] {
  const out: Arg[] = [];
  for (const word of words) expandInto(out, word, run);
  return out;
}

/** The same for one word, added to a list: nearly every word is plain text. */
export function expandInto(out: Arg[], word: Word, run: Run): void {
  const only = word.parts[0];
  if (word.parts.length === 1 && only?.is === 'text') out.push({ value: [only.text], splits: false });
  else out.push(...fields(word, run));
}

/** One word where bash does not split: values, redirections, patterns. */
export function expandOne(word: Word, run: Run): Value {
  return compact(word.parts.flatMap((part) => pieces(part, run)));
}

function fields(word: Word, run: Run): Arg[] {
  const out: Arg[] = [];
  let current: Piece[] | null = null;
  let splits = false;
  const add = (value: Value) => {
    current ??= [];
    current.push(...value);
  };
  const end = () => {
    if (current) out.push({ value: compact(current), splits });
    current = null;
    splits = false;
  };
  for (const part of word.parts) {
    if (part.is === 'variable' && part.access.how === 'items') {
      const known = items(run.scope, part.name);
      if (known) {
        known.forEach((value, index) => {
          if (index > 0) end();
          add(value);
          if (!part.quoted && !staysOne(value)) splits = true;
        });
      } else {
        add(pieces(part, run));
        splits = true;
      }
      continue;
    }
    const value = pieces(part, run);
    const quoted =
      part.is === 'text' || part.is === 'glob' || part.is === 'home' || ('quoted' in part && part.quoted);
    const text = quoted ? null : literal(value);
    if (text === null) {
      if (quoted || value.length > 0) add(value);
      if (part.is === 'glob') splits = true;
      if (!quoted && part.is !== 'stream' && !staysOne(value)) splits = true;
      continue;
    }
    // A known value outside quotes: bash splits it at white space, and then looks for file name patterns.
    const chunks = text.split(/[ \t\n]+/);
    chunks.forEach((chunk, index) => {
      if (index > 0) end();
      if (chunk === '') return;
      const glob = /[*?[]/.test(chunk);
      add([glob ? { shape: 'glob', shown: chunk } : chunk]);
      if (glob) splits = true;
    });
  }
  end();
  return out;
}

/** One argument for certain, even outside quotes: known text with nothing to split at, no pattern. */
const staysOne = (value: Value): boolean => {
  const text = literal(value);
  return text !== null && !/[\s*?[]/.test(text);
};

function pieces(part: Part, run: Run): Value {
  switch (part.is) {
    case 'text':
      return [part.text];
    case 'glob':
      return [{ shape: 'glob', shown: part.text }];
    case 'home':
      return [part.text];
    case 'output': {
      const inner: Output = walk(part.body, { ...run, scope: forkOf(run), maybe: true });
      return substituted(inner, part.source);
    }
    case 'sum':
      evaluate(part.sum, run);
      if (part.sum.constant !== null) return [String(part.sum.constant)];
      return [{ shape: 'number', shown: part.sum.source }];
    case 'stream':
      walk(part.body, {
        ...run,
        scope: forkOf(run),
        maybe: true,
        input: part.direction === 'out' ? { from: 'pipe', output: anything } : run.input,
      });
      return [{ shape: 'path', under: '/dev/fd', shown: part.source }];
    case 'variable':
      return variable(part, run);
  }
}

const forkOf = (run: Run) => ({ ...run.scope, variables: new Map(run.scope.variables) });

function variable(part: Extract<Part, { is: 'variable' }>, run: Run): Value {
  const { access, name, source } = part;
  for (const sum of access.sums) evaluate(sum, run, access.how === 'item' && run.scope.tables.has(name));
  const words = access.words.map((word) => expandOne(word, run));
  if (isSecretName(name) && !run.scope.variables.has(name) && access.how !== 'length') {
    report(
      run,
      part,
      refusal('secret-read', `$${name} would hand a secret of the environment to the script.`),
    );
  }
  const value = lookup(run.scope, name, source);
  switch (access.how) {
    case 'plain':
    case 'require':
      return value;
    case 'length':
    case 'digits':
      return [{ shape: 'number', shown: source }];
    case 'items':
    case 'joined':
    case 'item':
      return listed(name, source, run);
    case 'derived': {
      const shape = shapeOf(value);
      // What is cut from digits is digits or nothing.
      return [
        {
          shape: shape === 'number' && words.every((w) => literal(w) !== null) ? 'number' : 'text',
          shown: source,
        },
      ];
    }
    case 'default': {
      const known = run.scope.variables.get(name);
      const other = words[0] ?? [''];
      if (known && !known.items && literal(known.value))
        return join(known.value, /\+/.test(source) ? other : known.value, source);
      return join([{ shape: known ? shapeOf(value) : 'text', shown: source }], other, source);
    }
    case 'assign':
      mayBeSet(name, run, part);
      setVariable(run.scope, name, [{ shape: 'text', shown: `$${name}` }]);
      return [{ shape: 'text', shown: source }];
  }
}

function listed(name: string, source: string, run: Run): Value {
  const known = items(run.scope, name);
  const shapes = (known ?? []).map((value) => shapeOf(value));
  if (known && known.length > 0 && shapes.every((s) => s === 'number'))
    return [{ shape: 'number', shown: source }];
  if (known && known.length > 0 && shapes.every((s) => s === 'number' || s === 'name'))
    return [{ shape: 'name', shown: source }];
  return lookup(run.scope, name, source).length === 1 && !known
    ? lookup(run.scope, name, source).map((p) => (typeof p === 'string' ? p : { ...p, shown: source }))
    : [{ shape: 'text', shown: source }];
}

/** Checks an expression's operands, walks the commands in it and applies its changes. */
export function evaluate(sum: Sum, run: Run, asText = false): void {
  for (const body of sum.outputs) {
    const output = walk(body, { ...run, scope: forkOf(run), maybe: true });
    if (output.shape !== 'number' && !asText) unsafe(sum, run, 'the output of a command');
  }
  if (asText) return;
  for (const name of sum.reads) {
    const known = run.scope.variables.get(name);
    const value = known?.items ? (known.items[0] ?? ['']) : lookup(run.scope, name, `$${name}`);
    if (shapeOf(value) !== 'number' && !/^-\d+$/.test(literal(value) ?? '')) unsafe(sum, run, `$${name}`);
  }
  for (const name of sum.writes) {
    mayBeSet(name, run, sum);
    forget(run.scope, name, true);
  }
}

function unsafe(sum: Sum, run: Run, what: string): void {
  const sentence = `Bash evaluates ${what} as code in arithmetic, and it is not certain to be a number.`;
  report(run, sum, refusal('arithmetic-on-data', sentence));
}
