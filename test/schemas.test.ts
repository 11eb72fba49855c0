// The checked-in JSON Schemas are what the code says, and every example is complete, valid and read by the product's own parser.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { parseRunbook, parseSettings } from '#adapters/git/source';
import { splitRunbook } from '#core/knowledge/runbook';
import { factTypes } from '#core/ledger/facts';
import { decodeRecord } from '#core/ledger/record';
import { Manifest } from '#core/proposal/remediation';
import { bind, parseVerifyPlan } from '#core/verification/plan';
import { schemaFiles } from '../scripts/schemas.ts';
import { facts } from './support/incidents.ts';

type Schema = { [key: string]: unknown };
const folder = join(import.meta.dirname, '../docs/schemas');
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const schemaOf = (name: string): Schema => JSON.parse(read(`${name}.schema.json`)) as Schema;
const frontMatter = (text: string): string => {
  const split = splitRunbook(text);
  return split.ok ? split.frontMatter : '';
};

/** Each example: as data, and whether the product's own parser takes the file. What excludes each other needs several files. */
const examples: Record<
  string,
  { files: readonly string[]; data: (text: string) => unknown; parses: (text: string) => unknown }
> = {
  vigil: { files: ['vigil.yml'], data: load, parses: (text) => parseSettings(text) },
  runbook: {
    files: ['runbook.md', 'runbook-one-way.md'],
    data: (text) => load(frontMatter(text)),
    parses: (text) => parseRunbook(text, 'runbooks/runbook.md'),
  },
  remediation: {
    files: ['remediation.yml'],
    data: load,
    parses: (text) => ({ ok: Manifest.safeParse(load(text)).success }),
  },
  verify: { files: ['verify.yml'], data: load, parses: (text) => parseVerifyPlan(load(text)) },
  record: { files: ['record.json'], data: (text) => JSON.parse(text), parses: (text) => decodeRecord(text) },
};
const schemas = Object.entries(examples).map(([name, example]) => ({ name, ...example }));
const named = schemas.flatMap((example) => example.files.map((file) => ({ ...example, file })));

describe('the checked-in schemas', () => {
  test.each(Object.entries(schemaFiles()))('%s is what `npm run schemas` writes', (name, text) => {
    expect(read(name)).toBe(text);
  });

  test.each(schemas)('$name has an id, a title and a description', ({ name }) => {
    expect(schemaOf(name)).toMatchObject({
      $id: `urn:vigil:schema:${name}`,
      title: expect.stringMatching(/\S/),
      description: expect.stringMatching(/\.$/),
      additionalProperties: false,
    });
  });
});

describe('each example', () => {
  test.each(named)(
    'of $name, $file, is taken by the product and by the schema',
    ({ name, file, data, parses }) => {
      const text = read(`examples/${file}`);
      expect(parses(text)).toMatchObject({ ok: true });
      const valid = z.fromJSONSchema(schemaOf(name)).safeParse(data(text));
      expect(valid.error?.issues ?? []).toEqual([]);
    },
  );

  test.each(named)(
    'of $name, $file, is refused by the schema with a key nobody knows, or without one that is needed',
    (example) => {
      // Read together with `oneOf`, zod lets an unknown key pass; a validator of JSON Schema does not.
      const { oneOf: _facts, ...envelope } = schemaOf(example.name);
      const schema = z.fromJSONSchema(envelope);
      const whole = example.data(read(`examples/${example.file}`)) as Schema;
      expect(schema.safeParse({ ...whole, surprise: 1 }).success).toBe(false);
      for (const needed of schemaOf(example.name)['required'] as string[]) {
        const { [needed]: _, ...rest } = whole;
        expect(schema.safeParse(rest).success, `without ${needed}`).toBe(false);
      }
    },
  );

  test.each(schemas.filter(({ name }) => name !== 'record'))(
    'of $name uses, with the others of its kind, every field there is',
    (example) => {
      const schema = schemaOf(example.name);
      const used = new Set<string>();
      for (const file of example.files)
        visit(schema, [schema], example.data(read(`examples/${file}`)), '', used);
      expect(fieldsOf(schema, schema, '').filter((path) => !used.has(path))).toEqual([]);
    },
  );

  test('of a record has every part of the envelope', () => {
    const record = JSON.parse(read('examples/record.json')) as Schema;
    expect(Object.keys(record)).toEqual(Object.keys(schemaOf('record')['properties'] as Schema).sort());
  });

  test('belongs to the others: the inventory has what the runbook and the checks need', () => {
    const settings = parseSettings(read('examples/vigil.yml'));
    const runbook = parseRunbook(read('examples/runbook.md'), 'runbook.md');
    const plan = parseVerifyPlan(load(read('examples/verify.yml')));
    if (!settings.ok || !runbook.ok || !plan.ok) throw new Error('an example does not parse');
    const service = settings.value.services['PCHECK1'];
    expect(service?.name).toBe(runbook.value.service);
    expect(Object.keys(service?.parameters ?? {})).toEqual(
      expect.arrayContaining(runbook.value.remediation?.parameters ?? []),
    );
    expect(bind(plan.plan, service?.parameters ?? {})).toMatchObject({ ok: true });
  });
});

