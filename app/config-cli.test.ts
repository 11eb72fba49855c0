import { expect, test } from 'vitest';
import { cliConfig } from './config.ts';

test('the command line needs nothing', () => {
  expect(cliConfig({})).toEqual({ colour: true, token: null, server: 'https://github.com' });
  expect(cliConfig({ NO_COLOR: '1', GITHUB_TOKEN: 't', GITHUB_SERVER_URL: 'https://ghe.example' })).toEqual({
    colour: false,
    token: 't',
    server: 'https://ghe.example',
  });
});

test('the command line is told of browsers and monitoring, where vigil.yml may name none', () => {
  const named = { LIGHTPANDA_PATH: '/opt/lightpanda', CHROMIUM_PATH: '/opt/chromium', DD_API_KEY: 'a' };
  expect(cliConfig(named)).toEqual({
    ...cliConfig({}),
    browser: { lightpandaPath: '/opt/lightpanda', chromiumPath: '/opt/chromium' },
  });
  expect(cliConfig({ LIGHTPANDA_WS_ENDPOINT: 'ws://127.0.0.1:9', DD_API_KEY: 'a', DD_APP_KEY: 'b' })).toEqual(
    {
      ...cliConfig({}),
      browser: { lightpandaEndpoint: 'ws://127.0.0.1:9' },
      datadog: { apiKey: 'a', appKey: 'b' },
    },
  );
});

test('a path starts where the person stands, if npm put the command line elsewhere', () => {
  const npm = { INIT_CWD: '/srv/checkout/runbooks', npm_lifecycle_script: 'node app/cli/index.ts' };
  expect(cliConfig(npm)).toMatchObject({ standing: '/srv/checkout/runbooks' });
  expect(cliConfig({ ...npm, npm_lifecycle_script: 'node app/cli/index.ts ingest' }).standing).toBe(
    '/srv/checkout/runbooks',
  );
  // A command line that a test or another script starts stands where that one put it.
  expect(cliConfig({ ...npm, npm_lifecycle_script: 'vitest run' })).not.toHaveProperty('standing');
  expect(cliConfig({ INIT_CWD: '/srv/checkout' })).not.toHaveProperty('standing');
});
