// The policy's list of commands against what bash really executes: an allowed script runs among recording stubs, and
// every program it starts must have been listed; words in every kind of quoting must come out as bash makes them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describedTools } from '#core/policy/engine/described-tools';
import { wrappers } from '#core/policy/engine/wrappers';
import { forbiddenData } from '#core/policy/forbidden';
import { judge } from '#core/policy/judge';
import { type Executed, record, whyNoSandbox } from './support/recorder.ts';
import { corpus, shopContext } from './support/scripts.ts';
import { shellSoup } from './support/shell-soup.ts';

const reason = whyNoSandbox();
const required = process.env['CI'] === 'true';
if (reason !== null && !required) {
  process.stderr.write(`\nORACLE NOT RUN: bubblewrap cannot be used here (${reason}).\n\n`);
}

const forbiddenNames = Object.values(forbiddenData).flatMap((group) => group.names.split(' '));
const names = [...describedTools.keys(), ...wrappers.keys(), ...forbiddenNames];
const sameProgram = (listed: string, executed: string) =>
  listed.slice(listed.lastIndexOf('/') + 1) === executed;
const runtimePart = /[$`*?[{~]|[<>]\(/;

/** True if one of the listed commands is this one; parts known only at run time may be anything. */
function wasListed(executed: Executed, listed: readonly { argv: string[] }[]): boolean {
  return listed.some(({ argv }) => {
    const [name = '', ...args] = argv;
    if (!sameProgram(name, executed[0] ?? '')) return false;
    if (args.some((arg) => runtimePart.test(arg))) return true;
    return args.length === executed.length - 1 && args.every((arg, i) => arg === executed[i + 1]);
  });
}

/** Findings by which the policy says that it does not know everything that will run. */
const opaque =
  /not-plain|dynamic|syntax|runs-|encoding|hidden|too-|shebang|placeholder|shell-|steering|construct|jump|braces|indirect|obfuscation|expansion|background|endless|limits|substitution|test-on|arithmetic|function|shadowing|recursion|redefinition|positional|process|forced|^builtin|^option|redirect|interactive|exec|access|may-not-end|environment/;

test('bubblewrap is there where it must be', () => {
  if (required) expect(reason).toBeNull();
});

describe.skipIf(reason !== null)('what runs was listed', () => {
  test.each([0, 1] as const)(
    'for every allowed script, when programs end with %i',
    (code) => {
      // When programs fail, only scripts of several commands take other ways.
      const allowed = corpus('safe').filter(({ script }) => {
        const { verdict, commands } = judge(script, shopContext);
        return verdict === 'allow' && (code === 0 || commands.length > 2);
      });

      const runs = record(
        allowed.map(({ script }) => script),
        names,
        code,
      );

      const missed = allowed.flatMap(({ id, script }, index) => {
        const { commands } = judge(script, shopContext);
        return (runs[index] ?? []).filter((run) => !wasListed(run, commands)).map((run) => ({ id, run }));
      });
      const count = runs.reduce((sum, run) => sum + run.length, 0);
      process.stdout.write(`oracle: ${allowed.length} allowed scripts, ${count} programs started\n`);
      expect(count).toBeGreaterThan(allowed.length / 2);
      expect(missed).toEqual([]);
      // Nine hundred scripts are a thousand processes; on a busy machine that takes its time.
    },
    120_000,
  );

  test('for dangerous scripts too, unless the policy said that it cannot know', () => {
    // Every third, since each one starts real processes.
    const judged = corpus('dangerous')
      .filter((_, index) => index % 3 === 0)
      .map((entry) => ({ ...entry, ...judge(entry.script, shopContext) }))
      .filter(
        (entry) =>
          !entry.script.includes('\0') && entry.findings.every((finding) => !opaque.test(finding.code)),
      );

    const runs = record(
      judged.map(({ script }) => script),
      names,
      0,
    );

    const missed = judged.flatMap(({ id, commands }, index) =>
      (runs[index] ?? []).filter((run) => !wasListed(run, commands)).map((run) => ({ id, run })),
    );
    process.stdout.write(`oracle: ${judged.length} dangerous scripts the policy claims to understand\n`);
    expect(judged.length).toBeGreaterThan(200);
    expect(missed).toEqual([]);
  });

  test('for random scripts, however their pieces are put together', () => {
    const judged = shellSoup(3000, 20_261_122)
      .map((script) => ({ script, ...judge(script, shopContext) }))
      .filter(({ findings }) => findings.every((finding) => !opaque.test(finding.code)));

    const runs = record(
      judged.map(({ script }) => script),
      ['cat'],
      0,
    );

    const missed = judged.flatMap(({ script, commands }, index) =>
      (runs[index] ?? []).filter((run) => !wasListed(run, commands)).map((run) => ({ script, run })),
    );
    const count = runs.reduce((sum, run) => sum + run.length, 0);
    process.stdout.write(`oracle: ${judged.length} random scripts, ${count} probes run\n`);
    expect(count).toBeGreaterThan(500);
    expect(missed).toEqual([]);
  });

  test('words come out of every kind of quoting as bash makes them', () => {
    // What the policy does not take for plain says nothing of its words.
    const lines = fc
      .sample(fc.array(word, { minLength: 1, maxLength: 3 }), { numRuns: 6000, seed: 7 })
      .map((words) => `probe ${words.join(' ')}`)
      .filter((line) => isPlain(line));
    const scripts = Array.from({ length: Math.ceil(lines.length / 40) }, (_, at) =>
      [head, ...lines.slice(at * 40, at * 40 + 40)].join('\n'),
    );

    const runs = record(scripts, names, 0);

    let compared = 0;
    const differences = scripts.flatMap((script, index) => {
      const judged = judge(script, shopContext);
      expect(judged.findings.filter((finding) => finding.code !== 'unknown-command')).toEqual([]);
      const policy = judged.commands.map(({ argv }) => argv).filter(([name]) => name === 'probe');
      const bash = runs[index] ?? [];
      expect(policy.length).toBe(bash.length);
      return policy.flatMap((argv, at) => {
        if (argv.some((arg) => arg.includes('$'))) return [];
        compared++;
        return JSON.stringify(argv) === JSON.stringify(bash[at])
          ? []
          : [{ script: script.split('\n'), argv, bash: bash[at] }];
      });
    });
    process.stdout.write(`oracle: ${compared} lines of random quoting compared\n`);
    expect(compared).toBeGreaterThan(500);
    expect(differences).toEqual([]);
  });
});

const head = `V='a b'; W=x; E=; A=(p 'q r' s)`;
const isPlain = (line: string): boolean =>
  judge(`${head}\n${line}`, shopContext).findings.every(({ code }) => code === 'unknown-command');

const plain = fc.stringMatching(/^[a-z0-9.,:=/_-]{1,4}$/);
// Variables stand in braces, so that the next letters are not taken for a longer name.
const word: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      plain,
      fc.constantFrom('\\a', '\\ ', '\\"', "\\'", '\\\\', '\\*', '\\{', '\\\n'),
      fc.stringMatching(/^[a-z "*?{},\\]{0,5}$/).map((text) => `'${text}'`),
      fc
        .array(
          fc.oneof(
            plain,
            fc.constantFrom(' ', '\\"', '\\\\', '\\a', '*', "'", '${V}', '${W}', '{a,b}', '${E}', '${A[1]}'),
          ),
          { maxLength: 4 },
        )
        .map((parts) => `"${parts.join('')}"`),
      fc
        .array(fc.constantFrom('a', '\\x41', '\\101', '\\t', '\\u0042', "\\'", '\\\\', ' ', '\\e', '"'), {
          maxLength: 4,
        })
        .map((parts) => `$'${parts.join('')}'`),
      fc.constantFrom(
        '${V}',
        '${W}',
        '${E}',
        '"${E}"',
        '"${A[@]}"',
        '"${A[*]}"',
        '{a,b}',
        '{1..3}',
        '{a,b{c,d}}',
        '{x,}',
        '{01..3}',
        '{c..a}',
        '{x}',
        '{',
        '}',
        '*',
        '?',
      ),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !text.startsWith('-') && !/[;#]/.test(text));