describe('the schema of a record', () => {
  const schema = z.fromJSONSchema(schemaOf('record'));
  const record = { v: 1, seq: 1, prev: null, at: '2026-11-03T03:00:00Z', actor: { kind: 'app' }, attempt: 1 };

  test.each(factTypes)('takes %s with its own data and with no other', (type) => {
    expect(schema.safeParse({ ...record, type, data: facts[type] }).success).toBe(true);
    expect(schema.safeParse({ ...record, type, data: { ...facts[type], surprise: 1 } }).success).toBe(false);
    expect(schema.safeParse({ ...record, type, data: {} }).success).toBe(false);
  });
});

/** The schemas a value may have, without the words that only combine schemas. */
function branches(root: Schema, schema: Schema): Schema[] {
  const reference = schema['$ref'] as string | undefined;
  const target = reference && (root['$defs'] as Record<string, Schema>)[reference.replace('#/$defs/', '')];
  const inner = [...((schema['oneOf'] as Schema[]) ?? []), ...((schema['anyOf'] as Schema[]) ?? [])];
  if (target) return branches(root, target);
  return inner.length > 0 ? inner.flatMap((one) => branches(root, one)) : [schema];
}

/** Paths of all fields a schema names; items of lists and values of maps are `*`. What a map's keys are is not a field. */
function fieldsOf(root: Schema, schema: Schema, at: string, within: readonly unknown[] = []): string[] {
  // What holds itself has no more fields further down.
  const reference = schema['$ref'];
  if (reference !== undefined && within.includes(reference)) return [];
  const inside = reference === undefined ? within : [...within, reference];
  return branches(root, schema).flatMap((one) => [
    ...Object.entries((one['properties'] as Record<string, Schema>) ?? {}).flatMap(([name, inner]) => [
      `${at}/${name}`,
      ...fieldsOf(root, inner, `${at}/${name}`, inside),
    ]),
    ...[one['items'], one['additionalProperties']].flatMap((inner) =>
      typeof inner === 'object' && inner !== null && !('$ref' in inner)
        ? fieldsOf(root, inner as Schema, `${at}/*`, inside)
        : [],
    ),
  ]);
}

/** Notes the path of every field a value has. */
function visit(
  root: Schema,
  schemas: readonly Schema[],
  value: unknown,
  at: string,
  used: Set<string>,
  within: Readonly<Record<string, string>> = {},
): void {
  // A field of what holds itself counts where it was first met.
  const references = schemas.flatMap((schema) =>
    typeof schema['$ref'] === 'string' ? [schema['$ref']] : [],
  );
  const met = references.find((reference) => within[reference] !== undefined);
  if (met !== undefined && within[met] !== at) {
    visit(root, schemas, value, within[met] ?? at, used, within);
    return;
  }
  const known = { ...Object.fromEntries(references.map((reference) => [reference, at])), ...within };
  const all = schemas.flatMap((schema) => branches(root, schema));
  const inside = (pick: (schema: Schema) => unknown): Schema[] =>
    all.map(pick).filter((inner): inner is Schema => typeof inner === 'object' && inner !== null);
  if (Array.isArray(value)) {
    for (const item of value)
      visit(
        root,
        inside((schema) => schema['items']),
        item,
        `${at}/*`,
        used,
        known,
      );
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      const own = inside((schema) => (schema['properties'] as Schema | undefined)?.[key]);
      const path = own.length > 0 ? `${at}/${key}` : `${at}/*`;
      used.add(path);
      visit(
        root,
        own.length > 0 ? own : inside((schema) => schema['additionalProperties']),
        item,
        path,
        used,
        known,
      );
    }
  }
}
