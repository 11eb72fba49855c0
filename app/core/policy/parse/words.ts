// Translates words: quoting is gone afterwards, every substitution is a part of its own.
// It must never let a substitution hide inside a literal: text that still looks like one is a problem.
import type { ParameterExpansionPart, Word as ShellWord, WordPart } from 'unbash';
import { alternatives } from './braces.ts';
import type { Access, Part, Word } from './ir.ts';
import type { Reader } from './reader.ts';
import { readSum, readWordAsSum } from './sums.ts';

/** A word where bash expands braces (arguments, lists of `for`): it may become several. */
export function readWords(word: ShellWord, r: Reader): Word[] {
  const parts = word.parts ?? [];
  const at = parts.findIndex((part) => part.type === 'BraceExpansion');
  if (at < 0) return [readWord(word, r)];
  r.posix = false;
  let words: Part[][] = [[]];
  for (const [index, part] of parts.entries()) {
    const choices =
      part.type === 'BraceExpansion' ? alternatives(part.text) : [readPart(part, false, index === 0, r)];
    if (choices === null || words.length * choices.length > 1000) {
      r.problem(
        word.pos,
        word.end,
        'braces',
        'These braces expand to words that cannot be read off the script.',
      );
      return [];
    }
    words = words.flatMap((head) =>
      choices.map((choice) => [
        ...head,
        ...(typeof choice === 'string' ? [{ is: 'text', text: choice, quoted: false } as const] : choice),
      ]),
    );
  }
  // An alternative that leaves nothing is no word.
  const kept = words.filter((list) => list.some((p) => p.is !== 'text' || p.quoted || p.text !== ''));
  return kept.map((list) => ({ at: r.at(word.pos), source: word.text, parts: list }));
}

/** A word where bash does not expand braces: values, redirections, patterns, operands of tests. */
export function readWord(word: ShellWord, r: Reader): Word {
  const parts = word.parts
    ? word.parts.flatMap((part, index) => readPart(part, false, index === 0, r))
    : literal(word.value, word.text, false, word.pos, r, true);
  return { at: r.at(word.pos), source: word.text, parts };
}

/** Parts of a here-document's body, which behaves as if inside double quotes. */
export function readParts(parts: readonly WordPart[], r: Reader): Part[] {
  return parts.flatMap((part) => readPart(part, true, false, r));
}

