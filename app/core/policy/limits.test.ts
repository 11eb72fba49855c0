import { expect, test } from 'vitest';
import { preliminary } from './limits.ts';

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
  'echo "größer: ✓"',
  'ls\n'.repeat(200),
  'cat <<E\n\ttabbed\nE\n',
  'echo "${list[A_1]}"',
])('%j is looked at further', (script) => {
  expect(preliminary(script)).toBeNull();
});
