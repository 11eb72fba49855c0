// One set of documents, judged by the Studio's definitions and by zod: what one accepts the other accepts.
import { Schema } from '@sanity/schema';
import { validateSchema } from '@sanity/schema/_internal';
import { describe, expect, test } from 'vitest';
import { documentId, KnowledgeDocument } from '#core/knowledge/documents';
import { judgeDocument } from './rules.ts';
import { schemaTypes } from './schema.ts';

const runbook = {
  _id: documentId.runbook('payments-memory'),
  _type: 'runbook',
  title: 'Payments run out of memory',
  service: 'payments',
  failureTypes: ['memory_exhaustion'],
  severity: 'sev2',
  keywords: ['oom', 'heap'],
  alerts: ['Payments pods are OOMKilled'],
  steps: ['Look at the heap.', 'Restart pod by pod.'],
  verificationProcedure: 'Orders go through again.',
  riskLevel: 'LOW',
  text: 'Pods are killed.',
  runbookId: 'payments-memory',
  path: 'runbooks/payments-memory.md',
  sha256: 'a'.repeat(64),
  managedBy: 'vigil ingest',
};
const past = {
  _id: documentId.pastIncident('pd-q1', 1),
  _type: 'pastIncident',
  title: 'Checkout error rate is high',
  service: 'shop',
  failureTypes: ['cache_corruption'],
  occurredAt: '2026-11-03T02:14:00Z',
  outcome: 'resolved',
  effectiveness: 100,
  issue: 'https://github.com/acme/production/issues/7',
};
const service = { _id: documentId.service('shop'), _type: 'service', name: 'shop', pagerdutyId: 'PSHOP01' };

const without = (document: object, field: string): object =>
  Object.fromEntries(Object.entries(document).filter(([name]) => name !== field));

const good: [string, object][] = [
  ['a runbook from a file', runbook],
  ['a runbook written in the Studio', { ...without(without(runbook, 'path'), 'sha256'), _id: 'x1' }],
  ['a runbook without keywords or steps', { ...runbook, keywords: [], alerts: [], steps: [] }],
  ['a past incident', past],
  ['a past incident in which nothing ran', without(past, 'effectiveness')],
  ['a past incident whose kind of failure nobody knows', { ...past, failureTypes: [] }],
  ['a service', service],
];

const bad: [string, object][] = [
  ['no title', without(runbook, 'title')],
  ['an empty title', { ...runbook, title: '' }],
  ['a title of four letters', { ...runbook, title: 'Oops' }],
  ['a title without end', { ...runbook, title: 'x'.repeat(201) }],
  ['a title that is a number', { ...runbook, title: 12345 }],
  ['a title that is null', { ...runbook, title: null }],
  ['no service', without(runbook, 'service')],
  ['a service with a space', { ...runbook, service: 'pay ments' }],
  ['no failure type', { ...runbook, failureTypes: [] }],
  ['failure types that are one text', { ...runbook, failureTypes: 'memory_exhaustion' }],
  ['a failure type in capitals', { ...runbook, failureTypes: ['OOM'] }],
  ['a failure type twice', { ...runbook, failureTypes: ['oom', 'oom'] }],
  ['a severity nobody knows', { ...runbook, severity: 'critical' }],
  ['an empty keyword', { ...runbook, keywords: [''] }],
  ['a keyword that is a number', { ...runbook, keywords: [5] }],
  ['101 keywords', { ...runbook, keywords: Array.from({ length: 101 }, (_, i) => `k${i}`) }],
  ['keywords missing', without(runbook, 'keywords')],
  ['an alert of two letters', { ...runbook, alerts: ['ab'] }],
  ['an empty step', { ...runbook, steps: [''] }],
  ['a step without end', { ...runbook, steps: ['x'.repeat(4001)] }],
  ['a risk nobody knows', { ...runbook, riskLevel: 'EXTREME' }],
  ['a hash that is none', { ...runbook, sha256: 'abc' }],
  ['somebody else as its writer', { ...runbook, managedBy: 'somebody' }],
  ['a field nobody knows', { ...runbook, approval: 'auto' }],
  ['an id with a dot', { ...runbook, _id: 'runbook.payments' }],
  ['an id that begins with a dash', { ...runbook, _id: '-x' }],
  ['a type nobody knows', { ...runbook, _type: 'note' }],
  ['a time that is none', { ...past, occurredAt: 'yesterday' }],
  ['no time', without(past, 'occurredAt')],
  ['an effectiveness above 100', { ...past, effectiveness: 101 }],
  ['half an effectiveness', { ...past, effectiveness: 0.5 }],
  ['an effectiveness as text', { ...past, effectiveness: '100' }],
  ['an outcome nobody knows', { ...past, outcome: 'great' }],
  ['an issue that is a script', { ...past, issue: 'javascript:alert(1)' }],
  ['an issue that is no address', { ...past, issue: 'issue 7' }],
  ['a service without a name', without(service, 'name')],
  ['a PagerDuty id in small letters', { ...service, pagerdutyId: 'pshop01' }],
];

describe('Sanity and Vigil agree', () => {
  test.each(good)('to take %s', (_, document) => {
    expect({
      sanity: judgeDocument({ ...document }),
      zod: KnowledgeDocument.safeParse(document).error,
    }).toEqual({
      sanity: [],
      zod: undefined,
    });
  });

  test.each(bad)('to refuse %s', (_, document) => {
    expect(judgeDocument({ ...document })).not.toEqual([]);
    expect(KnowledgeDocument.safeParse(document).success).toBe(false);
  });

  test('on the fields each type has', () => {
    for (const type of schemaTypes) {
      const twin = KnowledgeDocument.options.find(({ shape }) => shape._type.value === type.name);
      const fields = type.fields.map(({ name }) => name).sort();
      const own = Object.keys(twin?.shape ?? {}).filter((name) => !name.startsWith('_'));
      expect({ type: type.name, fields: own.sort() }).toEqual({ type: type.name, fields });
    }
  });
});

test('a Studio compiles the three types and finds no problem in them', () => {
  expect(Schema.compile({ name: 'vigil', types: schemaTypes }).getTypeNames()).toEqual(
    expect.arrayContaining(['runbook', 'pastIncident', 'service']),
  );
  const problems = validateSchema(schemaTypes)
    .getTypeNames()
    .flatMap((name) => validateSchema(schemaTypes).get(name)?._problems ?? []);
  expect(problems).toEqual([]);
});

test('what is wrong is named with its place', () => {
  expect(judgeDocument({ ...runbook, keywords: ['ok', ''], severity: 'sev9' })).toEqual([
    { path: 'severity', message: 'one of sev1, sev2, sev3, sev4, sev5' },
    { path: 'keywords[1]', message: 'is required' },
  ]);
});
