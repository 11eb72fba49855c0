// Translates simple commands, what they set and where they redirect. Must never take an argument for an assignment, or one for the other.
import type { Assignment, Redirection, Command as ShellCommand } from 'unbash';
import { limits } from '../limits.ts';
import type { Reader } from './reader.ts';
import { type Assign, type Node, plainText, type Redirect, type Word } from './tree.ts';
import { readWord } from './words.ts';

export function readCommand(node: ShellCommand, r: Reader): Node[] {
  r.size.commands += 1;
  r.size.words += node.prefix.length + node.suffix.length;
  // Over the limits it is refused, whatever it says.
  if (r.size.commands > limits.commands || r.size.words > limits.words) return [];
  const span = r.span(node);
  const redirects = node.redirects.flatMap((redirect) => readRedirect(redirect, r));
  const sets = node.prefix.flatMap((part) => (part.type === 'Assignment' ? [readAssign(part, r)] : []));
  const how = node.name?.text ?? '';
  const declares = /^(local|readonly|export|declare|typeset)$/.test(how);
  if (!node.name && redirects.length === 0) return [{ ...span, is: 'assign', how: '', sets }];
  if (declares) {
    const own = node.suffix.flatMap((part) => readDeclared(part, r));
    const strange =
      how === 'declare' || how === 'typeset' || sets.length > 0 || redirects.length > 0 || own.length === 0;
    if (strange) r.odd(node, `This use of ${how}`, 'local x=…, readonly x=… or x=…');
    if (/^(declare|typeset|local|readonly)$/.test(how) && own.some((set) => isListInText(set, span.source)))
      r.bad(node, 'subscript', 'Bash reads this text as a list, and evaluates what is in it. Write x=(a b).');
    return [{ ...span, is: 'assign', how: strange ? 'strange' : (how as 'local'), sets: [...sets, ...own] }];
  }
  const words = node.name ? [readWord(node.name, 'argument', r)] : [];
  for (const part of node.suffix) {
    if (part.type === 'Word') words.push(readWord(part, 'argument', r));
    else if (part.type === 'Assignment') words.push(...wordOfAssignment(part, r));
  }
  return [{ ...span, is: 'command', sets, words, redirects }];
}

/** `declare -A m='([k]=…)'`: text that is taken for a list, whoever put it together. */
const isListInText = ({ value }: Assign, source: string): boolean =>
  value !== null &&
  !Array.isArray(value) &&
  (/^[a-z]+ (-\w+ )*-\w*[aA]/.test(source) || /^['"]?\(/.test(value.source));

/** An argument of local and its kin. An option, or a name that is put together, gives a variable a meaning of its own. */
function readDeclared(part: ShellCommand['suffix'][number], r: Reader): Assign[] {
  if (part.type === 'Assignment') return [readAssign(part, r)];
  if (part.type !== 'Word') return [];
  const word = readWord(part, 'argument', r);
  const name = plainText(word);
  if (name !== null && /^[A-Za-z_]\w*$/.test(name)) return [{ ...r.span(part), name, value: null }];
  if (name !== null && /^-[prxaA]+$/.test(name)) r.odd(part, 'This option', 'the name alone');
  else r.bad(part, 'indirect', 'Which variable this is, or what it means, is known only at run time.');
  return [];
}

/** `a=b` behind a command is a word like any other, and split like one. */
function wordOfAssignment(a: Assignment, r: Reader): Word[] {
  if (a.value.type !== 'Word' || a.index || a.append) {
    r.odd(a, 'This argument', 'it between quotes');
    return [];
  }
  const value = readWord(a.value, 'argument', r);
  const raw = `${a.name}=`;
  const text = { is: 'text', raw, text: raw, quote: '', run: 0 } as const;
  return [{ ...r.span(a), parts: [text, ...value.parts] }];
}

function readAssign(a: Assignment, r: Reader): Assign {
  const base = { ...r.span(a), name: a.name };
  if (a.append) {
    const number = `another variable, or ${a.name}=$((${a.name} + 1)) for a number`;
    r.odd(a, '+=', a.value.type === 'Word' ? number : 'the whole list at once');
  }
  if (a.index) {
    r.bad(a, 'subscript', 'Bash evaluates a subscript as code. Write the list at once: x=(a b).');
    for (const part of a.index.parts ?? []) if ('script' in part) r.nested(part.script, part);
  }
  if (a.value.type === 'Word') {
    const value = readWord(a.value, 'value', r);
    return { ...base, value };
  }
  for (const element of a.value.elements)
    if (/^\[/.test(element.text))
      r.bad(element, 'subscript', 'List elements with a subscript of their own are not accepted.');
  return { ...base, value: a.value.elements.map((word) => readWord(word, 'argument', r)) };
}

export function readRedirect(redirect: Redirection, r: Reader): Redirect[] {
  const span = r.span(redirect);
  if (redirect.descriptor && redirect.descriptor.type !== 'FileDescriptor')
    r.bad(redirect, 'redirect', 'A file descriptor is chosen at run time.');
  const descriptor = redirect.descriptor?.type === 'FileDescriptor' ? redirect.descriptor.value : null;
  if (descriptor !== null && descriptor > 2) r.odd(redirect, 'A descriptor above 2', '1 or 2');
  if (redirect.type === 'HereDoc') {
    const { body, delimiter } = redirect;
    if (!delimiter || !redirect.closing) r.bad(redirect, 'syntax', 'A here-document has no end.');
    if (!delimiter?.quoted || redirect.operator === '<<-')
      r.odd(redirect, 'A here-document in which values are put', "<<'EOF', and printf for values");
    const text = { raw: body.text, quote: "'", run: 1 } as const;
    // Quotes mean something else in here than the parser takes them for.
    if (!delimiter?.quoted && /\$\{[^}]*(`|\$\()/.test(body.text))
      r.bad(
        redirect,
        'substitution',
        'A substitution hides in this here-document. Write it before, as x="$(…)".',
      );
    const bodies = (body.parts ?? []).flatMap((part) =>
      'script' in part ? [r.nested(part.script, part)] : [],
    );
    const part = delimiter?.quoted
      ? ({ ...text, is: 'text', text: body.text } as const)
      : ({ ...text, is: 'strange', bodies, like: null } as const);
    return [
      {
        ...span,
        operator: '<<',
        descriptor,
        target: { ...span, parts: [part] },
        ends: delimiter?.value ?? '',
      },
    ];
  }
  if (!redirect.target) {
    r.bad(redirect, 'redirect', 'A redirection has no target.');
    return [];
  }
  const target = readWord(redirect.target, redirect.type === 'HereString' ? 'value' : 'argument', r);
  const { operator } = redirect;
  switch (operator) {
    case '<<<':
      r.odd(redirect, '<<<', 'printf and a pipe');
      return [{ ...span, operator: '<<', descriptor, target, ends: '' }];
    case '>':
    case '>>':
    case '<':
    case '>&':
    case '&>':
      return [{ ...span, operator, descriptor, target }];
    default:
      if (operator === '<>') r.bad(redirect, 'redirect', 'A file is opened for reading and writing at once.');
      else r.odd(redirect, operator, '< or > alone');
      return [{ ...span, operator: operator.includes('>') ? '>' : '<', descriptor, target }];
  }
}
