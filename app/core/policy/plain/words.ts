// Words: text, values, outputs and sums. What a word says is worked out here a second time, beside the parser: where the two differ,
// the word is strange. Must never let a substitution hide inside text.
import type { DoubleQuotedChild, ParameterExpansionPart, Word as ShellWord, WordPart } from 'unbash';
import type { Reader } from './reader.ts';
import { readSum } from './sums.ts';
import type { Node, Part, Word } from './tree.ts';

/** Where a word stands: only arguments are split at blanks, and only patterns are none of file names. */
export type Where = 'argument' | 'value' | 'pattern';
type Quote = Part['quote'];

export function readWord(word: ShellWord, where: Where, r: Reader): Word {
  const parts: Part[] = [];
  let run = 0;
  const raw: readonly WordPart[] = word.parts ?? [
    { type: 'Literal', pos: word.pos, end: word.end, value: word.value, text: word.text },
  ];
  for (const part of raw) {
    run += 1;
    if (part.type === 'DoubleQuoted') {
      if (part.parts.length === 0) parts.push({ is: 'text', raw: '', text: '', quote: '"', run });
      for (const child of part.parts) parts.push(read(child, '"', run, where, r));
    } else if (part.type === 'SingleQuoted')
      parts.push({ is: 'text', raw: part.value, text: part.value, quote: "'", run });
    else parts.push(read(part, '', run, where, r));
  }
  const out = { ...r.span(word), parts };
  if (parts.every((part) => part.is !== 'strange') && written(out) !== word.text)
    r.odd(word, 'This word, which can be read in two ways,', 'it in one pair of quotes');
  return out;
}

/** A word as it is written, from its parts. */
export function written(word: Word, output: (body: Node[], raw: string) => string = (_, raw) => raw): string {
  let text = '';
  let [run, quote] = [0, ''];
  for (const part of word.parts) {
    if (part.run !== run) text += quote + part.quote;
    [run, quote] = [part.run, part.quote];
    text += part.is === 'output' ? output(part.body, part.raw) : part.raw;
  }
  return text + quote;
}

function read(part: WordPart | DoubleQuotedChild, quote: Quote, run: number, where: Where, r: Reader): Part {
  const as = { raw: part.text, quote, run };
  const strange = (what: string, instead: string, like: 'glob' | null = null): Part => {
    r.odd(part, what, instead);
    return { ...as, is: 'strange', bodies: bodiesIn(part, r), like };
  };
  const split = (shown: string): void => {
    if (quote === '' && where === 'argument') r.odd(part, `${shown} outside quotes`, `"${shown}"`);
  };
  switch (part.type) {
    case 'Literal':
      return text(part.value, part.text, quote, run, where, r, part);
    case 'Glob':
      // The parser keeps what stands between brackets as it is.
      if (/[$`]/.test(part.text)) {
        r.bad(part, 'substitution', 'A substitution hides in this pattern.');
        return { ...as, is: 'strange', bodies: [], like: null };
      }
      if (where === 'pattern' && part.kind !== 'bracket') return { ...as, is: 'pattern' };
      if (where === 'pattern' && /^\[[\w!-]+\]$/.test(part.text)) return { ...as, is: 'pattern' };
      if (where === 'value') return { ...as, is: 'text', text: part.text };
      return strange('A file name pattern', 'each name, or quotes around what is none', 'glob');
    case 'SimpleExpansion':
    case 'ParameterExpansion': {
      const value = parameter(part, as, r);
      if (value === null) {
        if (/['\\]/.test(part.text) && /`|\$\(/.test(part.text))
          r.bad(
            part,
            'substitution',
            'A substitution hides in this expansion. Write it before, as x="$(…)".',
          );
        return strange('This expansion', 'a variable of its own for the result');
      }
      if (value.is === 'list' && (quote === '' || run === 0))
        return strange('A list outside quotes', `"${part.text}"`);
      split(part.text);
      return value;
    }
    case 'CommandExpansion': {
      if (!part.text.startsWith('$(')) return strange('A command between backticks', 'it between $( and )');
      const body = r.nested(part.script, part);
      const [only, more] = body;
      if (only === undefined) return strange('A substitution without a command', 'a command');
      if (more === undefined && only.is === 'command' && only.words.length === 0)
        r.odd(part, '$(< file)', '"$(cat file)"');
      split(part.text.length > 30 ? '$(…)' : part.text);
      return { ...as, is: 'output', body, pos: part.pos };
    }
    case 'ArithmeticExpansion':
      if (!part.text.startsWith('$((')) return strange('$[ ]', '$(( ))');
      split(part.text);
      return { ...as, is: 'sum', sum: readSum(part.expression, part, r) };
    case 'ProcessSubstitution':
      if (r.span({ pos: part.end, end: part.end + 1 }).source === '#')
        r.bad(
          part,
          'syntax',
          'What follows this substitution can be read as a comment or not. Write a blank.',
        );
      return strange('A process substitution', 'a pipe or a temporary file');
    case 'BraceExpansion':
      return strange('A brace expansion', 'the words one by one');
    case 'AnsiCQuoted':
      return strange("Text between $' and '", 'it between plain quotes, and printf for line breaks');
    default:
      return strange('This form of quoting or pattern', 'it between plain quotes');
  }
}

