import { afterEach, beforeEach, expect, it } from 'vitest';
import { ENTITY_TYPES as ASKED } from '#adapters/skyflow';
import { type Skyflow, startSkyflow } from './server.ts';
import { ENTITY_TYPES } from './words.ts';

const account = { vaultId: 'vault', token: 'sky-token', people: ['Olga Petrova'] };
const text = 'Olga Petrova <olga@acme.example> and Olga Petrova';
let vault: Skyflow;
beforeEach(async () => {
  vault = await startSkyflow(account);
});
afterEach(() => vault.close());

async function ask(change: object = {}, token = 'sky-token', path = '/v1/detect/deidentify/string') {
  const answer = await fetch(vault.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ vault_id: 'vault', text, ...change }),
  });
  expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  return { status: answer.status, body: JSON.parse(await answer.text()) };
}

it.each([
  ['entity_only', '[NAME] <[EMAIL_ADDRESS]> and [NAME]'],
  ['entity_unq_counter', '[NAME_1] <[EMAIL_ADDRESS_1]> and [NAME_1]'],
])('puts tokens of the form %s in their places', async (form, processed) => {
  const { body } = await ask({ token_type: { default: form } });
  expect(body.processed_text).toBe(processed);
});

it('looks for everything and keeps it in the vault, unless it is told otherwise', async () => {
  const { body } = await ask();
  expect(body.processed_text).toMatch(/^\[NAME_(\w{7})\] <\[EMAIL_ADDRESS_\w{7}\]> and \[NAME_\1\]$/);
  expect((await ask({ entity_types: ['ssn'] })).body).toMatchObject({ processed_text: text, entities: [] });
});

it('knows each kind that Vigil asks for, and no other', async () => {
  expect((await ask({ entity_types: ASKED })).status).toBe(200);
  expect(ENTITY_TYPES).toHaveLength(70);
  const refused = await ask({ entity_types: ['name', 'api_key'] });
  expect(refused).toMatchObject({
    status: 400,
    body: { error: { grpc_code: 3, details: [expect.stringContaining('entity_types[1]')] } },
  });
});

it.each<[string, object, string, string, number, number]>([
  ['a wrong token', {}, 'wrong', '/v1/detect/deidentify/string', 401, 16],
  ['no text', { text: '' }, 'sky-token', '/v1/detect/deidentify/string', 400, 3],
  ['a field that is not played', { allow_regex: ['x'] }, 'sky-token', '/v1/detect/deidentify/string', 400, 3],
  ['another vault', { vault_id: 'other' }, 'sky-token', '/v1/detect/deidentify/string', 404, 5],
  ['a path of v2', {}, 'sky-token', '/v1/detect/v2', 404, 5],
])('refuses %s in its own shape', async (_, change, token, path, code, grpc) => {
  const { status, body } = await ask(change, token, path);
  expect([status, body.error.http_code, body.error.grpc_code]).toEqual([code, code, grpc]);
  expect(Object.keys(body.error).sort()).toEqual([
    'details',
    'grpc_code',
    'http_code',
    'http_status',
    'message',
  ]);
  expect(vault.asked).toEqual([]);
});

it('refuses a token whose role may not use Detect', async () => {
  await vault.close();
  vault = await startSkyflow({ ...account, mayDetect: false });
  expect(await ask()).toMatchObject({ status: 403, body: { error: { grpc_code: 7 } } });
});
