// Commands that start another command. Their own options are read by a table, so that the command inside is found
// exactly where the wrapper would find it; then that one is judged as if it stood alone.
// It must never guess where the inner command begins: an option that is not in the table is refused.
import { seconds } from '../kinds/kinds.ts';
import { checkWrite } from '../kinds/paths.ts';
import { judgeEnvironment } from './assign.ts';
import { dispatch } from './command.ts';
import { parseOptions } from './options.ts';
import { has, optionValue } from './parsed.ts';
import { noInput } from './redirect.ts';
import { list, question, type Run, refusal, report, type Site } from './run.ts';
import { shell, ssh } from './shells.ts';
import { compile, type Rule, type Tool } from './spec.ts';
import { type Arg, anything, drop, type Output, type Piece, prefix, show, textOf } from './value.ts';

export type Wrapper = (argv: readonly Arg[], run: Run, site: Site) => Output;
/** `skip`: words between the options and the command. `assigns`: `NAME=value` may stand before it. */
type Shape = Rule & { skip?: number; assigns?: boolean; alone?: 'reads' | 'environment'; locks?: boolean };

const shapes: Readonly<Record<string, Shape>> = {
  'sudo doas': {
    flags: '-n -H -k --non-interactive --set-home',
    values: { '-u -g --user --group -C -p -T': 'literal' },
    refuse: {
      'runs-code': '-i -s -e --login --shell --edit',
      config: '-E --preserve-env -R --chroot -D --chdir',
      interactive: '-S -A --stdin --askpass',
      background: '-b --background',
    },
    assigns: true,
  },
  env: {
    flags: '-i --ignore-environment -0 --null -',
    values: { '-u --unset': 'literal' },
    refuse: { 'runs-code': '-S --split-string', config: '-C --chdir' },
    assigns: true,
    alone: 'environment',
  },
  nice: { values: { '-n --adjustment': 'int:0..20' }, digits: true },
  ionice: {
    flags: '-t --ignore',
    values: { '-c -n --class --classdata': 'int:0..7' },
    refuse: { process: '-p --pid -P -u' },
  },
  timeout: {
    flags: '-f --foreground --preserve-status -v --verbose -p',
    values: { '-s --signal': 'literal', '-k --kill-after': 'duration:60' },
    skip: 1,
  },
  stdbuf: { values: { '-i -o -e --input --output --error': 'literal' } },
  time: {
    flags: '-p -v --portability --verbose',
    values: { '-f --format': 'literal' },
    refuse: { 'writes-file': '-o --output -a --append' },
  },
  'command builtin': { flags: '-p -v -V', alone: 'reads' },
  'busybox toybox': { flags: '--list --help', alone: 'reads' },
  chrt: { flags: '-b -i -o', skip: 1 },
  taskset: { flags: '-c', skip: 1 },
  nohup: {},
  exec: { refuse: { indirect: '-a -c -l' } },
  flock: {
    flags: '-n -x -s -e -u -o --nonblock --exclusive --shared --unlock --close',
    values: { '-w -E --timeout --conflict-exit-code': 'int:0..300' },
    refuse: { 'runs-code': '-c --command' },
    skip: 1,
    locks: true,
  },
};