/** The commands that a part hides which is not read any further. */
function bodiesIn(part: WordPart | DoubleQuotedChild, r: Reader): Node[][] {
  const below = (parts: readonly WordPart[] | undefined) => (parts ?? []).flatMap((one) => bodiesIn(one, r));
  if ('script' in part) return [r.nested(part.script, part)];
  if (part.type === 'ArithmeticExpansion') return readSum(part.expression, part, r).bodies;
  if (part.type !== 'ParameterExpansion') return 'parts' in part ? below(part.parts) : [];
  const words: (ShellWord | undefined)[] = [part.index];
  for (const value of Object.values(part.operation ?? {}))
    if (typeof value === 'object' && value !== null) words.push(value as ShellWord);
  return words.flatMap((word) => below(word?.parts));
}

/** What a backslash leaves between double quotes, as bash reads it. */
const unescaped = (raw: string): string => raw.replace(/\\([$`"\\])|\\\n/g, (_, kept) => kept ?? '');

function text(
  value: string,
  raw: string,
  quote: Quote,
  run: number,
  where: Where,
  r: Reader,
  place: { pos: number; end: number },
): Part {
  const as = { raw, quote, run };
  const odd = (what: string, instead: string, like: 'glob' | 'home' | null = null): Part => {
    r.odd(place, what, instead);
    return { ...as, is: 'strange', bodies: [], like };
  };
  if (/(^|[^\\])(\\\\)*(`|\$[({'"A-Za-z_])/.test(raw)) {
    r.bad(place, 'substitution', 'A substitution hides in this text.');
    return { ...as, is: 'strange', bodies: [], like: null };
  }
  // Outside quotes these signs never stand for themselves. The parser takes `5>(…)` for text, and bash runs what is in there.
  if (quote === '' && (where === 'pattern' ? /[<>]/ : /[<>()|&;]/).test(raw.replace(/\\./gs, ''))) {
    r.bad(place, 'substitution', 'A substitution hides in this text.');
    return { ...as, is: 'strange', bodies: [], like: null };
  }
  if (quote === '"')
    return unescaped(raw) === value ? { ...as, is: 'text', text: value } : odd('This text', 'it simpler');
  if (/(^|[=:])~/.test(raw)) return odd('A tilde', 'the directory itself, or quotes around it', 'home');
  if (/^\\[;()!]$/.test(raw)) return { ...as, is: 'text', text: value };
  if (raw.includes('\\')) {
    // A line that goes on says nothing, and a dot or a dollar sign stands for itself.
    if (raw.replace(/\\\n/g, '') !== value)
      return odd('A backslash outside quotes', 'it between single quotes');
    return odd('A word that goes on in the next line', 'it in one line');
  }
  if (raw !== value || !/^[\x21-\x7e]*$/.test(raw)) return odd('This text', 'it between quotes');
  if (
    where === 'argument' &&
    /[{}]/.test(raw) &&
    raw !== '{}' &&
    /[{,.]/.test(raw) &&
    /\{.*(,|\.\.).*\}/.test(raw)
  )
    return odd('A brace expansion', 'the words one by one');
  if (where !== 'pattern' && /[*?[]/.test(raw) && where === 'argument' && raw !== '[' && raw !== '[[')
    return odd('A file name pattern', 'each name, or quotes around what is none', 'glob');
  return { ...as, is: 'text', text: value };
}

/** `$x`, `${x}`, `${x:-literal}`, `${list[@]}`; null for every other form. */
function parameter(
  part: Extract<WordPart, { type: 'SimpleExpansion' }> | ParameterExpansionPart,
  as: { raw: string; quote: Quote; run: number },
  r: Reader,
): Part | null {
  const name = part.type === 'SimpleExpansion' ? part.text.slice(1) : part.parameter;
  const at = { ...as, pos: part.pos };
  if (name === '@' || name === '*') {
    if (part.type === 'ParameterExpansion') return null;
    return { ...at, is: 'list', name: '@', joined: name === '*' };
  }
  if (!/^([A-Za-z_]\w*|[0-9]|[?#])$/.test(name)) return null;
  if (part.type === 'SimpleExpansion') return { ...at, is: 'value', name, otherwise: null };
  if (part.prefix === '!') {
    r.bad(part, 'indirect', 'Which variable is read here is known only at run time. Name it.');
    return null;
  }
  const { operation: op, index, prefix } = part;
  if (prefix) return null;
  if (index) return index.value === '@' && !op ? { ...at, is: 'list', name, joined: false } : null;
  if (!op) return { ...at, is: 'value', name, otherwise: null };
  if (op.type === 'Transform')
    r.bad(part, 'expansion', 'This expansion evaluates text as code. Leave it out.');
  if (op.type !== 'Default' || op.operator !== ':-') return null;
  const { operand } = op;
  return /^[\w./:@=+-]*$/.test(operand.text) && operand.text === operand.value
    ? { ...at, is: 'value', name, otherwise: operand.value }
    : null;
}
