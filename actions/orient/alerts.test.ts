import { expect, it } from 'vitest';
import { monitorHint } from '#core/evidence/monitors';
import { AlertShape, elementsOf } from '#core/incident/page-shapes';
import { detailsOf, plainDetails, summaryOf } from './alerts.ts';

const alerts = (...raw: unknown[]) => elementsOf(raw, AlertShape).elements;
const [cef] = alerts({
  type: 'alert',
  body: {
    type: 'alert_body',
    cef_details: {
      description: 'Checkout error rate is high',
      dedup_key: 'abc',
      source_origin: 'shop-1',
      client_url: 'https://app.datadoghq.eu/monitors/155844758',
      details: { status: 500, endpoint: '/api/checkout' },
    },
  },
});

it('reads an alert that brings only PagerDuty’s common event format', () => {
  if (!cef) throw new Error('it was not read');
  expect(summaryOf(cef)).toBe('Checkout error rate is high');
  expect(plainDetails([cef])).toBe(
    'description: Checkout error rate is high; source_origin: shop-1; client_url: https://app.datadoghq.eu/monitors/155844758; status: 500; endpoint: /api/checkout',
  );
  expect(monitorHint([cef]).monitor).toBe('155844758');
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['an empty object', {}],
])(
  'takes the common event format where the details are %s, and details where there are some',
  (_, details) => {
    const [without, own] = alerts(
      { type: 'alert', body: { details, cef_details: { message: 'from cef' } } },
      { type: 'alert', body: { details: { message: 'its own' }, cef_details: { message: 'from cef' } } },
    );
    expect([without && detailsOf(without), own && detailsOf(own)]).toEqual([
      { message: 'from cef' },
      { message: 'its own' },
    ]);
  },
);

it('tells the first details that there are, also when the first alerts have none', () => {
  const list = alerts(
    { type: 'alert' },
    { type: 'alert', body: null },
    { type: 'alert', body: { details: 'disk is full' } },
  );
  expect(plainDetails(list)).toBe('disk is full');
  expect(plainDetails([])).toBe('');
});
