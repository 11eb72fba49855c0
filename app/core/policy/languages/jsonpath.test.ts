import { describe, expect, test } from 'vitest';
import { checkFormat, onlyPath } from './jsonpath.ts';

const level = (format: string) => checkFormat(format)?.level ?? 'allow';

describe('a format of kubectl', () => {
  test.each([
    'json',
    'wide',
    'jsonpath={.status.readyReplicas}',
    "jsonpath='{.items[*].metadata.name}'",
    'jsonpath={range .items[*]}{.metadata.name}{"\\t"}{.status.phase}{"\\n"}{end}',
    'jsonpath={.items[?(@.status.phase!="Running")].metadata.name}',
    'jsonpath={.items[0:3].spec.nodeName} of {$.kind}',
    "jsonpath={.metadata.labels['app.kubernetes.io/name']}",
    'jsonpath={.metadata.labels.app\\.kubernetes\\.io/name}',
    'jsonpath={..image}',
    'jsonpath={.status.conditions[-1].type}',
    'custom-columns=NAME:.metadata.name,NODE:.spec.nodeName,N:.status.containerStatuses[0].restartCount',
    'custom-columns=NAME:metadata.name,READY:{.status.conditions[?(@.type=="Ready")].status}',
  ])('%s prints what was read', (format) => expect(checkFormat(format)).toBeNull());

  test.each([
    'jsonpath={.data.password}',
    "jsonpath={['data']}",
    'jsonpath={.spec.containers[0].env}',
    'jsonpath={..env}',
    'jsonpath={.items[*].stringData}',
    'jsonpath={.spec["envFrom"]}',
    'jsonpath={.items[?(@.env[0].value=="x")].metadata.name}',
    'custom-columns=X:.data.key',
    'custom-columns=X:data',
    'go-template={{.data.password}}',
    'jsonpath={.secret',
  ])('%s picks out secrets', (format) => expect(level(format)).toBe('refuse'));

  test.each([
    ['reads a file', 'jsonpath-file=/tmp/x'],
    ['is a language without a grammar here', 'go-template={{.kind}}'],
    ['does not end', 'jsonpath={.a'],
    ['ends what it has not begun', 'jsonpath={.a}{end}'],
    ['begins a range that it does not end', 'jsonpath={range .items[*]}{.a}'],
    ['calls something', 'jsonpath={.a.length()}'],
    ['is no format of kubectl', 'frob'],
  ])('%s needs a person: %s', (_name, format) => expect(level(format)).toBe('review'));

  test('tells which one path it prints', () => {
    expect(onlyPath('jsonpath={range .items[*]}{.metadata.name}{"\\n"}{end}')).toBe('.metadata.name');
    expect(onlyPath('jsonpath={.spec.replicas}')).toBe('.spec.replicas');
    expect(onlyPath('jsonpath={.a}{.b}')).toBeNull();
    expect(onlyPath('json')).toBeNull();
  });
});
