// The ways in which people hand over the private key of a GitHub App.
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { cliConfig, readConfig } from './config.ts';

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: pkcs8,
  publicKeyEncoding: spki,
});
const locked = createPrivateKey(privateKey)
  .export({ ...pkcs8, cipher: 'aes-256-cbc', passphrase: 'hunter2' })
  .toString();
const { privateKey: ec } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: pkcs8,
  publicKeyEncoding: spki,
});
const good = {
  APP_ID: '12',
  WEBHOOK_SECRET: 'a-webhook-secret-of-30-letters',
  VIGIL_REPOSITORY: 'acme/production',
  VIGIL_URL: 'https://vigil.acme.example/',
  PAGERDUTY_WEBHOOK_SECRET: 'first-secret-of-pagerduty',
  PAGERDUTY_API_KEY: 'u+abcdef',
  PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
};

const file = join(mkdtempSync(join(tmpdir(), 'vigil-key-')), 'app key.pem');
writeFileSync(file, `\uFEFF${privateKey.replaceAll('\n', '\r\n')}`);
afterAll(() => rmSync(dirname(file), { recursive: true }));
const oneLine = privateKey.trim().replaceAll('\n', '\\n');
const base64 = Buffer.from(privateKey).toString('base64');
test.each([
  ['on one line, as an environment file has it', oneLine],
  ['on one line, with the line ends of Windows', oneLine.replaceAll('\\n', '\\r\\n')],
  ['in quotes that were kept', `"${oneLine}"`],
  ['in single quotes, over several lines', `'${privateKey}'`],
  ['with the line ends of Windows', privateKey.replaceAll('\n', '\r\n')],
  ['with blanks where its lines ended, as YAML folds it', privateKey.replaceAll('\n', ' ')],
  ['indented', privateKey.replaceAll('\n', '\n    ')],
  ['in base64', base64],
  ['in base64 in lines', base64.replace(/.{76}/g, '$&\n')],
  ['in base64 of the Windows form, quoted', `"${Buffer.from(oneLine).toString('base64')}"`],
  ['without its first and last line', privateKey.replace(/-----.*-----/g, '').trim()],
  ['as the path of its file, which has a mark and other line ends', file],
  ['as a path in quotes', `"${file}"`],
])('a private key is taken %s', (_, given) => {
  const read = readConfig({ ...good, PRIVATE_KEY: given });
  expect(read.ok ? read.config.github.privateKey : read.problems).toBe(privateKey);
  const cli = cliConfig({ APP_ID: '1', PRIVATE_KEY: given });
  expect(cli).toMatchObject({ app: { key: privateKey } });
});

test.each([
  ['no file that can be read', 'x'.repeat(200)],
  ['no file that can be read', '/nowhere/app.pem'],
  ['no file that can be read', tmpdir()],
  ['the file holds no private key', import.meta.filename],
  ['cut short or damaged', privateKey.slice(0, 400)],
  ['a public key stands in its place', publicKey],
  ['a public key stands in its place', Buffer.from(publicKey).toString('base64')],
  ['has a passphrase', locked],
  ['another kind than RSA', ec],
])('a private key is refused, %s, and not repeated', (said, value) => {
  const read = readConfig({ ...good, PRIVATE_KEY: value });
  const problems = read.ok ? [] : read.problems;
  expect(problems).toEqual([
    expect.stringMatching(/^PRIVATE_KEY: .*It is the private key .*; such as .*\.$/),
  ]);
  expect(problems[0]).toContain(said);
  expect(problems[0]).not.toContain(value.slice(0, 60));
});
