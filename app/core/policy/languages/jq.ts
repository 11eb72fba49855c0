// Reads a jq filter (yq: the same, without backslashes) by a closed grammar: paths, selection, comparison, counting.
// jq can also read the environment and further files, and generate without end. Each part tells how many times its
// input it may give at most, so that no filter can blow up. It must never accept a name that the lists do not hold.
import { type Issue, question, refusal } from '../engine/run.ts';
import { arity, fixedFirst, formats, nullary } from './jq-functions.ts';
import { ended, NotPlain, notPlain, pass, type Reading, rest, sees, understood, within } from './reading.ts';

/** How many times its input a filter may give at most. */
type Weight = number;
const heaviest = 10_000_000;

const environment = /(^|[^.\w$])(env|strenv|envsubst|input_filename|\$ENV|\$__\w+)\b|\$ENV\b|\$__/;
const opens =
  /(^|[^.\w])(import|include|load\w*|eval|system|exec|modulemeta|get_search_list|halt_error|debug|stderr)\b/;
/** Fields whose values are secrets, as APIs name them. */
const secretFields =
  /^(passwd|password|secret_?key|private_?key|access_?key|secretaccesskey|sessiontoken|secretstring|api_?key|client_?secret)$/i;

/** Why this filter may not run; null if it only reshapes its input. `dialect`: `yq` has other rules for backslashes. */
export function checkJq(filter: string, dialect: string): Issue | null {
  const found = understood(filter, (r) => {
    if (dialect === 'yq' && filter.includes('\\')) stop(r);
    const weight = pipe(r);
    if (!ended(r)) stop(r);
    if (weight > heaviest)
      notPlain(question('over-cap', 'This filter may give its input millions of times over.'));
    return null;
  });
  if (!(found instanceof NotPlain)) return null;
  if (found.issue.level === 'refuse') return found.issue;
  if (environment.test(filter))
    return refusal('secret-read', 'This filter reads the environment, secrets included.');
  return opens.test(filter)
    ? refusal('runs-code', 'This filter reads further files or runs code.')
    : found.issue;
}

/** True if the filter's last step can only give a number. */
export const givesNumber = (filter: string): boolean => /(^|\|)\s*length\s*\]?$/.test(filter.trim());

function stop(r: Reading): never {
  const cure = 'write paths, select(.a == "b"), map, length, sort_by and if, each on its own';
  return notPlain(question('not-plain', `The policy does not read this filter at “${rest(r)}”; ${cure}.`));
}

const space = (r: Reading) => pass(r, /\s*/y);
/** Reads a mark and the blanks around it. */
function mark(r: Reading, form: RegExp): string | null {
  const found = pass(r, form);
  if (found !== null) space(r);
  return found;
}
const need = (r: Reading, form: RegExp): string => mark(r, form) ?? stop(r);

/** `a | b`, `a as $x | b`: what the first gives goes through the second each time. */
function pipe(r: Reading): Weight {
  return within(r, () => {
    space(r);
    let weight = operators(r);
    for (;;) {
      if (mark(r, /as(?=\s+\$)/y)) variable(r);
      else if (!sees(r, /\|(?!=)/y)) return weight;
      need(r, /\|(?!=)/y);
      weight *= operators(r);
    }
  });
}

const added = (a: Weight, b: Weight) => a + b;
const times = (a: Weight, b: Weight) => a * b;
/** Operators between two filters, loosest first. Each side of a comma, an alternative or a sum adds its own output. */
const levels: readonly { sign: RegExp; weigh: (a: Weight, b: Weight) => Weight }[] = [
  { sign: /,/y, weigh: added },
  { sign: /\/\/(?!=)/y, weigh: added },
  { sign: /(and|or)\b/y, weigh: times },
  { sign: /[=!]=|<=?|>=?/y, weigh: times },
  { sign: /[-+](?!=)/y, weigh: added },
  { sign: /[*%](?!=)|\/(?![=/])/y, weigh: times },
];

function operators(r: Reading, at = 0): Weight {
  const level = levels[at];
  if (!level) return postfix(r);
  let weight = operators(r, at + 1);
  for (let sign = mark(r, level.sign); sign !== null; sign = mark(r, level.sign)) {
    const from = r.at;
    weight = level.weigh(weight, operators(r, at + 1));
    // A text times a number is that many texts.
    if (sign === '*') weight *= Number(/^\d+$/.exec(r.text.slice(from, r.at).trim())?.[0] ?? 1);
  }
  return weight;
}

