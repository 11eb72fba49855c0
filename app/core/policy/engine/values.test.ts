// What a variable can be, and which kinds of values may stand where: a variable is every value that the script ever gives it.
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = {
  kind: 'fix',
  parameters: { D: 'web', N: 'shop', URL: 'http://127.0.0.1:4601/health' },
  actions: [],
} as const;
const restart = 'kubectl rollout restart "deploy/$T" -n shop';
const verdict = (script: string) => judge(script, context).verdict;
const codes = (script: string) => judge(script, context).findings.map(({ code }) => code);

describe('a variable', () => {
  test.each([
    ['is followed to where it is used', `T=web; ${restart}`],
    ['may be given the same value twice', `T=web; ${restart}; T=web`],
    ['may be constant', `readonly T='web'\n${restart}`],
    ['may be the argument of a function', `work() { local T="$1"; ${restart}; }; work web`],
    [
      'may be an argument without a name',
      'work() { kubectl rollout restart "deploy/$1" -n "$2"; }; work web shop',
    ],
    ['may come from a list', `for T in web; do ${restart}; done`],
    ['may come from a list with a name', `all=(web); for T in "\${all[@]}"; do ${restart}; done`],
    ['may be a literal that was printed', `T="$(echo web)"; ${restart}`],
    ['may have a literal in its place', 'kubectl rollout restart "deploy/${T:-web}" -n shop'],
    ['is the same in both branches', `set -u\nif [ -f /tmp/x ]; then T=web; else T=web; fi; ${restart}`],
  ])('%s', (_name, script) => expect(verdict(script)).toBe('allow'));

  test.each([
    ['in a subshell', `T=web; (T=other); ${restart}`],
    ['in a stage of a pipeline', `T=web; echo other | read -r T; ${restart}`],
    ['in a substitution', `T=web; x="$(T=other; echo y)"; ${restart}`],
    ['in a branch that leaves', `T=web; if [ -f /tmp/x ]; then T=other; exit 1; fi; ${restart}`],
    ['as a local of a function', `T=web; f() { local T=x; echo "$T"; }; f; ${restart}`],
    ['in one branch', `T=web; if [ -f /tmp/x ]; then T=other; fi; ${restart}`],
    ['from a file', `T=web; read -r T < /tmp/x; ${restart}`],
    ['in a function', `T=web; f() { T=other; }; f; ${restart}`],
    ['in a function that nobody calls', `T=web; f() { T=other; }; ${restart}`],
    ['in a loop', `T=web; while read -r l; do ${restart}; T=$l; done < /tmp/x`],
    ['after &&', `T=web; true && T=other; ${restart}`],
    ['in arithmetic', `T=web; (( T = 5 )); ${restart}`],
    ['after its use', `T=web; ${restart}; T=other`],
    ['by a call among several', `work() { local T="$1"; ${restart}; }; work web; work other`],
    [
      'by a trap that calls without arguments',
      `work() { local T="$1"; ${restart}; }; trap work EXIT; work web`,
    ],
    ['as nothing, on the way past a branch', `if [ -f /tmp/x ]; then T=web; fi; ${restart}`],
    ['as nothing, on the way past a local', `f() { [ -f /tmp/x ] && local T=web; ${restart}; }; f`],
    ['by taking it away', `T=web; unset T; ${restart}`],
    ['by mapfile', `T=web; mapfile -t T < /tmp/x; ${restart}`],
    ['by bash', `REPLY=web; read -r < /tmp/x; T=$REPLY; ${restart}`],
  ])('has also what it is given %s', (_name, script) => expect(verdict(script)).toBe('refuse'));

  test('that nothing sets is told of, with what to write', () => {
    expect(judge('echo "$T"', context)).toMatchObject({
      verdict: 'review',
      findings: [{ code: 'unset', sentence: expect.stringContaining("Set it: T='…'.") }],
    });
    expect(judge(restart, context).verdict).toBe('refuse');
  });

  test('of a loop or of a branch is judged once for each value, and listed so', () => {
    const { commands } = judge('for x in a b; do uptime; echo "$x"; done', context);
    expect(commands.map(({ argv }) => argv.join(' '))).toEqual(['uptime', 'echo a', 'echo b']);
  });
});

