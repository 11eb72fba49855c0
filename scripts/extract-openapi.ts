// Takes the part of GitHub's OpenAPI description that the sandbox serves, as JSON Schema, into sandbox/github/openapi:
// the endpoints into subset.json, the webhook events into webhooks.json.
// The description is large and no dependency of this project, so its path is an argument:
//   npm i --prefix /tmp/oa @octokit/openapi@23.0.2
//   node scripts/extract-openapi.ts /tmp/oa/node_modules/@octokit/openapi/generated/api.github.com.json
// Must never keep prose or examples, and gives the same bytes for the same description.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signatureOf } from '../sandbox/github/openapi/contract.ts';
import { EVENTS } from '../sandbox/github/openapi/deliveries.ts';
import { ROUTES } from '../sandbox/github/routes.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Fields = { [key: string]: Json };
const fields = (value: Json | undefined): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};

const [source] = process.argv.slice(2);
if (!source) throw new Error('usage: node scripts/extract-openapi.ts <path of api.github.com.json>');
const description = fields(JSON.parse(readFileSync(source, 'utf8')));
const components = fields(description['components']);
let kept = new Map<string, Json>();

/** What a `#/components/...` reference names. */
function target(reference: string): Json {
  const [, , kind = '', name = ''] = reference.split('/');
  const found = fields(components[kind])[name];
  if (found === undefined) throw new Error(`the description has no ${reference}`);
  return found;
}
const followed = (value: Json | undefined): Fields => {
  const reference = fields(value)['$ref'];
  return fields(typeof reference === 'string' ? target(reference) : value);
};

const PROSE = [
  'description',
  'example',
  'examples',
  'title',
  'deprecated',
  'externalDocs',
  'default',
  'discriminator',
];

/** A schema of OpenAPI 3.0 as JSON Schema: `nullable` becomes a type; schemas that it names are kept too. */
function schema(value: Json | undefined): Json {
  const { $ref: reference, nullable, ...rest } = fields(value);
  if (typeof reference === 'string') {
    const name = reference.split('/').at(-1) ?? '';
    if (!kept.has(name)) {
      kept.set(name, {}); // a schema may name itself
      kept.set(name, schema(target(reference)));
    }
    return { $ref: `#/schemas/${name}` };
  }
  const one = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => !PROSE.includes(key) && !key.startsWith('x-'))
      .map(([key, part]): [string, Json] => {
        if (key === 'properties')
          return [
            key,
            Object.fromEntries(Object.entries(fields(part)).map(([name, of]) => [name, schema(of)])),
          ];
        if (['items', 'additionalProperties', 'not'].includes(key) && typeof part === 'object')
          return [key, schema(part)];
        if (['allOf', 'anyOf', 'oneOf'].includes(key) && Array.isArray(part)) return [key, part.map(schema)];
        return [key, part];
      }),
  );
  return nullable === true ? { anyOf: [one, { type: 'null' }] } : one;
}

const json = (content: Json | undefined) => fields(fields(fields(content)['application/json']));

function operation(path: string, method: string): Json {
  const shared = fields(fields(description['paths'])[path]);
  const found = fields(shared[method]);
  const parameters = [shared['parameters'], found['parameters']].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  const query = parameters.map(followed).filter((one) => one['in'] === 'query');
  const body = followed(found['requestBody']);
  const responses = Object.entries(fields(found['responses'])).map(([status, response]) => {
    const content = json(followed(response)['content']);
    return [status, content['schema'] === undefined ? true : schema(content['schema'])];
  });
  const content = json(body['content'])['schema'];
  const made = fields(followed(fields(found['responses'])['201'])['headers']);
  return {
    operationId: found['operationId'] ?? null,
    query: Object.fromEntries(query.map((one) => [`${one['name']}`, schema(one['schema'])])),
    ...(content === undefined ? {} : { body: schema(content) }),
    responses: Object.fromEntries(responses),
    ...(made['Location'] === undefined ? {} : { location: true }),
  };
}

const sorted = (map: Map<string, Json>) =>
  Object.fromEntries([...map].toSorted(([a], [b]) => (a < b ? -1 : 1)));
const { version = null } = fields(description['info']);
const root = join(import.meta.dirname, '..');
const $comment = `From GitHub's OpenAPI description (MIT), @octokit/openapi ${version}; made by scripts/extract-openapi.ts`;

function writeOperations(): void {
  const paths = Object.keys(fields(description['paths']));
  const operations = new Map<string, Json>();
  for (const { method, path } of ROUTES) {
    const signature = signatureOf(method, path);
    const named = paths.find((one) => signatureOf(method, one) === signature);
    if (!named || !fields(fields(description['paths'])[named])[method.toLowerCase()])
      throw new Error(`GitHub describes no ${signature}`);
    operations.set(signature, operation(named, method.toLowerCase()));
  }
  schema({ $ref: '#/components/schemas/basic-error' });
  const subset = {
    $comment,
    operations: sorted(operations),
    schemas: sorted(kept),
  };
  const file = join(root, 'sandbox/github/openapi/subset.json');
  writeFileSync(file, `${JSON.stringify(subset, null, 2)}\n`);
  const biome = join(root, 'node_modules/.bin/biome');
  execFileSync(process.execPath, [biome, 'format', '--write', file], { cwd: root });
  process.stdout.write(`${operations.size} operations, ${kept.size} schemas\n`);
}

/** One schema a line: laid out in full it would be four times as long as all other JSON of the sandbox. */
function writeEvents(): void {
  kept = new Map();
  const described = fields(description['x-webhooks']);
  const events = EVENTS.map((name): [string, Json] => {
    const content = json(fields(fields(fields(described[name])['post'])['requestBody'])['content']);
    if (content['schema'] === undefined) throw new Error(`GitHub describes no event ${name}`);
    return [name, schema(content['schema'])];
  });
  const lines = (map: Map<string, Json>) =>
    Object.entries(sorted(map)).map(([name, one]) => `${JSON.stringify(name)}:${JSON.stringify(one)}`);
  const text = `{"$comment":${JSON.stringify($comment)},
"events":{\n${lines(new Map(events)).join(',\n')}\n},
"schemas":{\n${lines(kept).join(',\n')}\n}}\n`;
  writeFileSync(join(root, 'sandbox/github/openapi/webhooks.json'), text);
  process.stdout.write(`${events.length} events, ${kept.size} schemas, ${text.length} characters\n`);
}

writeOperations();
writeEvents();