function postfix(r: Reading): Weight {
  let weight = term(r);
  for (;;) {
    if (pass(r, /\.(?=[A-Za-z_])/y)) field(need(r, /\w+/y));
    else if (pass(r, /\.(?=")/y)) weight *= text(r, true);
    else if (mark(r, /\.?\[/y)) weight *= subscript(r);
    else if (!mark(r, /\?(?!\/)/y)) break;
  }
  space(r);
  return weight;
}

function field(name: string): Weight {
  if (secretFields.test(name))
    notPlain(refusal('secret-read', `This filter picks out ${name}, which holds a secret.`));
  return 1;
}

/** A variable of the filter's own: those in capitals and with underscores in front are jq's. */
function variable(r: Reading): Weight {
  need(r, /\$(?!ENV\b)[A-Za-z]\w*(?!::)/y);
  return 1;
}

/** Behind `[`: nothing, an index, a slice or a key. */
function subscript(r: Reading): Weight {
  if (mark(r, /\]/y)) return 1;
  if (!mark(r, /:/y)) {
    const key = /"(\w+)"\s*\]/y;
    if (sees(r, key)) field(/\w+/.exec(r.text.slice(r.at))?.[0] ?? '');
    const weight = pipe(r);
    if (!mark(r, /:/y)) {
      need(r, /\]/y);
      return weight;
    }
  }
  if (!sees(r, /\]/y)) pipe(r);
  need(r, /\]/y);
  return 1;
}

function term(r: Reading): Weight {
  if (mark(r, /-(?=[.\d(])/y)) return term(r);
  if (mark(r, /\.\.(?![.[])/y)) return 64;
  if (pass(r, /\.(?=[A-Za-z_])/y)) return field(need(r, /\w+/y));
  if (pass(r, /\.(?=")/y)) return text(r, true);
  if (mark(r, /\.(?![.\d])/y)) return 1;
  if (sees(r, /"/y)) return text(r, false);
  if (mark(r, /\d{1,15}(\.\d{1,15})?(?![\w.])/y)) return 1;
  if (sees(r, /\$/y)) return variable(r);
  if (mark(r, /\(/y)) return closed(r, /\)/y);
  if (mark(r, /\[/y)) return mark(r, /\]/y) ? 1 : closed(r, /\]/y);
  if (mark(r, /\{/y)) return object(r);
  if (sees(r, /@/y)) {
    const name = need(r, /@\w+/y);
    if (name === '@base64d')
      notPlain(refusal('secret-read', 'This filter decodes what was encoded, as secrets are.'));
    const factor = formats.get(name) ?? stop(r);
    return sees(r, /"/y) ? factor * text(r, false) : factor;
  }
  if (mark(r, /if\b/y)) return branch(r);
  return call(r);
}

function closed(r: Reading, end: RegExp): Weight {
  const weight = pipe(r);
  need(r, end);
  return weight;
}

function branch(r: Reading): Weight {
  pipe(r);
  need(r, /then\b/y);
  let weight = pipe(r);
  while (mark(r, /elif\b/y)) {
    pipe(r);
    need(r, /then\b/y);
    weight += pipe(r);
  }
  if (mark(r, /else\b/y)) weight += pipe(r);
  need(r, /end\b/y);
  return weight;
}

/** `{a, "b": .c, (.d): .e, $x}`. */
function object(r: Reading): Weight {
  let weight = 1;
  if (mark(r, /\}/y)) return 1;
  do {
    space(r);
    if (sees(r, /\$/y)) {
      variable(r);
      continue;
    }
    if (mark(r, /\(/y)) weight += closed(r, /\)/y);
    else if (sees(r, /"/y)) weight += text(r, true);
    else field(need(r, /[A-Za-z_]\w*/y));
    space(r);
    if (mark(r, /:/y)) weight += within(r, () => operators(r, 1));
  } while (mark(r, /,/y));
  need(r, /\}/y);
  return weight;
}

/** A text; what stands in `\(…)` is a filter of its own. `key`: it names a field. */
function text(r: Reading, key: boolean): Weight {
  const from = r.at;
  let weight = 1;
  if (!pass(r, /"/y)) stop(r);
  while (!pass(r, /"/y)) {
    if (pass(r, /\\\(/y)) {
      weight += pipe(r);
      if (!pass(r, /\)/y)) stop(r);
    } else if (!pass(r, /[^"\\\n]+|\\["\\/bfnrt]/y)) stop(r);
  }
  if (key) field(r.text.slice(from + 1, r.at - 1));
  space(r);
  return weight;
}

function call(r: Reading): Weight {
  const name = pass(r, /[a-z]\w*(?!::)\b/y) ?? stop(r);
  const alone = nullary.get(name);
  if (!sees(r, /\s*\(/y)) {
    space(r);
    if (alone !== undefined) return alone;
    r.at -= name.length;
    return stop(r);
  }
  const most = arity.get(name);
  if (most === undefined) {
    r.at -= name.length;
    return stop(r);
  }
  space(r);
  need(r, /\(/y);
  let weight = 1;
  let count = 0;
  do {
    space(r);
    // A pattern, a count or a format: written out, so that no data decides how long it takes.
    if (count < (fixedFirst.get(name) ?? 0)) {
      const fixed = mark(r, /"([^"\\\n]|\\["\\/bfnrt])*"|\d{1,4}(?!\w|\.)/y) ?? stop(r);
      weight *= /^\d/.test(fixed) && name === 'range' ? Math.max(1, Number(fixed)) : fixed.length;
    } else weight *= Math.max(1, pipe(r));
    count++;
  } while (mark(r, /;/y));
  need(r, /\)/y);
  if (count > most) stop(r);
  return weight;
}
