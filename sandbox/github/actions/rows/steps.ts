// Section S: steps. https://github.com/actions/runner/blob/main/src/Runner.Worker/StepsRunner.cs
import { action, ends, first, type JobRow, print, row, said, show } from './row.ts';

const WRONG = "${{ fromJSON('') }}";
const conclusions = { see: ends };

export const steps: JobRow[] = [
  row(
    'S01',
    [
      { id: 's', 'continue-on-error': true, run: 'exit 1' },
      show('${{ steps.s.outcome }} ${{ steps.s.conclusion }} ${{ job.status }}'),
    ],
    'success [failure success success]',
  ),
  row('S02', [{ if: 'false', run: 'true', env: { A: WRONG } }], 'failure', {
    see: ({ conclusion }) => conclusion,
  }),
  row('S03', [{ name: WRONG, run: 'echo ran' }], 'success: ran', { see: first }),
  row(
    'S04',
    [{ 'timeout-minutes': "${{ fromJSON('x') }}", run: 'echo ran' }],
    ['success', 'success', 2, 'ran'],
    {
      see: ({ conclusion, steps: [, step] }) => [
        conclusion,
        step?.conclusion,
        step?.annotations.length,
        step?.log.at(-1),
      ],
    },
  ),
  row('S05', [{ 'continue-on-error': "${{ fromJSON('x') }}", run: 'true' }], ['success'], conclusions),
  row(
    'S05-failed',
    [{ 'continue-on-error': "${{ fromJSON('x') }}", run: 'exit 1' }],
    ['failure'],
    conclusions,
  ),
  row(
    'S06',
    [
      { name: 'nap', 'timeout-minutes': 1, run: 'exec sleep 30' },
      { if: 'failure()', run: 'echo after' },
    ],
    "##[error]The action 'nap' has timed out after 1 minutes. | after",
    { see: said },
  ),
  row(
    'S07',
    [{ run: 'false | true' }, { run: 'false | true', shell: 'bash' }],
    ['success', 'failure'],
    conclusions,
  ),
  row('S08', [{ 'timeout-minutes': 0.5, run: 'sleep 0.4' }], ['success'], conclusions),
  row(
    'S09',
    [{ uses: '$/actions/one' }, { uses: '$/actions/two' }, { run: 'exit 1' }],
    'one | two | ##[error]Process completed with exit code 1. | two | one',
    {
      files: {
        ...action('one', "console.log('one')", ', post: index.js'),
        ...action('two', "console.log('two')", ', post: index.js'),
      },
      see: said,
    },
  ),
  row(
    'S10',
    [{ run: 'echo ran' }, { uses: '$/actions/unbuilt' }, { if: 'always()', run: 'echo after' }],
    ['success', 'failure', 'success'],
    {
      files: action('unbuilt', ''),
      see: ends,
    },
  ),
  // What the source says beyond the rows.
  row('S11-later', [{ run: `${print(['##[set-env name=A]1'])}\necho went on` }], 'failure went on', {
    see: ({ steps: [, step] }) => `${step?.conclusion} ${step?.log.at(-1)}`,
  }),
  row('L06-lines', [{ run: 'seq 20001' }], ['success', 20_001], {
    see: ({ steps: [, step] }) => [step?.conclusion, step?.log.length],
    harsher: { sees: ['failure', 20_001], because: 'it keeps 20,000 lines of a step' },
  }),
  row('S12-signal', [{ run: 'kill -9 $$' }], '##[error]Process completed with exit code 137.', { see: said }),
  row(
    'S13-left-behind',
    [
      { run: '(sleep 0.05; echo "##[set-output name=x]late") & echo first', id: 's' },
      show('${{ steps.s.outputs.x }}'),
    ],
    'success [late]',
  ),
  row(
    'S14-stderr',
    [{ run: 'echo "##[set-output name=x]1" >&2', id: 's' }, show('${{ steps.s.outputs.x }}')],
    'success [1]',
  ),
];