function readPart(part: WordPart, quoted: boolean, first: boolean, r: Reader): Part[] {
  switch (part.type) {
    case 'Literal':
      return literal(part.value, part.text, quoted, part.pos, r, first && !quoted);
    case 'SingleQuoted':
      return [{ is: 'text', text: part.value, quoted: true }];
    case 'AnsiCQuoted':
      r.posix = false;
      return [{ is: 'text', text: part.value, quoted: true }];
    case 'DoubleQuoted':
      if (part.parts.length === 0) return [{ is: 'text', text: '', quoted: true }];
      return part.parts.flatMap((child) => readPart(child, true, false, r));
    case 'Glob':
      if (part.parts?.some((child) => child.type !== 'Literal' && child.type !== 'SingleQuoted')) {
        r.problem(part.pos, part.end, 'pattern', 'This file name pattern is put together at run time.');
      }
      return quoted ? [{ is: 'text', text: part.text, quoted }] : [{ is: 'glob', text: part.text }];
    case 'ExtendedGlob':
      // Without a setting that scripts may not change, bash reads these brackets in another way.
      r.posix = false;
      r.problem(part.pos, part.end, 'pattern', 'Patterns of this form are not switched on in scripts.');
      return [{ is: 'glob', text: part.text }];
    case 'BraceExpansion':
      r.posix = false;
      if (/[$`'"\\]/.test(part.text)) {
        r.problem(part.pos, part.end, 'braces', 'These braces hold more than plain text.');
      }
      return [{ is: 'text', text: part.text, quoted: false }];
    case 'SimpleExpansion':
      return [variable(part.text.slice(1), part.text, quoted, part.pos, part.end, r)];
    case 'ParameterExpansion':
      return [parameter(part, quoted, r)];
    case 'CommandExpansion': {
      if (part.text.startsWith('${')) {
        r.problem(
          part.pos,
          part.end,
          'substitution',
          'This form of command substitution differs between versions of bash.',
        );
      }
      return [{ is: 'output', quoted, source: part.text, body: r.nested(part.script, part.pos, part.end) }];
    }
    case 'ArithmeticExpansion':
      return [{ is: 'sum', quoted, sum: readSum(part.expression, part.pos, part.end, r) }];
    case 'ProcessSubstitution': {
      r.posix = false;
      const direction = part.operator === '<' ? 'in' : 'out';
      return [
        { is: 'stream', source: part.text, direction, body: r.nested(part.script, part.pos, part.end) },
      ];
    }
    default:
      r.problem(part.pos, part.end, 'quoting', 'This form of quoting is not read by the policy.');
      return [];
  }
}

function literal(
  value: string,
  raw: string,
  quoted: boolean,
  pos: number,
  r: Reader,
  first: boolean,
): Part[] {
  if (hidesSubstitution(raw))
    r.problem(pos, pos + raw.length, 'substitution', 'A substitution hides in this text.');
  if (!quoted && /[^\x20-\x7e\t\n]/.test(raw)) {
    r.problem(pos, pos + raw.length, 'encoding', 'Characters other than ASCII stand outside quotes.');
  }
  if (!first || !raw.startsWith('~'))
    return [{ is: 'text', text: value, quoted: quoted || raw.includes('\\') }];
  const slash = value.indexOf('/');
  const home = slash < 0 ? value : value.slice(0, slash);
  const rest = value.slice(home.length);
  return [{ is: 'home', text: home }, ...(rest ? [{ is: 'text', text: rest, quoted } as const] : [])];
}

/** A second look, in case the parser ever takes for text what bash would run. */
function hidesSubstitution(raw: string): boolean {
  for (let i = 0; i < raw.length; i++) {
    if (raw[i] === '\\') i++;
    else if (raw[i] === '`') return true;
    else if (raw[i] === '$' && /[({[\w]/.test(raw[i + 1] ?? '')) return true;
  }
  return false;
}

function variable(name: string, source: string, quoted: boolean, pos: number, end: number, r: Reader): Part {
  if (name === 'IFS')
    r.problem(pos, end, 'obfuscation', 'The field separator is used as text, which hides what runs.');
  const how = name === '@' ? 'items' : name === '*' ? 'joined' : 'plain';
  return { is: 'variable', at: r.at(pos), name, quoted, source, access: { how, words: [], sums: [] } };
}

function parameter(part: ParameterExpansionPart, quoted: boolean, r: Reader): Part {
  const base = variable(part.parameter, part.text, quoted, part.pos, part.end, r);
  if (base.is !== 'variable') return base;
  const access: Access = { how: base.access.how, words: [], sums: [] };
  const index = part.index?.value;
  if (part.index) r.posix = false;
  if (index === '@') access.how = 'items';
  else if (index === '*') access.how = 'joined';
  else if (part.index) {
    access.how = 'item';
    access.sums.push(readWordAsSum(part.index, r));
  }
  if (part.prefix === '#') access.how = 'length';
  else if (part.prefix === '!') {
    // `${!list[@]}` lists subscripts, which are numbers; every other form names a variable at run time.
    if (access.how === 'items' && part.index && !part.operation) access.how = 'digits';
    else r.problem(part.pos, part.end, 'indirect', 'Which variable is read here is known only at run time.');
  }
  return { ...base, access: operation(part, access, r) };
}

function operation(part: ParameterExpansionPart, access: Access, r: Reader): Access {
  const op = part.operation;
  if (!op) return access;
  const word = (w: ShellWord) => access.words.push(readWord(w, r));
  switch (op.type) {
    case 'Default': {
      word(op.operand);
      const last = op.operator.at(-1);
      access.how = last === '=' ? 'assign' : last === '?' ? 'require' : 'default';
      return access;
    }
    case 'Remove':
      word(op.operand);
      break;
    case 'Replace': {
      r.posix = false;
      word(op.pattern);
      word(op.replacement);
      const rest = /^\[[!^](0-9|\[:digit:\])\]$/.test(op.pattern.text) && op.replacement.text === '';
      if (op.operator === '//' && rest) return { ...access, how: 'digits' };
      break;
    }
    case 'Slice':
      r.posix = false;
      access.sums.push(readWordAsSum(op.offset, r));
      if (op.length) access.sums.push(readWordAsSum(op.length, r));
      break;
    case 'CaseModification':
      r.posix = false;
      if (op.operand) word(op.operand);
      break;
    default: {
      r.posix = false;
      const letter = op.type === 'Transform' ? op.operand.value : '';
      if (!/^[QUuL]$/.test(letter)) {
        r.problem(
          part.pos,
          part.end,
          'expansion',
          'This expansion evaluates text as code or is not known to the policy.',
        );
      }
    }
  }
  return { ...access, how: access.how === 'items' ? 'items' : 'derived' };
}
