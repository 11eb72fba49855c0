import { expect, test } from 'vitest';
import { judge } from '../judge.ts';

const context = { kind: 'fix', parameters: {}, actions: [] } as const;

test.each([
  'for i in {1..30}; do uptime; done',
  'for i in $(seq 1 30); do uptime; done',
  'for (( i = 0; i < 5; i++ )); do uptime; done',
  'while read -r line; do echo "$line"; done < /var/log/syslog',
  'kubectl get pods -o name | while read -r p; do kubectl logs "$p"; done',
  'n=0; while (( n < 30 )); do n=$((n+1)); sleep 1; done',
  'n=0; until [ "$n" -ge 30 ]; do ((n++)); sleep 1; done',
  'n=0; until curl -fsS http://localhost/health || [ $n -ge 9 ]; do n=$((n+1)); done',
  'n=0; until curl -fsS http://localhost/health; do n=$((n+1)); if [ "$n" -ge 9 ]; then exit 1; fi; done',
  'MAX=9; n=0; while ! curl -fsS http://localhost/health; do (( ++n < MAX )) || exit 1; sleep 1; done',
  "timeout 20 bash -c 'until curl -fsS http://localhost/health; do sleep 1; done'",
  'timeout 30 tail -f /var/log/syslog',
])('ends: %s', (script) => {
  expect(judge(script, context)).toMatchObject({ verdict: 'allow', findings: [] });
});

test.each([
  ['while true; do uptime; done', 'endless'],
  ['until false; do uptime; done', 'endless'],
  ['for ((;;)); do uptime; done', 'endless'],
  ['for (( i = 0; i < 5; i-- )); do uptime; done', 'endless'],
  ['tail -f /var/log/syslog', 'endless'],
  ['top -b', 'endless'],
  ['sleep infinity', 'endless'],
  ['for (( i = 0; i < 100000; i++ )); do uptime; done', 'over-cap'],
  ['sleep 301', 'over-cap'],
  ['timeout 901 tail -f /var/log/syslog', 'over-cap'],
  ['x=a; for i in {1..40}; do x=$x$x; done', 'growth'],
])('does not end soon enough: %s', (script, code) => {
  const { verdict, findings } = judge(script, context);
  expect(verdict).toBe('refuse');
  expect(findings.map((finding) => finding.code)).toContain(code);
});

test.each([
  'for i in {1..20}; do kubectl rollout restart deploy/web -n shop; sleep 10; done',
  'for i in 1 2 3; do systemctl restart nginx; done',
  'n=0; while (( n < 9 )); do n=$((n+1)); docker restart web; done',
])('makes the same change again and again: %s', (script) => {
  const inventory = { ...context, parameters: { D: 'web', N: 'shop', U: 'nginx' } };
  expect(judge(script, inventory)).toMatchObject({
    verdict: 'review',
    findings: [{ code: 'repeated-change' }],
  });
});

test.each([
  'while ! curl -fsS http://localhost/health; do sleep 1; done',
  'n=0; while (( n < 30 )); do n=$((n-1)); uptime; done',
  'n=0; while (( n < 30 )); do (( n++ )); n=0; uptime; done',
  'n=0; while (( n < 30 )); do if [ -f /tmp/x ]; then n=$((n+1)); fi; uptime; done',
])('nobody knows: %s', (script) => {
  expect(judge(script, context)).toMatchObject({ verdict: 'review', findings: [{ code: 'may-not-end' }] });
});
