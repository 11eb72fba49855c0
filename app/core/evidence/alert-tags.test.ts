import { describe, expect, test } from 'vitest';
import { alertTags, serviceOf } from './alert-tags.ts';

const monitor = { tags: ['team:core', 'service:platform'], red: [] as string[] };
const service = (details: unknown, of: Parameters<typeof serviceOf>[1] = monitor) =>
  serviceOf(alertTags({ body: { details } }), of);

describe('the tags of an alert', () => {
  test('are read from tags, scope, title, link and host', () => {
    expect(
      alertTags({
        summary: '[Triggered on {host:db-1,env:prod}] CPU is high',
        body: {
          details: {
            tags: ['team:core', 'env:prod, az:us-1a'],
            alert_scope: 'cluster:a',
            hostname: 'db-1',
            link: 'https://app.datadoghq.com/monitors/42?from_ts=1&group=shard%3A7%2Cenv%3Aprod',
            note: 'see http://wiki.example/a:b',
          },
        },
      }),
    ).toEqual({
      group: ['host:db-1', 'env:prod', 'cluster:a', 'shard:7'],
      other: ['team:core', 'env:prod', 'az:us-1a', 'host:db-1'],
    });
  });

  test('are none where the alert names none', () => {
    for (const alert of [
      null,
      'text',
      {},
      { tags: 'none, of, these' },
      { link: 'https://x/monitors/1?group=%E0%A4%A' },
    ])
      expect(alertTags(alert)).toEqual({ group: [], other: [] });
  });
});

describe('the service whose logs are looked at', () => {
  test.each<[string, unknown, Parameters<typeof serviceOf>[1], string | null]>([
    ['is the alert’s, not its monitor’s', { tags: 'env:prod,service:checkout' }, monitor, 'checkout'],
    [
      'is the alert’s, where the alert has both',
      { tags: 'service:platform,service:checkout' },
      monitor,
      'checkout',
    ],
    [
      'is that of the group in the title',
      'Triggered on {service:checkout} service:other',
      monitor,
      'checkout',
    ],
    [
      'is that of the scope, before other tags',
      { tags: ['service:billing'], scope: 'service:checkout' },
      monitor,
      'checkout',
    ],
    [
      'is that of the only red group',
      { tags: 'env:prod' },
      { ...monitor, red: ['env:prod,service:checkout'] },
      'checkout',
    ],
    [
      'is that of the red group, where the alert repeats its monitor',
      { tags: 'service:platform' },
      { ...monitor, red: ['service:checkout'] },
      'checkout',
    ],
    [
      'is the monitor’s, where several groups are red',
      {},
      { ...monitor, red: ['service:a', 'service:b'] },
      'platform',
    ],
    ['is the monitor’s, where nobody else names one', { tags: 'env:prod' }, monitor, 'platform'],
    ['is the alert’s without a monitor', { tags: 'service:pay-api' }, null, 'pay-api'],
    ['is nobody’s where none is named', { tags: 'env:prod' }, null, null],
    ['is never more than a name', { tags: ['service:a) OR (service:b', 'service:x y'] }, null, null],
  ])('%s', (_, details, of, name) => expect(service(details, of)).toBe(name));
});
