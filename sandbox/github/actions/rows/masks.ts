// Section M: what of a secret is masked. https://github.com/actions/runner/blob/main/src/Sdk/DTLogging/Logging/ValueEncoders.cs
import { type JobRow, print, row, said } from './row.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** Prints what is not written in the workflow's file, so that the file itself shows nothing. */
const masked = (id: string, secret: string, printed: string, github: string): JobRow =>
  row(id, [{ run: `base64 -d <<< ${base64(`${printed}\n`)}` }], github, {
    secrets: { KEY: secret },
    see: said,
  });

export const masks: JobRow[] = [
  masked('M01', 'sesame1234', base64('sesame1234X'), base64('sesame1234X')),
  masked('M01-itself', 'sesame1234', base64('sesame1234'), '***'),
  masked('M01-before', 'sesame1234', base64('Xsesame1234'), `${base64('Xsesame1234').slice(0, 4)}***`),
  masked('M02', 'short', base64('short'), '***'),
  masked('M03', 'pa<ss>word', 'pa&lt;ss&gt;word', '***'),
  masked('M04', 'sesame1234', 'sesame1234sesame1234', '***'),
  row('M05', [{ run: 'echo "a${B}l"', env: { B: 'bcdefghijk' } }], '***', {
    secrets: { ONE: 'abcdefgh', TWO: 'ghijkl' },
    see: said,
  }),
  masked('M06', 'first-line\n   second-line', 'second-line<', '***<'),
  row(
    'M07',
    [{ id: 's', run: 'echo "x=the $KEY" > $GITHUB_OUTPUT', env: { KEY: '${{ secrets.KEY }}' } }],
    [{}, true],
    {
      secrets: { KEY: 'sesame1234' },
      job: { outputs: { x: '${{ steps.s.outputs.x }}' } },
      see: ({ outputs, steps: [setUp] }) => [
        outputs,
        setUp?.log.includes("##[warning]Skip output 'x' since it may contain secret."),
      ],
    },
  ),
  row(
    'M08',
    [{ run: 'printf "a\\n$KEY\\n" > $GITHUB_STEP_SUMMARY', env: { KEY: '${{ secrets.KEY }}' } }],
    'a\n***\n',
    {
      secrets: { KEY: 'sesame1234' },
      see: ({ summary }) => summary,
    },
  ),
  masked('M09', "it's", "it''s", '***'),
  // The other encoders of the source.
  masked('M10-json', 'a"b\tc', 'a\\"b\\tc', '***'),
  masked('M11-command-line', 'a"b\tc', 'a\\"b\tc', '***'),
  masked('M12-uri', "a b'c", 'a%20b%27c', '***'),
  masked('M13-quotes', '"sesame1234"', 'sesame1234', '***'),
  masked('M14-power-shell', 'sesame1&sesame2', 'sesame1& and sesame2', '*** and ***'),
  row('M15-added', [{ run: print(['::add-mask::first%0A  second', 'first', 'second<']) }], '*** | ***<', {
    see: said,
  }),
];
