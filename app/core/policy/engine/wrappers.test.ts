import { expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;
const names = (script: string) => judge(script, context).commands.map(({ argv }) => argv[0]);

test.each([
  ['sudo -u root -n rm -rf /srv', ['sudo', 'rm']],
  ['env -u HOME A=b nice -n 5 timeout -k 5 10 rm -rf /srv', ['env', 'nice', 'timeout', 'rm']],
  ['busybox rm -rf /srv', ['busybox', 'rm']],
  ['find /tmp -name x -exec rm -rf {} +', ['rm', 'find']],
  ['echo /srv | xargs -n1 rm -rf', ['echo', 'xargs', 'rm']],
  ["bash -euo pipefail -c 'uptime; rm -rf /srv'", ['bash', 'uptime', 'rm']],
  ['kubectl exec web-0 -c app -- sh -c "rm -rf /srv"', ['sh', 'rm', 'kubectl']],
  ['docker exec -u root web rm -rf /srv', ['rm', 'docker']],
  ['flock /tmp/lock rm -rf /srv', ['flock', 'rm']],
])('the command inside is found and judged: %s', (script, expected) => {
  expect(judge(script, context).verdict).toBe('refuse');
  expect(names(script)).toEqual(expected);
});

test.each([
  'timeout 10 df -h',
  'sudo ss -ltnp',
  'nice -n 10 du -sh /var/log',
  'time uptime',
  'kubectl exec -n shop web-0 -- df -h',
  'docker exec web cat /proc/meminfo',
  'find /var/log -name "*.log" -print0 | xargs -0 grep -l ERROR',
  'bash -c "df -h | tail -1"',
  'env TZ=UTC date',
])('what only reads inside only reads: %s', (script) => {
  expect(judge(script, context)).toMatchObject({ verdict: 'allow', findings: [] });
});

test.each([
  ['sudo -i', 'runs-code'],
  ['sudo --frob ls', 'unknown-option'],
  ['env -S "rm -rf /"', 'runs-code'],
  ['env', 'secret-read'],
  ['env LD_PRELOAD=/tmp/x ls', 'steering-variable'],
  ['bash /tmp/x.sh', 'runs-code'],
  ['bash', 'runs-code'],
  ['bash -c "$X"', 'runs-code'],
  ['nohup uptime', 'background'],
  ['xargs -a /tmp/x rm', 'config'],
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
