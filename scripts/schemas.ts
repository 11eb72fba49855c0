// Writes docs/schemas/*.schema.json from the schemas the product itself parses with: `npm run schemas`.
// It must never say more than the product checks; rules JSON Schema cannot hold stay in the code, and the README says so.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { FrontMatter } from '#core/knowledge/runbook';
import { factData, factTypes } from '#core/ledger/facts';
import { RecordEnvelope } from '#core/ledger/record';
import { Manifest } from '#core/proposal/remediation';
import { Settings } from '#core/settings';
import { VerifyPlan } from '#core/verification/plan';

type Json = Record<string, unknown>;

function plain(schema: z.ZodType): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json;
  return rest;
}

function titled(name: string, title: string, description: string, schema: Json): Json {
  const head = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: `urn:vigil:schema:${name}` };
  return { ...head, title, description, ...schema };
}

/** The envelope, and for each type of fact the shape of its data. */
function recordSchema(): Json {
  const { properties, ...envelope } = plain(RecordEnvelope.omit({ data: true }));
  return {
    ...envelope,
    properties: { ...(properties as Json), data: { type: 'object' } },
    required: [...(envelope['required'] as string[]), 'data'],
    oneOf: factTypes.map((type) => ({
      title: type,
      type: 'object',
      required: ['type', 'data'],
      properties: { type: { const: type }, data: { $ref: `#/$defs/${type}` } },
    })),
    $defs: Object.fromEntries(factTypes.map((type) => [type, plain(factData[type])])),
  };
}

/** Every schema by its file name, as the text of the file. */
export function schemaFiles(): Record<string, string> {
  const schemas: [name: string, title: string, description: string, schema: Json][] = [
    [
      'vigil',
      '.github/vigil.yml',
      'Settings and service inventory of an installation. The only place scripts take a target or a parameter from.',
      plain(Settings),
    ],
    [
      'runbook',
      'Front matter of a runbook',
      'The YAML between --- and --- at the top of runbooks/*.md. With a remediation, the file holds a `bash fix` block, a `yaml verify` block and, where an effect does not restore itself, a `bash undo` block that puts it back, unless undo.impossible says why nothing can.',
      plain(FrontMatter),
    ],
    [
      'remediation',
      'remediations/<incident>/remediation.yml',
      'The manifest of a proposal: what it is for, where it comes from and what it was made of. Written by Vigil, never by hand.',
      plain(Manifest),
    ],
    [
      'verify',
      'remediations/<incident>/verify.yml',
      'The checks by which Vigil sees red and green; also the `yaml verify` block of a runbook.',
      plain(VerifyPlan),
    ],
    [
      'record',
      'A record of the ledger',
      'One fact as it stands on the branch vigil/ledger: the envelope, chained to the record before by `prev`, and the data of its type.',
      recordSchema(),
    ],
  ];
  return Object.fromEntries(
    schemas.map(([name, title, description, schema]) => [
      `${name}.schema.json`,
      `${JSON.stringify(titled(name, title, description, schema), null, 2)}\n`,
    ]),
  );
}

if (import.meta.main) {
  const folder = join(import.meta.dirname, '../docs/schemas');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(join(folder, name), text);
}
