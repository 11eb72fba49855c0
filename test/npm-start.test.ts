// `npm start` in a folder with a .env file, as somebody has it who copied .env.example.
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './support/files.ts';
import { begin } from './support/started.ts';

test('`npm start` reads a .env file, and the environment goes before it', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'vigil-env-'));
  for (const name of ['app', 'node_modules', 'package.json', 'scripts'])
    symlinkSync(join(root, name), join(dir, name));
  const example = readFileSync(join(root, '.env.example'), 'utf8').replace('APP_ID=\n', 'APP_ID=twelve\n');
  writeFileSync(join(dir, '.env'), `${example}\nPORT=99999\nLOG_LEVEL=loud\n`);
  const npm = begin({ LOG_LEVEL: 'info' }, ['npm', '--prefix', dir, 'start']);
  expect(await npm.ended).toBe(2);
  rmSync(dir, { recursive: true });
  expect(npm.said()).toContain('  APP_ID: not understood. ');
  expect(npm.said()).toContain('  PORT: not understood. ');
  expect(npm.said()).toContain('  WEBHOOK_SECRET: missing. ');
  expect(npm.said()).not.toContain('LOG_LEVEL');
});
