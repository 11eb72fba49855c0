// Keys that an operator may name for signing the ledger, as ssh-keygen makes them.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { refusalOfKey } from './signing-key.ts';

const dir = mkdtempSync(join(tmpdir(), 'vigil-signing-'));
afterAll(() => rmSync(dir, { recursive: true }));
const made = (name: string, ...how: string[]): string => {
  const path = join(dir, name);
  execFileSync('ssh-keygen', ['-q', '-f', path, ...how]);
  return path;
};
const written = (name: string, text: string, mode = 0o600): string => {
  const path = join(dir, name);
  writeFileSync(path, text, { mode });
  return path;
};

test('a key that git can sign with is taken, in the old form and in the new one', async () => {
  expect(await refusalOfKey(made('good', '-t', 'ed25519', '-N', ''))).toBeNull();
  expect(await refusalOfKey(made('old', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', ''))).toBeNull();
});

test('a key that git cannot sign with is refused, each with its reason', async () => {
  const good = made('one', '-t', 'ed25519', '-N', '');
  const text = readFileSync(good, 'utf8');
  const open = written('open', text);
  chmodSync(open, 0o644);
  const tried: [string, string][] = [
    ['absent', join(dir, 'nowhere')],
    ['absent', join(good, 'below-a-file')],
    ['no key', dir],
    ['no key', written('words', 'hunter2')],
    ['no key', written('empty', '')],
    ['no key', written('cut', text.slice(0, 200) + text.slice(-40))],
    ['public', `${good}.pub`],
    ['public', written('spki', '-----BEGIN PUBLIC KEY-----\nMCow\n-----END PUBLIC KEY-----\n')],
    ['locked', made('locked', '-t', 'ed25519', '-N', 'hunter2')],
    ['locked', made('locked-old', '-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', 'hunter2')],
    ['open to others', open],
  ];
  const found = await Promise.all(tried.map(([, path]) => refusalOfKey(path)));
  expect(found).toEqual(tried.map(([why]) => why));
});
