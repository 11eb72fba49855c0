import { describe, expect, test } from 'vitest';
import { containsPlaceholder, createRedactor, detectorsFor } from './redact.ts';

const options = { key: 'incident-1' };
const redact = (text: string) => createRedactor(options)(text).text;
const parts = (...pieces: string[]) => pieces.join('');

describe('what a person reads afterwards', () => {
  test.each([
    [
      'a log line',
      'login failed for maria.schneider@example.com password=Winter2026! code=7',
      /^login failed for \[EMAIL_\d+\] password=\[REDACTED:password\] code=7$/,
    ],
    [
      'JSON',
      '{"user":"mschneider","apiKey":"9f8e7d6c5b4a","n":1}',
      /^\{"user":"\[USER_\d+\]","apiKey":"\[REDACTED:key\]","n":1\}$/,
    ],
    [
      'a connection string',
      'postgres://payments_ro:s3cr3t@db.internal:5432/orders',
      /^postgres:\/\/payments_ro:\[REDACTED:url-password\]@db\.internal:5432\/orders$/,
    ],
    [
      'headers',
      'Authorization: Bearer abcDEF123456789 X-Request-Id: 7',
      /^Authorization: Bearer \[REDACTED:authorization\] X-Request-Id: 7$/,
    ],
    [
      'a cookie',
      'Set-Cookie: sid=a1b2c3d4e5; Path=/; Secure',
      /^Set-Cookie: sid=\[REDACTED:\w+\]; Path=\/; Secure$/,
    ],
    [
      'a Kubernetes variable',
      '- name: DB_PASSWORD\n  value: tr0ub4dor',
      /^- name: DB_PASSWORD\n {2}value: \[REDACTED:secret\]$/,
    ],
    [
      'an access log',
      '203.0.113.7 - - "GET /cb?access_token=q1w2e3r4t5&page=2" 200',
      /^\[IP_\d+\] - - "GET \/cb\?access_token=\[REDACTED:[\w-]+\]&page=2" 200$/,
    ],
    ['a card in a sentence', 'charged 4111 1111 1111 1111 twice', /^charged \[CARD_\d+\] twice$/],
    [
      'a key cut off by a log limit',
      `-----BEGIN RSA PRIVATE KEY-----\n${'Ab1/'.repeat(16)}\n${'Cd2+'.repeat(16)}\nnext line of the log`,
      /^\[REDACTED:private-key\]\nnext line of the log$/,
    ],
    [
      'escaped JSON',
      String.raw`{"m":"{\"password\":\"p\\\"q1\",\"n\":2}"}`,
      /^\{"m":"\{\\"password\\":\\"\[REDACTED:password\]\\",\\"n\\":2\}"\}$/,
    ],
    [
      'base64',
      `data ${Buffer.from('password=Winter2026!').toString('base64')} end`,
      /^data \[REDACTED:encoded\] end$/,
    ],
    ['full-width letters', 'ｐａｓｓｗｏｒｄ＝Winter2026', /^ｐａｓｓｗｏｒｄ＝\[REDACTED:password\]$/],
    [
      'invisible characters inside a token',
      `xo\u200bxb\u200b-123456789012-${'a1B2'.repeat(6)}`,
      /^\[REDACTED:slack-token\]$/,
    ],
  ])('%s', (_, text, after) => {
    expect(redact(text)).toMatch(after);
  });

  test.each([
    'trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span=00f067aa0ba902b7 id=550e8400-e29b-41d4-a716-446655440000',
    'epoch 1793502245 1793502245678 build 20261101123045 sha 9fceb02d0ae598e95dc970b74767f19372d61af8',
    'payments-api-7d9f8b6c5-x2x4z at com.foo.PasswordService.check(PasswordService.java:42) v1.2.3.4',
    'password authentication failed for user "postgres"; token expired; max_tokens: 4096; secretName: db-tls',
    'password=$DB_PASSWORD token: <your-token> api_key: {{ .Values.key }} secret=********',
    'SELECT token_hash FROM sessions WHERE id = 42 -- 10.0.0.1 fe80::1 8.8.8.8',
    'git@github.com:acme/app.git user@1000.service lodash@4.17.21 rabbit@mq-0.mq.prod.svc.cluster.local',
  ])('operations text survives: %s', (text) => {
    expect(redact(text)).toBe(text);
  });
});

describe('placeholders', () => {
  test('are equal for equal values in every process of an incident, and different in another incident', () => {
    const [a, b] = [
      createRedactor(options)('to a@example.com'),
      createRedactor(options)('b@example.com, A@example.com'),
    ];
    const other = createRedactor({ key: 'incident-2' })('to a@example.com');

    expect(b.text.split(', ')[1]).toBe(a.text.slice(3));
    expect(b.text.split(', ')[0]).not.toBe(a.text.slice(3));
    expect(other.text).not.toBe(a.text);
  });

  test('can be recognised, so that a script that holds one is refused', () => {
    expect(containsPlaceholder('mail [EMAIL_482131] or [REDACTED:password]')).toBe(true);
    expect(containsPlaceholder('[NAME_1] as Skyflow counts them')).toBe(true);
    expect(containsPlaceholder('[ERROR] [main] array[0] [x_1]')).toBe(false);
  });

  test('are no hiding place: what only looks like one is looked at', () => {
    expect(redact('password=x[EMAIL_1]Winter2026')).toBe('password=[REDACTED:password]');
  });
});

describe('what the caller knows', () => {
  const known = parts('zebra-', 'crossing-9');
  const own = createRedactor({ ...options, knownSecrets: [known, 'first line\nsecond line', 'abc', ''] });

  test.each([
    known,
    Buffer.from(known).toString('hex'),
    Buffer.from(`x${known}`).toString('base64'),
    encodeURIComponent(JSON.stringify(known)),
  ])('never appears: %s', (text) => {
    expect(own(`see ${text}`).text).toMatch(/^see .*\[REDACTED:/);
    expect(own(`see ${text}`).text).not.toContain(text);
  });

  test('never appears line by line either, while words too short to be secret stay', () => {
    expect(own('abc second line').text).toBe('abc [REDACTED:known-secret]');
  });

  test('decides about addresses', () => {
    const text = '203.0.113.7 10.0.0.1 2001:db8::1 02:42:ac:11:00:02';
    const all = createRedactor({ ...options, ips: 'all', macs: true })(text).found.map(({ kind }) => kind);

    expect(createRedactor({ ...options, ips: 'none' })(text).text).toBe(text);
    expect(all).toEqual(['ip', 'ip', 'ip', 'mac']);
  });
});

describe('when something inside fails', () => {
  const broken = () => {
    throw new Error('detector out of order');
  };

  test('the lines it should have read are withheld, never passed on', () => {
    const failing = createRedactor(options, [...detectorsFor(options), broken]);

    expect(failing('password=Winter2026!')).toEqual({
      text: '[REDACTED:withheld]',
      found: [{ kind: 'withheld', start: 0, end: 20 }],
    });
  });

  test('a detector that never settles withholds the text too', () => {
    const endless = createRedactor(options, [
      (text, report) => report({ kind: 'x', start: text.length - 1, end: text.length }),
    ]);

    expect(endless('abcdefghijklmnop').text).toBe('[REDACTED:withheld]');
  });

  test('nothing comes through by a wrong type', () => {
    const wrong = { password: 'Winter2026!' } as never;

    expect(redact(wrong)).toBe('[REDACTED:withheld]');
  });
});