describe('a variable that steers the shell or its tools', () => {
  test.each([
    'PATH=/tmp ls',
    'PATH=/tmp; ls',
    'for PATH in /tmp; do ls; done',
    'read -r PATH < /tmp/x; ls',
    'mapfile -t PATH < /tmp/x; ls',
    'readarray PATH < /tmp/x; ls',
    '(( IFS = 1 )); ls',
    'for (( HOME = 1; HOME < 2; HOME++ )); do ls; done',
    'export BASH_ENV=/tmp/x',
    'unset PATH; ls',
    'f() { local -x KUBECONFIG=/tmp/x; ls; }; f',
    'declare -rx LD_PRELOAD=/tmp/x; ls',
    'LD_PRELOAD=/tmp/x ls',
    'env LD_PRELOAD=/tmp/x ls',
  ])('is never set: %s', (script) => {
    expect(verdict(script)).toBe('refuse');
    expect(codes(script)).toContain('steering-variable');
  });

  test.each([
    ['for one read alone', 'while IFS= read -r line; do echo "$line"; done < /tmp/x', 'allow'],
    ['for what follows', 'IFS=:; ls', 'refuse'],
    ['for another command', 'IFS=: ls', 'refuse'],
  ])('IFS may be set %s', (_name, script, expected) => expect(verdict(script)).toBe(expected));
});

/** Text that is known only at run time, where each kind of word stands. */
describe('text of the run', () => {
  const text = '"$(cat /tmp/x)"';
  test.each([
    `echo ${text}`,
    `printf '%s\\n' ${text}`,
    `printf '%s' ${text} | grep -c a`,
    `x=${text}; [ "$x" = web ] && echo yes`,
  ])('may be said and compared: %s', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    ['a file that is read', `cat ${text}`],
    ['a namespace that is read', `kubectl get pods -n ${text}`],
    ['a pod that is read', `kubectl logs ${text}`],
    ['several arguments', 'x=$(cat /tmp/x); grep $x'],
    ['an option of sort', `sort ${text} /tmp/y`],
    ['an option of kubectl', 'kubectl get pods -n $(cat /tmp/x)'],
    ['a format', `printf ${text}`],
  ])('needs a person as %s', (_name, script) => expect(verdict(script)).toBe('review'));

  test.each([
    ['a command', text],
    ['a command after several words', '$(cat /tmp/x) ls'],
    ['a command of env', 'env A=$(cat /tmp/x) ls'],
    ['a subcommand', `kubectl ${text} pods`],
    ['an option', 'systemctl "--$(cat /tmp/x)" status nginx'],
    ['the user of sudo', `sudo -u ${text} ls`],
    ['the user of sudo, outside quotes', 'sudo -u $(cat /tmp/x) ls'],
    ['a limit of time', `timeout ${text} ls`],
    ['the mark of xargs', `echo a | xargs -I ${text} ls {}`],
    ['a file that is written', 'touch "/tmp/$(cat /tmp/x)"'],
    ['a file that is removed', `rm -- ${text}`],
    ['a target', `systemctl restart ${text}`],
    ['a host', `ping -c 1 ${text}`],
    ['a part of a host', 'curl -fsS "http://$(hostname).example/"'],
    ['a header', 'curl -fsS -H "X: $(cat /tmp/x)" http://127.0.0.1:4601/health'],
    ['a program of awk', `awk ${text} /tmp/x`],
    ['the name of a variable', `read -r ${text}`],
  ])('is refused as %s', (_name, script) => expect(verdict(script)).toBe('refuse'));
});
