// Section F: environment files. https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
import { type JobRow, row, said, script, show } from './row.ts';

const X = '${{ steps.s.outputs.x }}';
/** Writes this, with the escapes of printf, to the file of a step. */
const to = (file: string, text: string): string => `printf '${text}' >> $GITHUB_${file}`;
const output = (id: string, text: string, shown: string, github: string) =>
  script(id, to('OUTPUT', text), shown, github);
const summary = (id: string, run: string, github: unknown) =>
  row(id, [{ run }], github, {
    see: ({ steps: [, step], summary: text }) => [
      step?.conclusion,
      step?.annotations.map(({ level }) => level).join(),
      text,
    ],
  });

export const files: JobRow[] = [
  output('F01', 'x=1\\nbad\\n', X, 'failure [1]'),
  script('F02', to('ENV', 'a<<END\\nv\\nEND\\nEVIL=evil\\nEND\\n'), '${{ env.EVIL }}', 'failure [evil]'),
  script('F03', 'rm $GITHUB_OUTPUT', X, 'success []'),
  script('F04', 'rm $GITHUB_STEP_SUMMARY', X, 'success []'),
  script('F05', 'rm $GITHUB_PATH', X, 'success []'),
  summary('F06', 'head -c 1048577 /dev/zero | tr "\\0" x > $GITHUB_STEP_SUMMARY', ['success', 'error', '']),
  script('F07', to('ENV', 'NODE_OPTIONS=--x\\nK=B\\n'), '${{ env.K }}${{ env.NODE_OPTIONS }}', 'success [B]'),
  script('F08', to('ENV', 'node_options=--x\\n'), '${{ env.node_options }}', 'success []'),
  output('F09', '=v\\n', X, 'failure []'),
  output('F10', 'x<<END\\nv\\n', X, 'failure []'),
  row('F11', [{ run: to('PATH', '/p\\r\\n') }, { run: 'echo "${PATH%%:*}"' }], '/p', { see: said }),
  output('F12', '\\357\\273\\277x=1\\n', X, 'success [1]'),
  output('F13', 'Up=1\\nup=2\\n', '${{ steps.s.outputs.UP }}', 'success [2]'),
  script('F14', to('ENV', 'foo=1\\n'), '${{ env.FOO }}', 'success []'),
  row('F15', [{ run: 'echo "$CI"', env: { CI: 'no' } }, { run: 'echo "$CI"' }], 'no | true', { see: said }),
  row('F16', [{ run: 'echo "${#GITHUB_SHA} $GITHUB_ACTIONS"', env: { GITHUB_SHA: 'x' } }], '40 true', {
    see: said,
  }),
  row('F17', [{ run: to('OUTPUT', 'x=1\\n') }, show('${{ toJSON(steps) }}')], 'success [{}]'),
  output('F18', 'x<<=x\\nv\\n=x\\n', X, 'success [v]'),
  output('F19', 'x<<END\\nv\\nEND', X, 'success [v]'),
  output('F20', 'constructor=1\\n', '${{ steps.s.outputs.constructor }}', 'success [1]'),
  output('F20-proto', '__proto__=1\\n', "${{ steps.s.outputs['__proto__'] }}", 'success [1]'),
  row(
    'F21',
    [{ id: 's', run: '{ printf x=; head -c 600000 /dev/zero | tr "\\0" v; } > $GITHUB_OUTPUT' }],
    ['failure', 0],
    {
      job: { outputs: { x: X } },
      see: ({ conclusion, outputs }) => [conclusion, Object.keys(outputs).length],
    },
  ),
  // What the source says beyond the rows.
  output('F22-two-files', 'bad\\n', X, 'failure []'),
  script('F23-next-file', `${to('ENV', 'bad\\n')}; ${to('OUTPUT', 'x=1\\n')}`, X, 'failure [1]'),
  script('F24-failed-step', `${to('OUTPUT', 'x=1\\n')}; exit 1`, X, 'failure [1]'),
  output('F25-name', '<<END\\nv\\nEND\\n', X, 'failure []'),
  output('F26-bytes', '\\377\\376x\\000=\\0001\\000', X, 'success [1]'),
  summary('F27-line-by-line', to('STEP_SUMMARY', 'a\\r\\nb'), ['success', '', 'a\nb\n']),
];
