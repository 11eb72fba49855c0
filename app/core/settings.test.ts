// vigil.yml: what it may say, what it says when left short, what is refused.
import { describe, expect, test } from 'vitest';
import { shopSettings } from '../../test/support/shop.ts';
import { Settings, serviceOf } from './settings.ts';

const least = {
  v: 1,
  workspace: { template: 'vigil-remediate', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' },
  services: {},
};
const with_ = (service: object) => ({ ...least, services: { PSHOP01: { name: 'shop', ...service } } });

describe('vigil.yml', () => {
  test('left short is careful: nothing runs by itself, one review, two for HIGH, four hours', () => {
    expect(Settings.parse(least)).toEqual({
      ...least,
      pagerduty: { api: 'https://api.pagerduty.com', outside_inventory: 'ignore' },
      datadog: { site: 'datadoghq.com' },
      claude: {
        ...{ provider: 'runbook', model: 'claude-opus-5-5', fallback: [] },
        base_url: 'https://api.anthropic.com',
      },
      browser: { accepts_lightpanda_alone: false },
      auto: { enabled: false, confidence: 90, context: 85, runs_per_day: 10, freeze: false },
      policy: { rules: [] },
      model: { gateways: [] },
      rca: { authors: [] },
      approval: { expires_hours: 4, reviews: 1, reviews_high: 2 },
      workspace: { ...least.workspace, ttl_minutes: 60 },
      timeouts: { script_seconds: 900, verify_seconds: 120 },
      check_secrets: {},
    });
  });

  test.each<[string, object]>([
    ['a misspelled key', { ...least, aproval: { reviews: 3 } }],
    ['a misspelled key inside', { ...least, auto: { enabled: true, freez: true } }],
    ['confidence below what the design allows', { ...least, auto: { confidence: 89 } }],
    ['no review at all', { ...least, approval: { reviews: 0 } }],
    ['one review for HIGH', { ...least, approval: { reviews_high: 1 } }],
    ['an approval without end', { ...least, approval: { expires_hours: 25 } }],
    ['a template version that moves', { ...least, workspace: { template: 'x', version: 'latest' } }],
    [
      'a test template whose version moves',
      { ...least, workspace: { ...least.workspace, test_template: { template: 'try', version: 'latest' } } },
    ],
    [
      'a template for commands whose version moves',
      {
        ...least,
        workspace: { ...least.workspace, measure_template: { template: 'reads', version: 'latest' } },
      },
    ],
    ['another version of the file', { ...least, v: 2 }],
    ['a service that is no PagerDuty id', { ...least, services: { shop: { name: 'shop' } } }],
    ['a value with a quote', with_({ parameters: { A: "x'y" } })],
    ['a value of two lines', with_({ parameters: { A: 'x\ny' } })],
    ['a parameter in small letters', with_({ parameters: { path: '/bin' } })],
    [
      'an action that is no address',
      with_({ actions: [{ id: 'a', method: 'POST', url: 'x', effect: 'read' }] }),
    ],
    [
      'an effect nobody knows',
      with_({ actions: [{ id: 'a', method: 'POST', url: 'https://a.example', effect: 'heal' }] }),
    ],
    ['a secret that may go anywhere', { ...least, check_secrets: { KEY: { origins: [] } } }],
    ['a secret in the clear', { ...least, check_secrets: { KEY: { origins: ['http://shop.example'] } } }],
    ['a secret for a path', { ...least, check_secrets: { KEY: { origins: ['https://shop.example/a'] } } }],
    ['a mention that is none', { ...least, on_call: 'sre' }],
  ])('is refused with %s', (_, text) => {
    expect(Settings.safeParse(text).success).toBe(false);
  });
});

describe('the inventory', () => {
  test('gives the service of a PagerDuty id', () => {
    expect(serviceOf(shopSettings(), 'PSHOP01')?.name).toBe('shop');
  });

  test.each(['PSHOP02', '', 'constructor', '__proto__', 'toString'])('has nothing for %j', (id) => {
    expect(serviceOf(shopSettings(), id)).toBeNull();
  });
});
