// The two keys are read as inputs of the action; one alone is none.
import { afterEach, expect, test, vi } from 'vitest';
import { shopSettings } from '../../test/support/shop.ts';
import { datadogOf } from './monitoring.ts';

afterEach(() => vi.unstubAllEnvs());

test.each([
  [
    { 'dd-api-key': 'one', 'dd-app-key': 'two' },
    { api: 'https://api.datadoghq.eu', apiKey: 'one', appKey: 'two' },
  ],
  [{ 'dd-api-key': 'one' }, null],
  [{ 'dd-app-key': 'two' }, null],
  [{}, null],
])('of the inputs %j', (inputs, account) => {
  for (const [name, value] of Object.entries(inputs)) vi.stubEnv(`INPUT_${name.toUpperCase()}`, value);
  const told = datadogOf(shopSettings({ datadog: { site: 'datadoghq.eu' } }));
  if (account === null) expect(told).toBeNull();
  else expect(told).toMatchObject(account);
});
