// What a person sees of a script as it was understood.
import { expect, test } from 'vitest';
import { limits } from '../limits.ts';
import { print } from '../second-witness.ts';

test.each([
  ['echo  a   "b c"   # why', 'echo a "b c"\n'],
  ["x=web;y='a b'", "x=web; y='a b'\n"],
  ['if uptime;then echo a;else\necho b;fi', 'if uptime; then\n  echo a\nelse\n  echo b\nfi\n'],
  ['uptime 2>&1|head -1>/dev/null', 'uptime 2>&1 | head -1 > /dev/null\n'],
  ["cat <<'E' | grep a\na\nE\n", "cat <<'E' | grep a\na\nE\n"],
  ["cat <<'E' > /tmp/x; ls /tmp\na\nE\nuptime", "cat <<'E' > /tmp/x; ls /tmp\na\nE\nuptime\n"],
  ["if cat <<'E'; then ls; fi\na\nE\n", "if cat <<'E'; then\na\nE\n  ls\nfi\n"],
  ["cat <<'E' 'one\ntwo'\na\nE\n", "cat 'one\ntwo' <<'E'\na\nE\n"],
  ['x="$(cat <<\'E\'\na\nE\n)"; ls "$x"', 'x="$(cat <<\'E\'\na\nE\n)"; ls "$x"\n'],
  ["cat <<'A' <<'B'\n1\nA\n2\nB\n", "cat <<'A' <<'B'\n1\nA\n2\nB\n"],
])('%j is printed as it was understood', (script, text) => {
  expect(print(script)).toEqual({ is: 'plain', text });
});

test.each([
  ['what is not plain', 'echo *'],
  ['what bash would not accept', 'if uptime'],
  ['more commands than are read', 'uptime\n'.repeat(limits.commands + 1)],
  ['what is in no encoding that is read', 'echo \0'],
])('there is no print of %s', (_, script) => {
  expect(print(script)).toEqual({ is: 'not-plain' });
});
