// The policy under text made to break it: it always answers, soon, and a dangerous script stays dangerous whatever
// is written around it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judge } from '#core/policy/judge';
import { hostileScripts } from './support/hostile-scripts.ts';
import { corpus, shopContext } from './support/scripts.ts';

/** Milliseconds of processor time, the best of three: the machine has other work to do. */
function cost(script: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3 && best > 50; i++) {
    const before = process.cpuUsage();
    judge(script, shopContext);
    const { user, system } = process.cpuUsage(before);
    best = Math.min(best, (user + system) / 1000);
  }
  return best;
}

test('no text of up to 64 kB takes more than 100 ms', () => {
  const slow = [65_536, 16_000].flatMap((size) =>
    hostileScripts(size)
      .map(({ name, script }) => ({ name, size, ms: cost(script) }))
      .filter(({ ms }) => ms > 100),
  );
  expect(slow).toEqual([]);
});

const fragment = fc.oneof(
  fc.constantFrom(
    '$(',
    '`',
    '${',
    '$((',
    '))',
    ')',
    '}',
    '"',
    "'",
    "$'",
    '\\',
    '\n',
    ' ',
    ';',
    '|',
    '&&',
    '||',
    '&',
    '<',
    '>',
    '<<E\n',
    'E\n',
    '<(',
    '{',
    '[',
    ']',
    '[[ ',
    ' ]]',
    '#',
    '!',
    '~',
    '*',
    '?',
    '=',
  ),
  fc.constantFrom(
    'if ',
    'then ',
    'fi\n',
    'for i in ',
    'do ',
    'done\n',
    'while ',
    'case a in ',
    'a) ',
    ';;',
    'esac\n',
    'f() ',
    'function g ',
    'echo ',
    'ls ',
    'rm ',
    'kubectl get ',
    'curl ',
    'read x ',
    'local y=',
    'x=1 ',
    'x+=',
    '$x',
    '"$@"',
    '${a[@]}',
    'break\n',
    'return\n',
    'exec ',
    'eval ',
  ),
  fc.string({ maxLength: 6 }),
);

test('random shell of any size gets a verdict with its reasons, and never an accident inside', () => {
  fc.assert(
    fc.property(fc.array(fragment, { maxLength: 400 }), fc.integer({ min: 1, max: 40 }), (parts, times) => {
      const script = parts.join('').repeat(times).slice(0, 65_536);

      const verdict = judge(script, shopContext);

      expect(['allow', 'review', 'refuse']).toContain(verdict.verdict);
      expect(verdict.verdict === 'allow').toBe(verdict.findings.length === 0);
      expect(verdict.findings.filter(({ code }) => code === 'policy' || code === 'policy-broken')).toEqual(
        [],
      );
      expect(cost(script)).toBeLessThan(100);
    }),
    { numRuns: 400, seed: 20_261_122 },
  );
});

const around: readonly [name: string, wrap: (script: string) => string][] = [
  ['after honest lines', (s) => `#!/usr/bin/env bash\nset -euo pipefail\nuptime\n${s}\n`],
  ['after an exit', (s) => `exit 0\n${s}\n`],
  ['in a branch', (s) => `if false; then\n${s}\nfi`],
  ['in a loop', (s) => `for i in 1; do\n${s}\ndone`],
  ['in a function', (s) => `work() {\n${s}\n}\nwork`],
  ['in a function that is never called', (s) => `work() {\n${s}\n}\nuptime`],
  ['in a substitution', (s) => `echo "$(\n${s}\n)"`],
  ['in a subshell of a pipeline', (s) => `(\n${s}\n) | cat`],
  ['in a process substitution', (s) => `cat <(\n${s}\n)`],
  ['in a case', (s) => `case x in y)\n${s}\n;; esac`],
];

test.each(around)('a dangerous script stays so %s', (_name, wrap) => {
  // What ends in the middle of something has no frame, and a break without a loop is right inside one.
  const whole = corpus('dangerous').filter(
    ({ class: kind, script }) =>
      kind !== 'encoding' && judge(script, shopContext).findings.every((finding) => finding.code !== 'jump'),
  );

  const slipped = whole.filter(({ script }) => judge(wrap(script), shopContext).verdict === 'allow');

  expect(slipped.map(({ id }) => id)).toEqual([]);
});
