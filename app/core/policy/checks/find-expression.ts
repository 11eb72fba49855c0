// The expression of find by its grammar: tests, their values, brackets, and what is done with each file that is found.
// It must never read a word as harmless that find would take for an action.
import { type Issue, question, refusal } from '../engine/run.ts';
import { type Arg, show, textOf } from '../engine/value.ts';

/** One word of the expression with its value. `negated`: it stands behind `!`. */
export type Primary = {
  name: string;
  value: Arg | null;
  negated: boolean;
  /** The command that `-exec` runs, without the end. */
  command: Arg[] | null;
};

export type Expression = {
  primaries: Primary[];
  /** True if all of them must hold, in their order: no `-o`, no brackets behind `!`. */
  plain: boolean;
  issues: Issue[];
};

const bare = new Set(
  '-print -print0 -ls -prune -quit -empty -daystart -depth -d -xdev -mount -nouser -nogroup -readable -executable -noleaf -true -false -ignore_readdir_race -follow -delete'.split(
    ' ',
  ),
);

/** What the value of a test looks like; https://www.gnu.org/software/findutils/manual/html_mono/find.html */
const number = /^[+-]?\d{1,12}$/;
const values: ReadonlyMap<string, RegExp> = new Map(
  Object.entries({
    ...of('-name -iname -path -ipath -wholename -iwholename -regex -iregex -lname -ilname', /^[\s\S]+$/),
    ...of('-mtime -mmin -atime -amin -ctime -cmin -links -inum -uid -gid -used', number),
    ...of('-maxdepth -mindepth', /^\d{1,4}$/),
    ...of('-size', /^[+-]?\d{1,12}[cwbkMG]?$/),
    ...of('-type -xtype', /^[fdlpsbc](,[fdlpsbc])*$/),
    ...of('-user -group -fstype', /^[\w.-]+$/),
    ...of('-perm', /^[-/]?([0-7]{1,4}|[ugoa]*[-+=][rwxXst]*(,[ugoa]*[-+=][rwxXst]*)*)$/),
    ...of('-regextype', /^(emacs|posix-awk|posix-basic|posix-egrep|posix-extended|awk|egrep|grep|sed)$/),
    ...of('-printf', /^[\s\S]*$/),
    // The time of another file, or a time as it is written.
    ...of(
      '-newer -anewer -cnewer -samefile -neweraa -newerac -neweram -newerca -newercc -newercm -newerma -newermc -newermm',
      /^[^-][\s\S]*$/,
    ),
    ...of('-newerat -newerct -newermt', /^[\w :.+-]+$/),
  }),
);

function of(names: string, form: RegExp): Record<string, RegExp> {
  return Object.fromEntries(names.split(' ').map((name) => [name, form]));
}

/** Values that are files: find looks at them. */
export const namesFile = (name: string): boolean =>
  /^-(newer|anewer|cnewer|samefile)|^-newer[acm][acm]$/.test(name) && !/t$/.test(name);

const runs = /^-(exec|execdir)$/;

/** Reads the words behind the places where find begins. */
export function readExpression(words: readonly Arg[]): Expression {
  const expression: Expression = { primaries: [], plain: true, issues: [] };
  const state = { words, at: 0, expression };
  alternatives(state, 0);
  if (state.at < words.length && expression.issues.length === 0) odd(state);
  return expression;
}

type State = { words: readonly Arg[]; at: number; expression: Expression };

const word = (s: State): string | null | undefined => {
  const arg = s.words[s.at];
  return arg === undefined ? undefined : textOf(arg);
};

function odd(s: State): void {
  const arg = s.words[s.at];
  const text = arg ? textOf(arg) : '';
  const shown = arg ? show(arg.value) : 'the end';
  s.expression.issues.push(
    text === null
      ? refusal('dynamic-option', `${shown} is known only at run time, and find would take it for an action.`)
      : question('unknown-option', `The policy does not know ${shown} of find here.`),
  );
  s.at = s.words.length;
}

