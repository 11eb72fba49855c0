// Whose eyes are named: `none` is no path, whether vigil.yml or the environment says so.
import { expect, test } from 'vitest';
import { Settings } from '#core/settings';
import { cliConfig } from '../config.ts';
import { eyesWords, namedFor } from './verify-eyes.ts';

const settings = Settings.parse({
  v: 1,
  workspace: { template: 't', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' },
  services: {},
  browser: { chromium_path: 'none' },
});

test.each([
  ['vigil.yml', settings, cliConfig({})],
  ['the environment', null, cliConfig({ CHROMIUM_PATH: 'none' })],
])('%s says that no Chromium may look', async (_, own, config) => {
  expect(await eyesWords(namedFor('both', own, config))).toBe(
    'There is no browser here: a page or a journey cannot be looked at.',
  );
});
