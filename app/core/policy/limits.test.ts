import { describe, expect, it, test } from 'vitest';
import { preliminary, shebangNotes } from './limits.ts';

test.each([
  ['a carriage return', 'echo ok\r\nrm -rf /srv', 'hidden-character'],
  ['a NUL', 'ls \0', 'hidden-character'],
  ['an escape sequence', 'echo \x1b[2K', 'hidden-character'],
  ['a zero-width space', 'r\u200bm -rf /', 'hidden-character'],
  ['a right-to-left override, even in a comment', 'ls # \u202etxt', 'hidden-character'],
  ['a tag character', 'ls \u{e0041}', 'hidden-character'],
  ['a no-break space', 'ls\u00a0-l', 'hidden-character'],
  ['half a surrogate pair', 'ls \ud800', 'hidden-character'],
  ['a placeholder of the redactor', 'echo "[EMAIL_1]"', 'placeholder'],
  ['another interpreter', '#!/usr/bin/python3\n', 'shebang'],
  ['another shell', '#!/bin/zsh\n', 'shebang'],
  ['another shell, found by env', '#!/usr/bin/env dash\n', 'shebang'],
  ['a shell of another directory', '#!/tmp/bin/sh\n', 'shebang'],
  ['a command in the first line', "#!/bin/sh -c 'id'\n", 'shebang'],
  ['an option that makes every name exported', '#!/bin/bash -a\n', 'shebang'],
  ['a login shell', '#!/bin/bash -l\n', 'shebang'],
  ['an interpreter with arguments', "#!/usr/bin/env -S bash -c 'rm -rf /'\n", 'shebang'],
  ['201 lines', 'ls\n'.repeat(201), 'too-long'],
  ['a line of 4,001 characters', 'a'.repeat(4001), 'too-long'],
  ['more than 16 kB', '# x\n'.repeat(5000), 'too-long'],
  ['25 brackets in each other', '('.repeat(25), 'too-deep'],
  ['301 substitutions', '$(a)'.repeat(301), 'too-deep'],
])('%s stops a script before it is parsed', (_name, script, code) => {
  expect(preliminary(script)).toMatchObject({ level: 'refuse', code });
});

test.each([
  '#!/usr/bin/env bash\nset -euo pipefail\n',
  '#!/bin/bash -e\nls',
  '#!/bin/sh\nls',
  '#!/usr/bin/sh -eu\nls',
  '#! /bin/sh\nls',
  '#!/usr/bin/env sh\nls',
  '#!/usr/bin/env -S bash -euo pipefail\nls',
  'echo "größer: ✓"',
  'ls\n'.repeat(200),
  'cat <<E\n\ttabbed\nE\n',
  'echo "${list[A_1]}"',
])('%j is looked at further', (script) => {
  expect(preliminary(script)).toBeNull();
});

describe('of the first line a reviewer is told', () => {
  const sentences = (script: string) => shebangNotes(script).map(({ sentence }) => sentence);
  const sh = 'The script asks for sh. Bash runs it, and it is judged as bash reads it.';

  it.each([
    ['#!/bin/sh\nls', [sh]],
    ['#!/usr/bin/env sh\nls', [sh]],
    ['#!/bin/bash -eu\nls', ['Options in the first line do not count. Write `set -eu` as the next line.']],
    ['#!/bin/sh -e\nls', [sh, 'Options in the first line do not count. Write `set -e` as the next line.']],
    [
      '#!/usr/bin/env -S bash -euo pipefail\nls',
      ['Options in the first line do not count. Write `set -euo pipefail` as the next line.'],
    ],
    ['#!/usr/bin/env bash\nls', []],
    ['ls # #!/bin/sh', []],
    ['', []],
  ])('by %j: %j', (script, said) => {
    expect(sentences(script)).toEqual(said);
  });
});