/** `a b -o c d`. */
function alternatives(s: State, depth: number): void {
  for (;;) {
    let some = false;
    for (
      let next = word(s);
      next !== undefined && next !== ')' && !/^-or?$/.test(next ?? '');
      next = word(s)
    ) {
      if (some && /^-(a|and)$/.test(next ?? '')) s.at++;
      one(s, depth);
      some = true;
    }
    if (!some) {
      if (s.words.length > 0) odd(s);
      return;
    }
    if (!/^-or?$/.test(word(s) ?? '')) return;
    s.at++;
    s.expression.plain = false;
  }
}

function one(s: State, depth: number): void {
  let negated = false;
  while (/^(!|-not)$/.test(word(s) ?? '')) {
    negated = !negated;
    s.at++;
  }
  if (word(s) !== '(') {
    primary(s, negated);
    return;
  }
  // Inside brackets the order of what must hold is not followed.
  s.expression.plain = false;
  s.at++;
  if (depth > 8) odd(s);
  alternatives(s, depth + 1);
  if (word(s) === ')') s.at++;
  else if (s.at < s.words.length || s.expression.issues.length === 0) odd(s);
}

function primary(s: State, negated: boolean): void {
  const { primaries, issues } = s.expression;
  const name = word(s);
  const value = s.words[s.at + 1] ?? null;
  if (typeof name !== 'string') odd(s);
  else if (bare.has(name)) {
    primaries.push({ name, value: null, negated, command: null });
    s.at++;
  } else if (runs.test(name)) {
    const end = s.words.findIndex(
      (arg, at) =>
        at > s.at &&
        (textOf(arg) === ';' || (textOf(arg) === '+' && show(s.words[at - 1]?.value ?? []) === '{}')),
    );
    if (end < 0) issues.push(refusal('syntax', 'The command that find runs has no end.'));
    const command = s.words.slice(s.at + 1, end < 0 ? undefined : end);
    primaries.push({ name, value: null, negated, command });
    s.at = end < 0 ? s.words.length : end + 1;
  } else if (values.get(name)) {
    s.at += 2;
    if (value === null) issues.push(question('option', `${name} has no value.`));
    else issues.push(...valueIssues(name, value));
    primaries.push({ name, value, negated, command: null });
  } else {
    issues.push(...actionIssues(name));
    if (actionIssues(name).length === 0) odd(s);
    s.at = s.words.length;
  }
}

/** Actions that no script may use. */
function actionIssues(name: string): Issue[] {
  if (/^-(ok|okdir)$/.test(name))
    return [
      refusal(
        'interactive',
        `${name} waits for a person at a keyboard; use -exec with a command that reads.`,
      ),
    ];
  if (/^-f(print|ls)/.test(name))
    return [refusal('writes-file', `${name} writes a file; redirect the output instead.`)];
  if (name === '-files0-from')
    return [refusal('config', '-files0-from takes the places to search from a file; write them out.')];
  return [];
}

const secrets =
  /secret|passw|\.pem|\.key|id_rsa|authorized_keys|environ|credential|\.env|shadow|\.kube|htpasswd|history/i;

function valueIssues(name: string, value: Arg): Issue[] {
  const shown = show(value.value);
  if (secrets.test(shown)) return [refusal('secret-search', 'This looks for files that hold secrets.')];
  if (name === '-perm' && /[2467][0-7]{3}|[ug]?[+=]\w*s/.test(shown))
    return [refusal('secret-search', 'This looks for programs that give more rights.')];
  // A number that is known only at run time makes the search another one, never the action.
  const text = value.splits
    ? null
    : value.value
        .map((piece) => (typeof piece === 'string' ? piece : piece.shape === 'number' ? '1' : '\0'))
        .join('');
  if (namesFile(name) && text !== null && typeof value.value[0] === 'object') return [];
  if (text === null || text.includes('\0'))
    return [refusal('dynamic-option', `${shown}, the value of ${name}, is known only at run time.`)];
  return values.get(name)?.test(text)
    ? []
    : [question('option', `${shown} is not a plain value of ${name}.`)];
}
