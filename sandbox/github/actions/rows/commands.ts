// Section C: commands in the output. https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs
import { type JobRow, lines, print, row, said, script, show } from './row.ts';

const X = '${{ steps.s.outputs.x }}';
const A = '${{ env.A }}';
const output = (id: string, said: string[], github: string) => script(id, print(said), X, github);
const stopped = (id: string, said: string[]) =>
  output(id, [...said, '::set-output name=x::after'], 'success [after]');
const failing = (id: string, ...said: string[]) =>
  row(
    id,
    [
      { id: 's', run: print(said) },
      { if: 'always()', run: 'echo "[$A${PATH%%[!/x]*}]"' },
    ],
    'failure []',
    {
      see: ({ steps }) => `${steps[1]?.conclusion} ${steps[2]?.log.join('').replace(/\[\/.*\]/, '[]')}`,
    },
  );
const annotations = (id: string, said: string[], github: unknown): JobRow =>
  lines(id, said, github, {
    see: ({ steps }) => steps[1]?.annotations.map(({ level, message }) => `${level} ${message}`),
  });

export const commands: JobRow[] = [
  output('C01', ['::set-output name=x::1'], 'success [1]'),
  output('C02', ['hello ##[set-output name=x]1'], 'success [1]'),
  failing('C03', 'log ##[set-env name=A]1'),
  row(
    'C04',
    [
      { run: print(['log ##[add-path]/x']) },
      { if: 'always()', run: 'echo "${PATH%%:*}" | grep -x /x || echo no' },
    ],
    'failure no',
  ),
  lines('C05', ['x ##[add-mask]hushhush9', 'is hushhush9'], 'success: is ***'),
  stopped('C06', ['##[stop-commands]tok', '::set-env name=A::1', '::tok::']),
  annotations('C07', ['prefix ##[error]bad'], ['error bad']),
  lines('C07-log', ['prefix ##[error]bad'], 'success: ##[error]bad'),
  failing('C08', '::stop-commands::'),
  failing('C09', '::stop-commands::error'),
  failing('C10', '::stop-commands::pause-logging'),
  stopped('C11', ['::stop-commands::Tok', '::tok::']),
  stopped('C12', ['::stop-commands::tok', '##[tok]']),
  lines(
    'C13',
    ['::stop-commands::token77', '::token77::', 'token77'],
    'success: ::stop-commands::*** | ::***:: | ***',
  ),
  lines(
    'C13-short',
    ['::stop-commands::token6', '::token6::'],
    'success: ::stop-commands::token6 | ::token6::',
  ),
  lines('C14', ['::ADD-MASK::hushhush9', 'is hushhush9'], 'success: is ***'),
  lines(
    'C15',
    ['::add-mask::'],
    "success: ##[warning]Can't add secret mask for empty string in ##[add-mask] command.",
  ),
  lines('C16', ['::add-mask::  hushhush9  ', 'is<hushhush9>'], 'success: is<***>'),
  failing('C17', '::echo::maybe'),
  failing('C18', '::add-matcher::missing.json'),
  row(
    'C19',
    [
      {
        run: `echo '{"problemMatcher":[{"owner":"o","pattern":[{"regexp":"^bad: (.*)$","message":1}]}]}' > m.json; ${print(['::add-matcher::m.json', 'bad: line'])}`,
      },
    ],
    'success error line',
    {
      see: ({ steps: [, step] }) =>
        `${step?.conclusion} ${step?.annotations.map(({ level, message }) => `${level} ${message}`)}`,
      harsher: {
        sees: "failure error Unable to process command '::add-matcher::m.json' successfully.,error Problem matchers are not supported by the sandbox's runner: m.json",
        because: 'problem matchers are not rebuilt; a step that wants one fails',
      },
    },
  ),
  row(
    'C20',
    [{ run: print(['::set-env name=A::1']), env: { ACTIONS_ALLOW_UNSECURE_COMMANDS: true } }, show(A)],
    'success [1]',
  ),
  annotations('C21', ['::warning::a%0ab'], ['warning a%0ab']),
  annotations(
    'C21-decoded',
    ['::warning title=a%3Ab::a%0Ab%25', '##[warning]a%5Db%3B'],
    ['warning a\nb%', 'warning a]b;'],
  ),
  script('C22', print(['x ::set-env name=A::1']), A, 'success []'),
  failing('C23', '::set-output::1'),
  row('C24', [{ run: "echo '::add-mask::hushhush9' >&2" }, { run: print(['is hushhush9']) }], 'is ***', {
    see: said,
  }),
  annotations(
    'L01',
    [...Array(12).keys()].map((n) => `::error::${n}`),
    [...Array(10).keys()].map((n) => `error ${n}`),
  ),
  annotations(
    'L01-kinds',
    [...Array(12).fill('::notice::n'), '::error::e', '::warning::w'],
    [...Array(10).fill('notice n'), 'error e', 'warning w'],
  ),
  annotations('L02', [`::error::${'x'.repeat(5000)}`], [`error ${'x'.repeat(4096)}`]),
  // What the source says beyond the rows.
  output('C25-unknown', ['::unknown::', '##[unknown]', 'text ##[set-output name=x'], 'success []'),
  output('C26-both', ['::unknown:: ##[set-output name=x]1'], 'success [1]'),
  output('C27-first', ['##[unknown] ##[set-output name=x]1'], 'success []'),
  output('C27-blanks', ['  ::set-output name=x::1'], 'success [1]'),
  output('C28-name', ['::set-output name=X::1'], 'success [1]'),
  output('C29-carriage', ['text\r::set-output name=x::1\rtext'], 'success [1]'),
  output('C30-separator', ['text\u2028::set-output name=x::1'], 'success []'),
  lines('C31-marker', ['##[start-action x]'], 'success: ##[\\start-action x]'),
];
