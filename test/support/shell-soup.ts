// Random scripts of the builtin commands and one harmless `probe`, to compare what the policy lists with what bash runs.
// It must never produce a command that does anything.
import fc from 'fast-check';

const line = fc.constantFrom(
  ...[
    'probe a',
    'probe "c d"',
    'probe $V',
    'probe "${L[@]}"',
    "probe 'e'",
    'probe {f,g}',
    'probe $((1+1))',
    'probe ~',
    'probe \\\n z',
    "probe $'\\x41'",
  ],
  ...[
    'x=$(probe h)',
    'probe "$(probe i)"',
    'probe `probe j`',
    'probe ${U:-$(probe k)}',
    ': "${V:=$(probe l)}"',
    'probe <<< "$(probe n)"',
    'cat <(probe m)',
  ],
  ...[
    'probe <<E\n$(probe o) `probe p` $V\nE\n',
    "probe <<'E'\n$(probe q)\nE\n",
    'probe <<-E\n\t$(probe r)\n\tE\n',
    'probe # probe s',
    'probe a#probe',
    'echo "$(probe v # comment\n)"',
  ],
  ...[
    'V=$(echo z)',
    'V=q',
    'local y=$(probe t)',
    'readonly R=$(probe u)',
    'L+=(w)',
    'read V',
    'a[1]=$(probe ff)',
    'probe cc=dd',
    'EE=1 probe ee',
  ],
  ...[
    '[ a = "$(probe w)" ]',
    '[[ a == $(probe x) ]]',
    '(( $(probe y > /dev/null; echo 1) ))',
    'probe ${V#$(probe gg)}',
    'probe ${V/$(probe hh)/x}',
    'probe "${L[$(echo 0)]}"',
  ],
  ...[
    'f',
    'f x',
    'true',
    'false',
    'return',
    'break',
    'probe > /dev/null',
    'probe 2>&1',
    'time probe aa',
    '! probe bb',
  ],
  ...[
    'case $(probe ii) in *) probe jj;; esac',
    'probe kk | probe ll',
    'probe mm && probe nn || probe oo',
    'if probe rr; then probe ss; else probe tt; fi',
    'for i in $(probe uu) 1; do probe $i; done',
  ],
);

const frames: readonly ((body: string) => string)[] = [
  (b) => `if probe t1; then\n${b}\nfi`,
  (b) => `{\n${b}\n}`,
  (b) => `(\n${b}\n)`,
  (b) => `f() {\n${b}\n}`,
  (b) => `for V in 1 2; do\n${b}\ndone`,
  (b) => `while read -r V; do\n${b}\ndone <<< "one"`,
  (b) => `case $V in q) probe c1;; *)\n${b}\n;; esac`,
  (b) => `{\n${b}\n} | cat`,
  (b) => `probe "$(\n${b}\n)"`,
  (b) => `true && {\n${b}\n}`,
  (b) => `until probe u1; do\n${b}\nbreak\ndone`,
];

const nested: fc.Arbitrary<string> = fc
  .array(
    fc.tuple(
      fc.array(line, { minLength: 1, maxLength: 3 }),
      fc.array(fc.constantFrom(...frames), { maxLength: 3 }),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((parts) =>
    parts.map(([lines, wraps]) => wraps.reduce((body, wrap) => wrap(body), lines.join('\n'))).join('\n'),
  );

const tokens = fc.constantFrom(
  ...[
    ';',
    '\n',
    ' | ',
    ' || ',
    ' && ',
    '(',
    ')',
    '{ ',
    '; }',
    'if ',
    '; then ',
    '; else ',
    '; fi',
    'for i in 1; do ',
    '; done',
    '! ',
    'case a in a) ',
    ';; esac',
  ],
  ...[
    '"',
    "'",
    '`',
    '$(',
    '\\',
    '#',
    ' ',
    '<<E\n',
    '\nE\n',
    '${V:-',
    '}',
    '\t',
    '$',
    "$'",
    '!',
    '[[ ',
    ' ]]',
    '((',
    '))',
    'function g ',
    'g() ',
    'g',
    '|& ',
    ';;',
    '<(',
    '>(',
    '=',
    'V=',
    '~',
    '{a,',
    '*',
    '?',
  ],
);
const soup = fc.array(fc.oneof(line, tokens), { minLength: 1, maxLength: 9 }).map((parts) => parts.join(''));

/** Scripts that often parse and always end. */
export function shellSoup(count: number, seed: number): string[] {
  return fc
    .sample(fc.oneof(nested, soup), { numRuns: count, seed })
    .map((body) => `V='v w'; L=(l 'm n')\nf() { probe F "$@"; }\n${body}\n`);
}
