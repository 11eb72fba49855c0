import { describe, expect, test } from 'vitest';
import { entropy, isSecretValue, looksRandom } from './judge.ts';

describe('the value after a name', () => {
  test.each(['hunter2', 'secret', 'p@ss word', '12345', 'correct-horse', '$ecretP4ss', 'Xk29/fj+a'])(
    'of a password is secret when written exactly: %s',
    (value) => expect(isSecretValue(value, 'strong', 'exact')).toBe(true),
  );

  test.each([
    '$DB_PASSWORD',
    '${DB_PASSWORD}',
    '$(cat /run/secret)',
    '{{ .Values.password }}',
    '%PASSWORD%',
    '<password>',
    'vault:secret/data/db#password',
    'arn:aws:secretsmanager:eu-west-1:1:secret:x',
    '/run/secrets/db_password',
    '********',
    'xxxx',
    'changeme',
    'your-password-here',
    '[REDACTED]',
    'null',
    'true',
    'required',
    'expired',
    'process.env.DB_PASSWORD',
    'getPassword()',
    'config.database.password',
    'com.example.Token@1a2b3c',
    '0x7f3a',
  ])('is a reference, a mask or a word, whatever the name: %s', (value) => {
    expect(isSecretValue(value, 'strong', 'exact')).toBe(false);
    expect(isSecretValue(value, 'weak', 'exact')).toBe(false);
  });

  test.each(['incorrect.', 'must', 'Invalid', 'seven', 'password'])(
    'goes on a sentence after a colon: %s',
    (value) => expect(isSecretValue(value, 'strong', 'yaml')).toBe(false),
  );

  test('of a token or session must look random', () => {
    const random = '9f8e7d6c5b4a3f2e1d0c';
    expect(isSecretValue(random, 'weak', 'yaml')).toBe(true);
    for (const value of [
      'closed',
      '42',
      'payments-db-credentials',
      'default-token-x7k2p',
      'aaaaaaaaaaaaaaaa1',
    ]) {
      expect(isSecretValue(value, 'weak', 'exact')).toBe(false);
    }
  });
});

test('randomness is measured, not guessed', () => {
  expect(entropy('aaaa')).toBe(0);
  expect(entropy('abcd')).toBe(2);
  expect(looksRandom('kJ8fQ2mZ7Lw3Vb8N')).toBe(true);
  expect(looksRandom('CoarseGrainedSchedulerBackend')).toBe(false);
  expect(looksRandom('2026-11-01 03:04:05')).toBe(false);
});
