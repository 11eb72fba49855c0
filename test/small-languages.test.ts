// What the policy says of small languages against the programs that read them: an allowed text is run for real beside
// planted secrets, and must have printed its input, and nothing else.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '#core/policy/judge';
import { checkAwk } from '#core/policy/languages/awk';
import { checkJq } from '#core/policy/languages/jq';
import { checkSed } from '#core/policy/languages/sed';
import { checkSql } from '#core/policy/languages/sql';
import { isThere, planted, runReal } from './support/real-programs.ts';
import { whyNoSandbox } from './support/recorder.ts';
import {
  awkTexts,
  findTexts,
  jqTexts,
  pruneTexts,
  psTexts,
  sedTexts,
  sqlTexts,
} from './support/small-languages.ts';

const reason = whyNoSandbox();
const required = process.env['CI'] === 'true';
if (reason !== null && !required) {
  process.stderr.write(`\nSMALL LANGUAGES NOT RUN: bubblewrap cannot be used here (${reason}).\n\n`);
}

const count = 300;
const seed = 20_261_130;
const context = {
  kind: 'fix',
  parameters: { DIR: '/var/tmp/shop', LOGS: '/var/log/shop' },
  actions: [],
} as const;

const sampled = (texts: fc.Arbitrary<string>, numRuns = count) => [
  ...new Set(fc.sample(texts, { numRuns, seed })),
];

test('bubblewrap is there where it must be', () => {
  if (required) expect(reason).toBeNull();
});

describe.skipIf(reason !== null)('the sandbox', () => {
  test.each([
    ['mawk', 'BEGIN { system("/w/probe") }', 'ran'],
    ['mawk', '{ print > "/w/cwd/made" }', 'wrote'],
    ['mawk', 'BEGIN { print ENVIRON["PLANTED"] }', 'told'],
    ['sed', '1e /w/probe', 'ran'],
    ['sed', 's/a/b/w /w/cwd/made', 'wrote'],
    ['sed', 'r secret', 'told'],
    ['jq', '$ENV.PLANTED', 'told'],
    ['sqlite3', 'SELECT 1; DROP TABLE t', 'wrote'],
    ['bash', 'ps auxe', 'told'],
    ['bash', 'find /var/tmp/shop -delete', 'wrote'],
  ])('notices in %s that %s has %s', (program, text, what) => {
    if (!isThere(program)) {
      process.stderr.write(`\nNOT RUN: ${program} is not here.\n`);
      return;
    }
    const [did] = runReal(program, [text]);
    expect([...(did?.marks ?? []), ...(did?.output.includes(planted) ? ['told'] : [])]).toEqual([what]);
  });
});

describe.skipIf(reason !== null)('an allowed text', () => {
  test.each([
    ['awk', awkTexts, (text: string) => checkAwk(text) === null, ['mawk', 'gawk', 'original-awk']],
    ['sed', sedTexts, (text: string) => checkSed(text) === null, ['sed', 'sed -n -E']],
    ['jq', jqTexts, (text: string) => checkJq(text, 'jq') === null, ['jq']],
    [
      'SQL',
      sqlTexts,
      (text: string) => checkSql(text, 'pg').issue === null || checkSql(text, 'mysql').issue === null,
      ['sqlite3'],
    ],
  ] as const)(
    'of %s runs nothing, writes nothing and tells no secret',
    (language, texts, allows, programs) => {
      const all = sampled(texts);
      const allowed = all.filter(allows);

      const there = programs.filter(isThere);
      for (const missing of programs.filter((program) => !isThere(program)))
        process.stderr.write(`\n${language} NOT RUN in ${missing}, which is not here.\n`);
      const harm = there.flatMap((program) =>
        runReal(program, allowed).flatMap(({ output, marks }, at) =>
          marks.length > 0 || output.includes(planted)
            ? [{ program, text: allowed[at], marks, output: output.slice(0, 200) }]
            : [],
        ),
      );
      process.stdout.write(
        `${language}: seed ${seed}, ${all.length} texts, ${allowed.length} allowed and run in ${there.join(', ')}\n`,
      );
      expect(harm).toEqual([]);
      expect(allowed.length).toBeGreaterThan(all.length / 5);
    },
    600_000,
  );

  test('of ps shows no environment', () => {
    const all = sampled(psTexts);
    const allowed = all.filter((text) => judge(text, context).verdict === 'allow');

    const did = runReal('bash', allowed);

    process.stdout.write(`ps: seed ${seed}, ${all.length} texts, ${allowed.length} allowed and run\n`);
    const told = did.flatMap(({ output, marks }, at) =>
      output.includes(planted) || marks.length > 0 ? [allowed[at]] : [],
    );
    expect(told).toEqual([]);
    expect(allowed.length).toBeGreaterThan(20);
  }, 600_000);

  test('of find removes old plain files of the directory it names, or nothing', () => {
    const all = sampled(fc.oneof(findTexts, pruneTexts), count * 2);
    const allowed = all
      .map((text) => ({ text, ...judge(text, context) }))
      .filter(({ verdict }) => verdict === 'allow');

    const did = runReal(
      'bash',
      allowed.map(({ text }) => text),
    );

    const removing = allowed.filter(({ effects }) => effects.length > 0);
    process.stdout.write(
      `find: seed ${seed}, ${all.length} texts, ${allowed.length} allowed and run, ${removing.length} of them remove\n`,
    );
    expect(removing.length).toBeGreaterThan(10);
    const stay = [
      ...[
        '/var/tmp/shop/young.tmp',
        '/var/tmp/shop/deep/young',
        '/var/tmp/shop/away',
        '/var/tmp/other/old.tmp',
      ],
      ...['/var/tmp/old.tmp', '/w/cwd/old.tmp', '/w/cwd/secret'],
    ];
    for (const [at, { text, effects }] of allowed.entries()) {
      const { marks, left } = did[at] ?? { marks: ['missing'], left: '' };
      if (effects.length === 0) expect({ text, marks }).toEqual({ text, marks: [] });
      else if (left !== '') {
        expect(marks, text).toEqual(['wrote']);
        for (const file of stay) expect(left.split('\n'), text).toContain(file);
      }
    }
  }, 600_000);
});
