import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: { D: 'web', N: 'shop' }, actions: [] } as const;
const restart = 'kubectl rollout restart "deploy/$T" -n shop';
const verdict = (script: string) => judge(script, context).verdict;

describe('a constant', () => {
  test.each([
    ['is followed to where it is used', `T=web; ${restart}`],
    ['survives a subshell that changes its own copy', `T=web; (T=other); ${restart}`],
    ['survives a pipeline, whose stages are subshells', `T=web; echo other | read -r T; ${restart}`],
    ['survives a substitution', `T=web; x=$(T=other; echo y); ${restart}`],
    ['may be the argument of a function', `work() { local T=$1; ${restart}; }; work web`],
    ['may come from a list', `for T in web; do ${restart}; done`],
    ['may be a literal that was printed', `T=$(echo web); ${restart}`],
    ['is the same in both branches', `if [ -f /tmp/x ]; then T=web; else T=web; fi; ${restart}`],
    ['stays when the other branch leaves', `T=web; if [ -f /tmp/x ]; then T=other; exit 1; fi; ${restart}`],
    [
      'is the outer one again after a function with a local of that name',
      `T=web; f() { local T=x; }; f; ${restart}`,
    ],
  ])('%s', (_name, script) => expect(verdict(script)).toBe('allow'));

  test.each([
    ['changed in one branch', `T=web; if [ -f /tmp/x ]; then T=other; fi; ${restart}`],
    ['read from a file', `T=web; read -r T < /tmp/x; ${restart}`],
    ['changed by a function', `T=web; f() { T=other; }; f; ${restart}`],
    [
      'changed before a function returns early',
      `T=web; f() { if [ -f /tmp/x ]; then T=other; return; fi; T=web; }; f; ${restart}`,
    ],
    [
      'changed before a loop is left early',
      `T=web; for i in 1 2; do if [ -f /tmp/x ]; then T=other; break; fi; T=web; done; ${restart}`,
    ],
    [
      'changed at the end of a loop that begins with it',
      `T=web; while read -r l; do ${restart}; T=$l; done < /tmp/x`,
    ],
    [
      'changed by a function at the end of a loop',
      `T=web; f() { T=other; }; while read -r l; do ${restart}; f; done < /tmp/x`,
    ],
    ['read by the test that ends a loop', `T=web; while read -r T; do T=web; done < /tmp/x; ${restart}`],
    ['changed after &&', `T=web; true && T=other; ${restart}`],
    ['changed in arithmetic', `T=web; (( T = 5 )); ${restart}`],
    ['unset', `T=web; unset T; ${restart}`],
    ['never set', restart],
    ['the answer of a read without a name', `REPLY=web; read -r < /tmp/x; T=$REPLY; ${restart}`],
  ])('%s is no constant any more', (_name, script) => expect(verdict(script)).not.toBe('allow'));

  test('a parameter cannot be given another value', () => {
    expect(
      judge(`readonly T='web'\nT=other\n${restart}`, context).findings.map(({ code }) => code),
    ).toContain('readonly');
  });

  test('several words in a variable are a command with arguments', () => {
    expect(judge("x='kubectl delete ns shop'; $x", context)).toMatchObject({
      verdict: 'refuse',
      findings: [{ code: 'destructive' }],
    });
  });
});

describe('a variable that steers the shell or its tools', () => {
  test.each([
    'PATH=/tmp ls',
    'PATH=/tmp; ls',
    'for PATH in /tmp; do ls; done',
    'read -r PATH < /tmp/x; ls',
    'mapfile -t PATH < /tmp/x; ls',
    ': "${LD_PRELOAD:=/tmp/x}"; ls',
    '(( IFS = 1 )); ls',
    'for (( HOME = 1; HOME < 2; HOME++ )); do ls; done',
    'export BASH_ENV=/tmp/x',
    'unset PATH; ls',
    'local -x KUBECONFIG=/tmp/x',
  ])('is never set: %s', (script) =>
    expect(judge(script, context).findings.map(({ code }) => code)).toContain('steering-variable'),
  );

  test('IFS may be set for read alone', () =>
    expect(verdict('IFS=: read -r a b <<< \'x:y\'; echo "$a $b"')).toBe('allow'));
});

describe('data outside quotes', () => {
  test.each([
    'kubectl get pods -n $(cat /tmp/x)',
    'journalctl -u $(cat /tmp/x)',
    'x=$(cat /tmp/x); grep $x',
    'kubectl logs $(cat /tmp/x)',
  ])('may bring options of its own: %s', (script) => expect(verdict(script)).toBe('review'));
  test.each([
    'sudo -u $(cat /tmp/x) ls',
    'env A=$(cat /tmp/x) ls',
    'timeout $(cat /tmp/x) ls',
    'kubectl "$(cat /tmp/x)" pods',
    '$(cat /tmp/x)',
  ])('may be another command: %s', (script) => expect(verdict(script)).toBe('refuse'));
});

describe('data in arithmetic', () => {
  test.each([
    'x=$(kubectl get pods --no-headers | wc -l); (( x > 3 )) && echo many',
    'x=$(date +%s); echo $(( x + 1 ))',
    'x=$(df --output=pcent / | tail -1 | tr -dc 0-9); [[ $x -gt 80 ]] && echo full',
    'x=$(cat /tmp/x); [ "$x" -gt 3 ] && echo many',
    'x=$(cat /tmp/x); [[ "$x" =~ ^[0-9]+$ ]] || exit 1; echo $(( x * 2 ))',
    'x=$(cat /tmp/x); if [[ $x =~ ^[0-9]+$ ]]; then (( x > 1 )) && echo; fi',
    'n=0; for f in /var/log/*.log; do (( n++ )); done; echo "$n"',
  ])('is fine when it can only be a number: %s', (script) => expect(verdict(script)).toBe('allow'));

  test.each([
    'x=$(cat /tmp/x); (( x > 3 ))',
    'x=$(cat /tmp/x); [[ $x -gt 3 ]]',
    'x=$(cat /tmp/x); [ $x -gt 3 ]',
    'x=$(cat /tmp/x); echo "${list[x]}"',
    'x=$(cat /tmp/x); echo "${s:x}"',
    'x=$(cat /tmp/x); if [[ $x =~ ^[0-9]+$ ]]; then echo; fi; (( x > 1 ))',
    'x=$(cat /tmp/x); declare -i n=$x',
    "[[ -v 'a[$(id)]' ]]",
    "read 'a[$(id)]' < /tmp/x",
    "printf -v 'a[$(id)]' x",
    '(( a[$(id)] ))',
    'let x=1',
  ])('is code when it can be anything: %s', (script) => expect(verdict(script)).toBe('refuse'));
});
