// Section E: expressions. https://github.com/actions/runner/tree/main/src/Sdk/DTExpressions2/Expressions2
import { createHash } from 'node:crypto';
import { action, first, type JobRow, row, said, show } from './row.ts';

const worth = (id: string, expression: string, github: string): JobRow =>
  row(id, [{ ...show(`\${{ ${expression} }}`), if: 'true' }], github, { see: first });
const is = (id: string, expression: string, value: string) => worth(id, expression, `success: [${value}]`);
const fails = (id: string, expression: string): JobRow => ({
  ...worth(id, expression, 'failure'),
  see: (jobs) => jobs[id]?.steps[1]?.conclusion,
});
const sha = (data: string | Buffer) => createHash('sha256').update(data).digest();
const OWN = 'console.log(process.env.GITHUB_ACTION_REPOSITORY, process.env.GITHUB_ACTION_REF)';
const NAMES =
  'GITHUB_ACTOR_ID GITHUB_BASE_REF GITHUB_HEAD_REF GITHUB_REF_PROTECTED GITHUB_RETENTION_DAYS RUNNER_WORKSPACE';

export const expressions: JobRow[] = [
  is('E01', '1e20', '1E+20'),
  is('E02', '1234567890123456789', '1.23456789012346E+18'),
  is('E03', '0.000001', '1E-06'),
  is('E03-near', "format('{0} {1} {2}', 0.0001, 123456789012345, 0.1)", '0.0001 123456789012345 0.1'),
  fails('E04', "format('{0:x}', 'a')"),
  is('E05', `fromJSON('{"constructor":1}').constructor`, '1'),
  is('E06', "'0x80000000' == -2147483648", 'true'),
  is('E07', "'abc' == 'ABC'", 'true'),
  is('E08', "format('{0} {1}', '' == 0, null == false)", 'true true'),
  is('E09', "'' || 'x' && 'x'", 'x'),
  is('E10', `contains(fromJSON('[1,"a"]'), '1')`, 'true'),
  row(
    'E11',
    [{ run: 'printf one > f' }, show("${{ hashFiles('f') }}")],
    `success [${sha(sha('one')).toString('hex')}]`,
  ),
  row('E11-none', [{ run: 'true' }, show("${{ hashFiles('../*') }}")], 'success []'),
  fails('E12', "fromJSON('')"),
  is(
    'E13',
    "format('{0} {1}', github.event.inputs.flag == 'true', toJSON(github.event.inputs.flag))",
    'true "true"',
  ),
  is('E14', "case(false, 'a', true, 'b', 'c')", 'b'),
  row('E15', [{ if: 'x ${{ false }}', run: 'echo ran' }], 'success: ran', { see: first }),
  is('E16', 'toJSON(1e20)', '1E+20'),
  is('E17', `join(fromJSON('{"x":[{"n":"a"},{"n":"b"}]}').x.*.n)`, 'a,b'),
  row('E18', [{ uses: '$/actions/own' }], `success: acme/vigil ${'a'.repeat(40)}`, {
    files: action('own', OWN),
    see: first,
  }),
  row('E19', [{ uses: '$/actions/before' }], 'success', {
    files: {
      ...action('before', 'console.log(1)', ', pre: pre.js'),
      'actions/before/pre.js': 'console.log(0)\n',
    },
    see: ({ conclusion }) => conclusion,
    harsher: { sees: 'failure', because: '`pre` is not rebuilt; a job that wants one fails' },
  }),
  row(
    'E20',
    [
      {
        run: `for name in ${NAMES}; do test -v $name && echo -n "\${!name:-empty} "; done | sed "s#[^ ]*/job-[0-9]*#dir#"`,
      },
    ],
    '10 empty empty true 90 dir ',
    { see: said },
  ),
];
