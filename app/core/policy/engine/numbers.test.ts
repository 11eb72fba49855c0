// Bash evaluates what stands in arithmetic as code, so that it has to be a number for certain.
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;
const verdict = (script: string) => judge(script, context).verdict;
const read = 'x="$(cat /tmp/x)"';
const guard = '[[ "$x" =~ ^[0-9]+$ ]] || exit 1';
const use = 'echo "$((x + 1))"';

describe('data in arithmetic', () => {
  test.each([
    `${read}; ${guard}; ${use}`,
    `${read}; ${guard}; (( x > 3 )) && echo many`,
    `${read}; ${guard}; [[ "$x" -gt 3 ]] && echo many`,
    `${read}; [[ "$x" =~ ^[0-9]{1,3}$ ]] || exit 1; ${use}`,
    `${read}; [[ $x =~ ^[1-9][0-9]*$ ]] || { echo no; exit 1; }; ${use}`,
    `${read}; if [[ "$x" =~ ^[0-9]+$ ]]; then ${use}; fi`,
    `${read}; if ! [[ "$x" =~ ^[0-9]+$ ]]; then exit 1; fi; ${use}`,
    `${read}; if [[ ! "$x" =~ ^[0-9]+$ ]]; then exit 1; fi; ${use}`,
    `f() { ${read}; [[ "$x" =~ ^[0-9]+$ ]] || return 1; ${use}; }; f`,
    `${read}; [ "$x" -gt 3 ] && echo many`,
    'n=0; for f in a b; do (( n++ )); done; echo "$n"',
    'n=0; n=$((n + 1)); (( n > 0 )) && echo "$n"',
    'for i in $(seq 1 3); do echo "$((i * 2))"; done',
    'echo "$((RANDOM % 5))"',
    'uptime; rc=$?; (( rc == 0 )) && echo well',
  ])('is fine when it can only be a number: %s', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    'x="$(kubectl get pods --no-headers | wc -l)"; (( x > 3 )) && echo many',
    `x="$(date +%s)"; ${use}`,
    `x="$(df --output=pcent / | tail -1 | tr -dc 0-9)"; [[ $x -gt 80 ]] && echo full`,
    `x="$(kubectl get deploy web -n shop -o jsonpath='{.spec.replicas}')"; ${use}`,
  ])('needs a person where a command says that it is one: %s', (script) => {
    expect(judge(script, context)).toMatchObject({
      verdict: 'review',
      findings: [{ code: 'arithmetic-on-data' }],
    });
    expect(verdict(script.replace('; ', `; ${guard}; `))).toBe('allow');
  });

  test('is told how to become one, in a line that does', () => {
    const { findings } = judge(`${read}; ${use}`, context);
    expect(findings.map(({ sentence }) => sentence)).toEqual([
      'Bash evaluates $x as code in arithmetic, and it is not certain to be a number ($(cat /tmp/x)). Write [[ "$x" =~ ^[0-9]+$ ]] || exit 1 before it.',
    ]);
  });

  test.each([
    `${read}; (( x > 3 ))`,
    `${read}; [[ $x -gt 3 ]]`,
    `${read}; [ $x -gt 3 ]`,
    `${read}; y=x; ${guard}; echo "$((y + 1))"`,
    `x=abc; ${use}`,
    'x="a[$(id)]"; echo "$((x))"',
    `${read}; declare -i n="$x"`,
    "[[ -v 'a[$(id)]' ]]",
    "read 'a[$(id)]' < /tmp/x",
    "printf -v 'a[$(id)]' x",
    '(( a[$(id)] ))',
    'let x=1',
    'echo "$(( $(cat /tmp/x) ))"',
    'f() { echo "$(($1 + 1))"; }; f "$(cat /tmp/x)"',
  ])('is code when it can be anything: %s', (script) => expect(verdict(script)).toBe('refuse'));

  test.each([
    ['looks at the beginning alone', `${read}; [[ "$x" =~ ^[0-9]+ ]] || exit 1; ${use}`],
    ['looks at the end alone', `${read}; [[ "$x" =~ [0-9]+$ ]] || exit 1; ${use}`],
    ['takes nothing for a number', `${read}; [[ "$x" =~ ^[0-9]*$ ]] || exit 1; ${use}`],
    ['only says so', `${read}; [[ "$x" =~ ^[0-9]+$ ]] || echo no; ${use}`],
    ['may be gone round', `${read}; [[ "$x" =~ ^[0-9]+$ || -f /tmp/y ]] || exit 1; ${use}`],
    ['is turned round', `${read}; ! [[ "$x" =~ ^[0-9]+$ ]] || exit 1; ${use}`],
    ['is not the last of its tests', `${read}; if ! [[ "$x" =~ ^[0-9]+$ ]]; false; then exit 1; fi; ${use}`],
    ['is one of two stages', `${read}; if ! [[ "$x" =~ ^[0-9]+$ ]] | false; then exit 1; fi; ${use}`],
    ['looks at another', `y=1; ${read}; [[ "$y" =~ ^[0-9]+$ ]] || exit 1; ${use}`],
    ['comes before the value', `${guard}; ${read}; ${use}`],
    ['comes before another value', `${read}; ${guard}; x="$(cat /tmp/y)"; ${use}`],
    ['comes after', `${read}; ${use}; ${guard}`],
    ['ends a subshell alone', `${read}; (${guard}); ${use}`],
    ['ends a loop alone', `${read}; for i in a b; do [[ "$x" =~ ^[0-9]+$ ]] || break; done; ${use}`],
    ['ends a function alone', `f() { [[ "$x" =~ ^[0-9]+$ ]] || return 1; }; ${read}; f; ${use}`],
    ['stands in a branch', `${read}; if [ -f /tmp/y ]; then ${guard}; fi; ${use}`],
    ['stands in the test of a branch that ends', `${read}; if [[ $x =~ ^[0-9]+$ ]]; then echo; fi; ${use}`],
  ])('stays anything after a guard that %s', (_name, script) => expect(verdict(script)).toBe('refuse'));
});