function wrapper(shape: Shape): Wrapper {
  const tool: Tool = { names: '', style: 'first', rule: shape };
  const rule = compile(shape);
  return (argv, run, site) => {
    const name = show(argv[0]?.value ?? []);
    list(run, site, argv, 'read', null);
    const parsed = parseOptions(argv.slice(1), tool, rule);
    for (const issue of parsed.issues) report(run, site, refusal(issue.code, issue.sentence));
    if (has(parsed, '-v -V') && /command/.test(name)) return anything;
    const words = [...parsed.operands];
    // A word that splits before the inner command decides what that is.
    const mayShift =
      parsed.given.some((g) => g.value?.splits) ||
      words
        .slice(0, (shape.skip ?? 0) + (shape.assigns ? 4 : 0))
        .some((w) => w.splits && (shape.skip || /^[A-Za-z_]\w*=/.test(prefix(w.value))));
    if (mayShift)
      report(run, site, refusal('dynamic-command', 'Which command runs here is known only at run time.'));
    // A lock that is not free may leave the command out and still end well.
    let inner = shape.locks ? { ...run, maybe: true } : run;
    for (let i = shape.skip ?? 0; i > 0; i--) {
      const arg = words.shift();
      const issue = shape.locks && arg ? checkWrite(arg.value, run) : null;
      if (issue) report(run, site, issue);
      const word = textOf(arg);
      if (name !== 'timeout') continue;
      const limit = seconds(word ?? '');
      if (limit === null || limit === 0 || limit > 900)
        report(run, site, refusal('over-cap', 'The time limit is not a literal of at most 900 seconds.'));
      else inner = { ...inner, bounded: true };
    }
    while (shape.assigns && /^[A-Za-z_]\w*=/.test(prefix(words[0]?.value ?? []))) {
      const word = words.shift();
      const equals = prefix(word?.value ?? []).indexOf('=');
      judgeEnvironment(
        prefix(word?.value ?? []).slice(0, equals),
        drop(word?.value ?? [], equals + 1),
        run,
        site,
      );
    }
    if (name === 'nohup') report(run, site, refusal('background', 'This lets a command outlive the run.'));
    if (name === 'exec' && words.length > 0)
      report(run, site, question('exec', 'The script ends here and becomes another command.'));
    if (words.length === 0 && name === 'exec') return anything;
    if (words.length === 0) {
      if (shape.alone === 'environment')
        report(run, site, refusal('secret-read', 'This prints the environment, secrets included.'));
      else if (!shape.alone) report(run, site, question('operand', `${name} is given no command.`));
      return anything;
    }
    return dispatch(words, inner, site);
  };
}

/** xargs appends what it reads, or puts it in the place of a token. */
const xargsRule: Rule = {
  flags: '-0 -r -t -x --null --no-run-if-empty --verbose --exit',
  values: {
    '-n -L -P -s --max-args --max-lines --max-procs --max-chars': 'int:1..1000',
    '-I --replace -d --delimiter': 'literal',
    '-E --eof': 'literal',
  },
  refuse: { interactive: '-p --interactive -o --open-tty', config: '-a --arg-file' },
};
const xargsTool: Tool = { names: 'xargs', style: 'first', rule: xargsRule };
const xargsCompiled = compile(xargsRule);

const xargs: Wrapper = (argv, run, site) => {
  list(run, site, argv, 'read', null);
  const parsed = parseOptions(argv.slice(1), xargsTool, xargsCompiled);
  for (const issue of parsed.issues) report(run, site, refusal(issue.code, issue.sentence));
  const { shape, under } = run.input.output;
  const piece: Piece = {
    shape: shape === 'none' ? 'text' : shape,
    shown: '{}',
    ...(under === undefined ? {} : { under }),
  };
  if (parsed.given.some((g) => g.value?.splits)) {
    report(run, site, refusal('dynamic-command', 'Which command runs here is known only at run time.'));
  }
  const token = textOf(optionValue(parsed, '-I --replace') ?? undefined);
  const words = parsed.operands.length > 0 ? parsed.operands : [{ value: ['echo'], splits: false }];
  const inner = { ...run, input: noInput, maybe: true };
  if (token === null) {
    const single = textOf(optionValue(parsed, '-n -L --max-args --max-lines') ?? undefined) === '1';
    return dispatch([...words, { value: [piece], splits: !single }], inner, site);
  }
  const filled = words.map((arg) => ({
    ...arg,
    value: arg.value.flatMap((p) => (typeof p === 'string' ? fill(p, token, piece) : [p])),
  }));
  return dispatch(filled, inner, site);
};

function fill(text: string, token: string, piece: Piece): Piece[] {
  if (token === '') return [text];
  return text.split(token).flatMap((part, i) => [...(i > 0 ? [piece] : []), ...(part ? [part] : [])]);
}

export const wrappers: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ...Object.entries(shapes).flatMap(([names, shape]) =>
    names.split(' ').map((name) => [name, wrapper(shape)] as const),
  ),
  ['xargs', xargs],
  ['gxargs', xargs],
  ...['bash', 'sh', 'dash', 'ash', 'rbash'].map((name) => [name, shell] as const),
  ['ssh', ssh],
]);

/** What the policy's version is computed over. */
export const wrapperData = { shapes, xargsRule };
