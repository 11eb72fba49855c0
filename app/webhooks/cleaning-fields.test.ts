// Every field of free words in what a job may say is cleaned before it is written. A new one must be named, here or there.
import { expect, test } from 'vitest';
import * as z from 'zod';
import { factData } from '#core/ledger/facts';
import { factsOf } from '#core/ledger/lifecycle';
import { prose } from './cleaning.ts';

/** Names, ids and words of code: none of them is written by a page, a script or a model that is not judged elsewhere. */
const plain = new Set([
  ...['branch', 'id', 'source', 'evidence', 'runbook', 'code', 'by', 'kind', 'path', 'target', 'workspace'],
  ...['requested', 'answered', 'request', 'stop', 'prices'], // of a model's use
  // Scripts and what they take are judged, and not written where they hold a secret (withoutSecrets).
  ...['parameters', 'fix.sh', 'undo.sh', 'verify.yml', 'remediation.yml'],
]);
type Schema = {
  type?: string;
  pattern?: string;
  enum?: unknown;
  const?: unknown;
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
};

function words(schema: Schema, name: string): string[] {
  const { type, pattern, enum: one, const: only, format, properties, items, anyOf } = schema;
  if (type === 'string')
    return pattern === undefined && one === undefined && only === undefined && format === undefined
      ? [name]
      : [];
  return [
    ...Object.entries(properties ?? {}).flatMap(([field, inner]) => words(inner, field)),
    ...(items ? words(items, name) : []),
    ...(anyOf ?? []).flatMap((inner) => words(inner, name)),
    ...(typeof schema.additionalProperties === 'object' ? words(schema.additionalProperties, name) : []),
  ];
}

test('no word of a job is written as it came', () => {
  const jobs = [
    'orient',
    'decide',
    'measure',
    'load',
    'rehearse',
    'execute',
    'verify',
    'undo',
    'conclude',
  ] as const;
  const types = new Set(jobs.flatMap((job) => factsOf(job)));
  const found = [...types].flatMap((type) =>
    words(z.toJSONSchema(factData[type], { unrepresentable: 'any', io: 'input' }) as Schema, type),
  );
  expect([...new Set(found)].filter((field) => !prose.has(field) && !plain.has(field))).toEqual([]);
});
