// Commands that start another command. Their own options are read by a table, so that the command inside is found exactly where the
// wrapper would find it; then that one is judged as if it stood alone. Must never guess where the inner command begins.
import { mayExport } from '../assignments.ts';
import { checkKind, type Setting, seconds } from '../kinds/kinds.ts';
import { checkWrite } from '../kinds/paths.ts';
import { dispatch } from './command.ts';
import { type Parsed, parseOptions } from './options.ts';
import { optionValue } from './parsed.ts';
import { list, noInput, question, type Run, refusal, report, type Site } from './run.ts';
import { compile, type Rule, type Tool } from './spec.ts';
import { type Arg, anything, type Output, type Piece, prefix, shapeOf, show, textOf } from './value.ts';

export type Wrapper = (argv: readonly Arg[], run: Run, site: Site, turns: boolean) => Output;
/** `plain`: it may stand in a script that is allowed. `skip`: words between the options and the command. */
type Shape = Rule & { plain?: true; skip?: number };

const shapes: Readonly<Record<string, Shape>> = {
  timeout: {
    plain: true,
    flags: '-f --foreground --preserve-status -v --verbose',
    values: { '-s --signal': 'one:TERM|INT|HUP|SIGTERM|SIGINT|SIGHUP', '-k --kill-after': 'duration:60' },
    skip: 1,
  },
  sudo: {
    plain: true,
    flags: '-n -H --non-interactive --set-home',
    values: { '-u --user': 'literal' },
    refuse: {
      'runs-code': '-i -s -e --login --shell --edit',
      config: '-E --preserve-env -R --chroot -D --chdir',
      interactive: '-S -A --stdin --askpass',
      background: '-b --background',
    },
  },
  doas: { flags: '-n' },
  nice: { values: { '-n --adjustment': 'int:0..20' }, digits: true },
  ionice: { values: { '-c -n --class --classdata': 'int:0..7' } },
  stdbuf: { values: { '-i -o -e --input --output --error': 'literal' } },
  env: {
    flags: '-i --ignore-environment -',
    values: { '-u --unset': 'literal' },
    refuse: { 'runs-code': '-S --split-string', config: '-C --chdir' },
  },
  flock: {
    flags: '-n -x -s -e -u -o --nonblock --exclusive --shared --unlock --close',
    values: { '-w -E --timeout --conflict-exit-code': 'int:0..300' },
    refuse: { 'runs-code': '-c --command' },
    skip: 1,
  },
};

/** A wrapper's own options: nothing of them may be known only at run time, since the command begins behind them. */
function judgeValues(parsed: Parsed, run: Run, site: Site): void {
  for (const issue of parsed.issues) report(run, site, refusal(issue.code, issue.sentence));
  const setting: Setting = { run, changes: true, targets: [], many: false, effect: null };
  for (const { option, value } of parsed.given) {
    const issue =
      value && option.takes !== 'nothing' && option.refused === null
        ? checkKind(option.kind, value, setting)
        : null;
    if (issue) report(run, site, issue);
  }
}

function wrapper(shape: Shape): Wrapper {
  const tool: Tool = { names: '', style: 'first', rule: shape };
  const rule = compile(shape);
  return (argv, run, site, turns) => {
    const name = show(argv[0]?.value ?? []);
    list(run, site, argv, { effect: 'read' });
    const parsed = parseOptions(argv.slice(1), tool, rule);
    judgeValues(parsed, run, site);
    if (!shape.plain)
      report(
        run,
        site,
        question(
          'not-plain',
          `${name} around a command is not plain. Write the command alone, or with timeout 30 before it.`,
        ),
      );
    const words = [...parsed.operands];
    let inner = run;
    if (name === 'timeout') {
      const limit = seconds(textOf(words.shift()) ?? '');
      if (limit === null || limit === 0 || limit > 900)
        report(
          run,
          site,
          refusal('over-cap', 'The time limit is not a literal of at most 900 seconds. Write timeout 30.'),
        );
      else inner = { ...inner, bounded: true };
    }
    const lock = shape.skip && name !== 'timeout' ? words.shift() : undefined;
    const issue = lock ? checkWrite(lock.value, run) : null;
    if (issue) report(run, site, issue);
    if (lock) inner = { ...inner, maybe: true };
    while (name === 'env' && /^[A-Za-z_]\w*=/.test(prefix(words[0]?.value ?? []))) {
      if (words[0]?.splits)
        report(run, site, refusal('dynamic-command', 'Which command runs here is known only at run time.'));
      const [named = '', ...value] = show(words.shift()?.value ?? []).split('=');
      const said = mayExport(named, value.join('='), run.inventory.values);
      if (said !== 'harmless') report(run, site, said);
    }
    if (words.length > 0) return dispatch(words, inner, site, turns);
    report(
      run,
      site,
      name === 'env'
        ? refusal('secret-read', 'This prints the environment, secrets included. Leave it out.')
        : question('operand', `${name} is given no command.`),
    );
    return anything;
  };
}

