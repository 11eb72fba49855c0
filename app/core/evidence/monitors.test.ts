import { expect, it } from 'vitest';
import { evidenceWindow, metricOf, monitorHint } from './monitors.ts';

it('finds the monitor by its link, on any site, wherever the link stands', () => {
  expect(
    monitorHint({
      body: {
        contexts: [{ href: 'https://app.datadoghq.eu/monitors/155844758?group=host' }],
        details: { alert_id: '7' },
      },
    }),
  ).toEqual({ monitor: '155844758', query: null, service: null });
  expect(monitorHint({ url: 'https://us5.datadoghq.com/monitors/12' }).monitor).toBe('12');
  expect(monitorHint({ url: 'https://app.ddog-gov.com/monitors/13' }).monitor).toBe('13');
  expect(monitorHint({ url: 'https://us2.ddog-gov.com/monitors/14' }).monitor).toBe('14');
});

it('takes no link of another host for one', () => {
  expect(monitorHint({ url: 'https://app.datadoghq.com.evil.example/monitors/1' }).monitor).toBe(null);
  expect(monitorHint({ url: 'https://evil.example/?https://app.datadoghq.com/dashboards/1' }).monitor).toBe(
    null,
  );
});

it('falls back to keys that sound right, and reads query and service', () => {
  expect(
    monitorHint({
      details: {
        monitor_id: 99,
        alert_query: 'avg(last_5m):avg:a.b{*} > 1',
        tags: ['env:prod', 'service:pay-api'],
      },
    }),
  ).toEqual({ monitor: '99', query: 'avg(last_5m):avg:a.b{*} > 1', service: 'pay-api' });
});

it('survives details that are a string, nothing, or very deep', () => {
  expect(monitorHint('see https://app.datadoghq.com/monitors/5').monitor).toBe('5');
  expect(monitorHint(null)).toEqual({ monitor: null, query: null, service: null });
  const deep: { [name: string]: unknown } = {};
  let at = deep;
  for (let index = 0; index < 5000; index++) {
    at['in'] = {};
    at = at['in'] as typeof deep;
  }
  expect(monitorHint(deep).monitor).toBe(null);
});

it('knows the metric of a metric monitor, and that others have none', () => {
  expect(metricOf('avg(last_5m):avg:system.cpu.user{host:a} by {host} > 90')).toBe(
    'avg:system.cpu.user{host:a} by {host}',
  );
  expect(metricOf('sum(last_10m):sum:shop.checkout.errors{*}.as_count() >= 5')).toBe(
    'sum:shop.checkout.errors{*}.as_count()',
  );
  expect(metricOf('logs("service:foo").index("main").rollup("count").last("5m") > 2')).toBe(null);
});

it('pins the window to the alert, not to when the job runs', () => {
  expect(evidenceWindow('2026-11-22T03:00:00Z')).toEqual({
    from: new Date('2026-11-22T02:30:00Z'),
    to: new Date('2026-11-22T03:05:00Z'),
  });
});
