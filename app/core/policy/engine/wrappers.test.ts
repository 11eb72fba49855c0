// Commands that start others. Three of them are plain; what they start is judged as if it stood alone.
import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;
const names = (script: string) => judge(script, context).commands.map(({ argv }) => argv[0]);

describe('the command inside', () => {
  test.each([
    ['sudo -u root -n rm -rf /srv', ['sudo', 'rm']],
    ['timeout -k 5 10 rm -rf /srv', ['timeout', 'rm']],
    ['env -u HOME A=b nice -n 5 timeout -k 5 10 rm -rf /srv', ['env', 'nice', 'timeout', 'rm']],
    ['find /tmp -name x -exec rm -rf {} +', ['rm', 'find']],
    ['echo /srv | xargs -n1 rm -rf', ['echo', 'xargs', 'rm']],
    ['command rm -rf /srv', ['command', 'rm']],
    ['builtin eval "rm -rf /srv"', ['builtin', 'eval']],
    ['docker exec -u root web rm -rf /srv', ['rm', 'docker']],
    ['flock /tmp/lock rm -rf /srv', ['flock', 'rm']],
  ])('is found and judged: %s', (script, expected) => {
    expect(judge(script, context).verdict).toBe('refuse');
    expect(names(script)).toEqual(expected);
  });

  test.each([
    'timeout 10 df -h',
    'sudo ss -ltnp',
    'sudo -n -u postgres uptime',
    'timeout -s TERM -k 5 10 sudo df -h',
    'kubectl exec -n shop web-0 -- df -h',
    'docker exec web cat /proc/meminfo',
    'find /var/log -name "*.log" -print0 | xargs -0 grep -l ERROR',
    'echo /var/log | xargs -r -n 1 -I % ls %',
  ])('only reads, and so does the whole: %s', (script) => {
    expect(judge(script, context)).toMatchObject({ verdict: 'allow', findings: [] });
  });

  test.each([
    ['nice -n 10 du -sh /var/log', 'nice around a command is not plain.'],
    ['ionice -c 3 du -sh /var/log', 'ionice around a command is not plain.'],
    ['env TZ=UTC date', 'env around a command is not plain.'],
    ['flock /tmp/lock df -h', 'flock around a command is not plain.'],
    ['time uptime', 'time is not plain. Write the command alone.'],
    ['command uptime', 'command before a command is not plain. Write the command alone.'],
    ['builtin pwd', 'builtin before a command is not plain. Write the command alone.'],
  ])('needs a person, who is told to write it alone: %s', (script, sentence) => {
    expect(judge(script, context)).toMatchObject({
      verdict: 'review',
      findings: [{ code: 'not-plain', sentence: expect.stringContaining(sentence) }],
    });
  });
});

test.each([
  ['sudo -i', 'runs-code'],
  ['sudo --frob ls', 'unknown-option'],
  ['sudo -E ls', 'config'],
  ['env -S "rm -rf /"', 'runs-code'],
  ['env', 'secret-read'],
  ['env LD_PRELOAD=/tmp/x ls', 'steering-variable'],
  ['bash /tmp/x.sh', 'runs-code'],
  ['bash', 'runs-code'],
  ['bash -c "$X"', 'runs-code'],
  ['bash -c "df -h | tail -1"', 'runs-code'],
  ["bash -euo pipefail -c 'uptime; rm -rf /srv'", 'runs-code'],
  ['kubectl exec web-0 -c app -- sh -c "rm -rf /srv"', 'runs-code'],
  ['ssh host uptime', 'access'],
  ['busybox rm -rf /srv', 'destructive'],
  ['nohup uptime', 'runs-code'],
  ['setsid uptime', 'runs-code'],
  ['xargs -a /tmp/x rm', 'config'],
  ['echo a | xargs -n 5000 ls', 'over-cap'],
  ['timeout 5000 ls', 'over-cap'],
  ['timeout 0 ls', 'over-cap'],
  ['timeout -k 900 10 ls', 'over-cap'],
  ['kubectl exec web-0 -- touch /tmp/x', 'changes-elsewhere'],
  ['timeout 5 timeout 5 timeout 5 timeout 5 timeout 5 timeout 5 timeout 5 timeout 5 ls', 'too-deep'],
])('%s is refused', (script, code) => {
  const { verdict, findings } = judge(script, context);
  expect(verdict).toBe('refuse');
  expect(findings.map((finding) => finding.code)).toContain(code);
});

test('a program started by a wrapper is not a function of the script', () => {
  expect(judge('work() { uptime; }; timeout 5 work', context)).toMatchObject({
    verdict: 'review',
    findings: [{ code: 'unknown-command' }],
  });
});