/** xargs appends what it reads. */
const xargsRule: Rule = {
  flags: '-0 -r -t --null --no-run-if-empty --verbose',
  values: {
    '-n -L -P --max-args --max-lines --max-procs': 'int:1..1000',
    '-I --replace -d --delimiter': 'literal',
  },
  refuse: { interactive: '-p --interactive -o --open-tty', config: '-a --arg-file' },
};
const xargsTool: Tool = { names: 'xargs', style: 'first', rule: xargsRule };
const xargsCompiled = compile(xargsRule);

const xargs: Wrapper = (argv, run, site, turns) => {
  list(run, site, argv, { effect: 'read' });
  const parsed = parseOptions(argv.slice(1), xargsTool, xargsCompiled);
  judgeValues(parsed, run, site);
  const { shape, under } = run.input.output;
  const piece: Piece = {
    shape: shape === 'none' ? 'text' : shape,
    shown: '{}',
    ...(under === undefined ? {} : { under }),
  };
  const token = textOf(optionValue(parsed, '-I --replace') ?? undefined);
  const inner = { ...run, input: noInput, maybe: true };
  const words = parsed.operands.length > 0 ? parsed.operands : [{ value: ['echo'], splits: false }];
  if (token === null) {
    const single = textOf(optionValue(parsed, '-n -L --max-args --max-lines') ?? undefined) === '1';
    return dispatch([...words, { value: [piece], splits: !single }], inner, site, turns);
  }
  const fill = (text: string): Piece[] =>
    token === ''
      ? [text]
      : text.split(token).flatMap((part, i) => [...(i > 0 ? [piece] : []), ...(part ? [part] : [])]);
  const filled = words.map((arg) => ({
    ...arg,
    value: arg.value.flatMap((p) => (typeof p === 'string' ? fill(p) : [p])),
  }));
  return dispatch(filled, inner, site, turns);
};

/** `builtin name` runs it past a function, too. `command -v name` asks whether a program is there; `command name` runs it past a function. */
const commandItself: Wrapper = (argv, run, site, turns) => {
  list(run, site, argv, { effect: 'read' });
  const [option, ...names] = argv.slice(1);
  if (/^-[vV]$/.test(textOf(option) ?? '')) {
    if (names.some((name) => !/name|number/.test(shapeOf(name.value))))
      report(run, site, question('tainted', 'Which program is looked for is known only at run time.'));
    return anything;
  }
  const name = show(argv[0]?.value ?? []);
  report(run, site, question('not-plain', `${name} before a command is not plain. Write the command alone.`));
  return dispatch(argv.slice(1), run, site, turns);
};

const never =
  (code: string, sentence: string): Wrapper =>
  (argv, run, site) => {
    list(run, site, argv, { effect: 'unknown' });
    report(run, site, refusal(code, sentence));
    return anything;
  };
const shell = never(
  'runs-code',
  'A shell inside the script reads its text a second time. Write its commands here.',
);

export const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ...Object.entries(shapes).flatMap(([names, shape]) =>
    names.split(' ').map((name) => [name, wrapper(shape)] as const),
  ),
  ['xargs', xargs],
  ['command', commandItself],
  ['builtin', commandItself],
  ...['bash', 'sh', 'dash', 'ash', 'rbash', 'zsh', 'ksh'].map((name) => [name, shell] as const),
  [
    'ssh',
    never('access', 'This opens a shell on another machine. Use the tool of the platform that owns it.'),
  ],
]);

/** What the policy's version is computed over. */
export const wrapperData = { shapes, xargsRule };
