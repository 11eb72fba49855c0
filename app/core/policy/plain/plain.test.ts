// What a script may be made of and run unseen, by the lines of the plain form in docs/policy.md.
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;

/** Each of these runs without a question. */
const inTheForm: Readonly<Record<string, readonly string[]>> = {
  'simple commands, and words of literals': [
    'uptime',
    'df -h /var/log',
    'echo plain \'single quotes\' "double quotes"',
    "echo 'it'\"'\"'s'",
    'echo "a \\"word\\" and \\$5 and \\\\"',
    'echo a,b=c:d/e@f+g%h',
    "echo '*' \"?\" '{a,b}' '~'",
    'uptime; rc=$?; exit "$rc"',
    'uptime && df -h || echo z',
    'uptime | head -1',
    'uptime 2>&1 | head -1',
    'uptime &> /dev/null',
    '# only a word\nuptime # and another',
    ':',
    'true && false',
    "find /var/log -name '*.log' -mtime +7",
  ],
  'values, defaults, outputs and sums between quotes': [
    'x=web; echo "$x"',
    'x=web; echo "pre-${x}-post"',
    'echo "${x:-none}"',
    'echo "$(date +%s)"',
    'x="$(date +%s)"; echo "$x"',
    'x=$(date +%s); echo "$x"',
    'echo "$(echo "$(uptime)")"',
    'echo "a$((1 + 2))b"',
    'printf \'%s\\n\' "$(date +%s)"',
    'command -v kubectl',
    'echo "$INCIDENT_ID"',
  ],
  'variables that are given a value': [
    'readonly x=web; echo "$x"',
    'readonly x; echo y',
    'f() { local x=web; echo "$x"; }; f',
    'f() { local x; x=web; echo "$x"; }; f',
    'f() { local x="$1"; echo "$x"; }; f web',
    'n=0; n=$((n + 1)); echo "$n"',
    'n=0; (( n += 1 )); echo "$n"',
    'ok=no; if [ "$ok" = yes ]; then echo y; fi',
    'ok=0; uptime && ok=1; [ "$ok" -eq 1 ] && echo up',
    'rc=0; uptime || rc=$?; echo "$rc"',
    'export TZ=UTC; date',
    'TZ=UTC date',
  ],
  lists: ['list=(a \'b c\' "d"); echo "${list[@]}"', 'list=(a b); for x in "${list[@]}"; do echo "$x"; done'],
  functions: [
    'f() { echo "$1" "$2"; }; f a b',
    'f() { echo "$@"; }; f a b',
    'f() { return 1; }; f || echo no',
  ],
  branches: [
    'if uptime; then echo a; elif df -h; then echo b; else echo c; fi',
    'x=web; case "$x" in web | api) echo a ;; db*) echo b ;; *) echo c ;; esac',
    'case web in [a-z]eb) echo a ;; esac',
    'if ! uptime; then echo down; fi',
  ],
  'loops with an end': [
    'for x in a b; do echo "$x"; done',
    'for x in "$(date +%s)"; do echo "$x"; done',
    'for i in $(seq 1 30); do echo "$i"; done',
    'for i in {1..30}; do echo "$i"; done',
    'for i in $(seq 30); do sleep 1; done',
    'n=0; while [ "$n" -lt 5 ]; do n=$((n + 1)); sleep 1; done',
    'while IFS= read -r line; do echo "$line"; done < /tmp/x',
    'df -h | while IFS= read -r line; do echo "$line"; done',
    'while read -r line; do echo "$line"; done < /tmp/x',
    'for x in a b; do [ "$x" = b ] && break; done',
    'n=0; until (( n >= 5 )); do n=$((n + 1)); sleep 1; done',
    'n=0; while (( n < 5 )); do (( n++ )); echo "$n"; done',
  ],
  tests: [
    'x=a; [[ "$x" == a* ]] && echo y',
    'x=a; [[ $x == a ]] && echo y',
    'x=a; [[ -n "$x" && "$x" != b ]] || exit 1',
    'x=a; [[ "$x" =~ ^[a-z]+$ ]] || exit 1',
    'x=5; (( x > 3 )) && echo y',
    'x=5; [[ "$x" -gt 3 ]] && echo y',
    'x="$(cat /tmp/x)"; [ "$x" -gt 3 ] && echo y',
    'x="$(cat /tmp/x)"; [[ "$x" =~ ^[0-9]+$ ]] || exit 1; echo "$((x + 1))"',
    'x="$(cat /tmp/x)"; if [[ "$x" =~ ^[0-9]+$ ]]; then echo "$((x + 1))"; fi',
    '[ -f /tmp/x ] && echo y',
  ],
  'lists of commands, pipelines and groups': [
    '! uptime',
    'df -h | tail -1 | wc -l',
    '{ uptime; df -h; }',
    '(uptime; df -h)',
    '{ uptime; df -h; } > /dev/null',
  ],
  'redirections and here-documents': [
    "cat <<'END'\ntext with $x and `y`\nEND",
    "cat <<'A' <<'B'\none\nA\ntwo\nB",
    'echo y > /dev/null',
    'echo y >&2',
    'tmp="$(mktemp)"; echo y > "$tmp"; cat "$tmp"',
    'tmp="$(mktemp -d)"; echo y >> "$tmp/log"',
  ],
  'options, traps and one directory': [
    'set -euo pipefail\nuptime',
    'set -e\nset -o pipefail\nuptime',
    'done_with() { echo bye; }; trap done_with EXIT; uptime',
    'on_fail() { echo bye >&2; }; trap on_fail ERR INT TERM; uptime',
    'cd /var/log || exit 1; ls',
    'set -e\ncd /var/log\nls',
    'cd /var/log || { echo gone; exit 1; }; ls',
  ],
  'a limit of time, another user and xargs': [
    'timeout 10 df -h',
    'sudo df -h',
    'sudo -n -u postgres df -h',
    'timeout 10 sudo df -h',
    'echo /tmp/x | xargs -r ls',
  ],
};

describe.each(Object.entries(inTheForm))('in the form are %s', (_, scripts) => {
  test.each(scripts)('%s', (script) => {
    expect(judge(script, context)).toMatchObject({ verdict: 'allow', findings: [] });
  });
});
