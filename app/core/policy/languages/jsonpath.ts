// The formats in which kubectl prints: a template of paths (jsonpath), columns of paths, or a whole document.
// It must never accept a template that picks out secrets or environments, nor one that it cannot divide into paths.
import { type Issue, question, refusal } from '../engine/run.ts';
import { ended, NotPlain, notPlain, pass, type Reading, rest, sees, understood, within } from './reading.ts';

/** Fields that hold secrets, or may: https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/ */
const secret = /secret|passw|token|credential|private_?key|api_?key|^(string|binary)?data$|^env(From)?$/i;

/** Why this value of `-o` is not accepted; null if it only prints what was read. */
export function checkFormat(format: string): Issue | null {
  if (/^(json|yaml|wide|name|)$/.test(format)) return null;
  const [kind = '', text = ''] = parts(format);
  if (/-file$/.test(kind))
    return question('option', 'The format is read from a file; write it out as jsonpath={.a.b}.');
  const read =
    kind === 'jsonpath' || kind === 'jsonpath-as-json'
      ? template
      : kind === 'custom-columns'
        ? columns
        : null;
  const found = read ? understood(text, read) : null;
  if (found instanceof NotPlain && found.issue.level === 'refuse') return found.issue;
  if (read && !(found instanceof NotPlain)) return null;
  // Whatever is wrong with it, nobody needs to look at a format that names a secret.
  if (/secret|password|token|\.data\b|env\b/i.test(text)) return secretField('this format');
  return found instanceof NotPlain
    ? found.issue
    : question(
        'not-plain',
        `The policy does not read the format ${kind}; write -o jsonpath={.a.b} or -o json.`,
      );
}

/** The kind of a format and its text; kubectl takes quotes around it that are left. */
function parts(format: string): [string, string] {
  const at = format.indexOf('=');
  const text = at < 0 ? '' : format.slice(at + 1);
  return [at < 0 ? format : format.slice(0, at), text.replace(/^(['"])([\s\S]*)\1$/, '$2')];
}

/** The one path that a jsonpath prints for each object, with what stands around it left out; null if it is another format. */
export function onlyPath(format: string): string | null {
  const [kind, text] = parts(format);
  if (kind !== 'jsonpath' || checkFormat(format) !== null) return null;
  const separators = /\{("\\n"|'\\n'|" ")\}/g;
  const inner = text
    .replace(/^\{range \.items\[\*\]\}/, '')
    .replace(/\{end\}$/, '')
    .replace(separators, '');
  return /^\{([^{}"']+)\}$/.exec(inner)?.[1] ?? null;
}

const secretField = (name: string): Issue =>
  refusal('secret-read', `By its name, ${name} picks out secrets or environment variables.`);

function stop(r: Reading): never {
  const cure = 'write {.items[*].metadata.name}, {range .items[*]}…{end} or {.items[?(@.a=="b")].c}';
  return notPlain(question('not-plain', `The policy does not read this format at “${rest(r)}”; ${cure}.`));
}

/** Text, and expressions in braces. */
function template(r: Reading): null {
  let open = 0;
  while (!ended(r)) {
    if (pass(r, /[^{}]+/y)) continue;
    if (!pass(r, /\{[ \t]*/y)) stop(r);
    if (pass(r, /range[ \t]+/y)) {
      open++;
      path(r);
    } else if (pass(r, /end(?=[ \t]*\})/y)) open--;
    else if (!pass(r, /"([^"\\\n]|\\[nt"\\])*"|'([^'\\\n]|\\[nt'\\])*'/y)) path(r);
    if (!pass(r, /[ \t]*\}/y) || open < 0) stop(r);
  }
  return open === 0 ? null : stop(r);
}

/** `NAME:.path,NAME:.path`. A comma always begins the next column. */
function columns(r: Reading): null {
  do {
    if (!pass(r, /[A-Za-z][\w /%()-]*:/y)) stop(r);
    const braces = pass(r, /\{/y);
    if (sees(r, /[A-Za-z_]/y)) field(r, /[A-Za-z_][\w-]*/y);
    path(r, true);
    if (braces && !pass(r, /\}/y)) stop(r);
  } while (pass(r, /,/y));
  return ended(r) ? null : stop(r);
}

/** `.a.b[0]`, `['a']`, `[*]`, `..a`, `[?(@.a=="b")]`; `@` or `$` may stand in front. `relative`: one may be empty. */
function path(r: Reading, relative = false): void {
  const from = r.at;
  pass(r, /[$@]/y);
  for (;;) {
    if (pass(r, /\.\.?\*/y)) continue;
    if (pass(r, /\.\.?(?=[A-Za-z_])/y)) field(r, /([\w/-]|\\[./-])+/y);
    else if (pass(r, /\[/y)) subscript(r);
    else break;
  }
  // A point alone is the whole object.
  if (r.at === from && !relative && !pass(r, /\.(?=[ \t]*\})/y)) stop(r);
}

function field(r: Reading, form: RegExp): void {
  const name = pass(r, form) ?? stop(r);
  if (secret.test(name)) notPlain(secretField(name));
}

function subscript(r: Reading): void {
  if (pass(r, /\?\([ \t]*/y)) within(r, () => filter(r));
  else if (sees(r, /['"]/y)) {
    pass(r, /['"]/y);
    field(r, /[\w./-]+/y);
    if (!pass(r, /['"]/y)) stop(r);
  } else if (!pass(r, /\*|(-?\d{0,6}:){1,2}-?\d{0,6}|-?\d{1,6}(,-?\d{1,6})*/y)) stop(r);
  if (!pass(r, /\]/y)) stop(r);
}

/** `@.a=="b"`, `@.a>5`, or `@.a` alone, which asks whether it is there. */
function filter(r: Reading): void {
  operand(r);
  if (pass(r, /[ \t]*(==|!=|<=|>=|<|>)[ \t]*/y)) operand(r);
  if (!pass(r, /[ \t]*\)/y)) stop(r);
}

function operand(r: Reading): void {
  if (!pass(r, /"[^"\\\n]*"|'[^'\\\n]*'|-?\d{1,12}(\.\d{1,6})?|true\b|false\b/y)) path(r);
}
