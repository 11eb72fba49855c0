import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Sanity, type SanityOptions, startSanity } from './server.ts';

const account = { projectId: 'sandbox1', dataset: 'production', token: 'sk-test' };
let lake: Sanity;
const open = async (options: Partial<SanityOptions> = {}) => {
  await lake?.close();
  lake = await startSanity({ ...account, ...options });
};
const headers = { authorization: 'Bearer sk-test', 'content-type': 'application/json' };
const query = async (groq: string, more = '', version = 'v2026-02-01') => {
  const at = `${lake.api}/${version}/data/query/production?query=${encodeURIComponent(groq)}${more}`;
  const answer = await fetch(at, { headers });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
};
const mutate = async (...mutations: object[]) => {
  const at = `${lake.api}/v2026-02-01/data/mutate/production`;
  const answer = await fetch(at, { method: 'POST', headers, body: JSON.stringify({ mutations }) });
  return { status: answer.status, headers: answer.headers, body: JSON.parse(await answer.text()) };
};
const create = (_id: string, fields: object = {}) => ({ create: { _id, _type: 'note', ...fields } });
const many = (count: number, from = 0) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field_${from + index}`, index]));

beforeEach(() => open());
afterEach(async () => {
  vi.useRealTimers();
  await lake.close();
});

it('refuses a wrong token and another dataset', async () => {
  const ask = (dataset: string, authorization: string) =>
    fetch(`${lake.api}/v2026-02-01/data/query/${dataset}?query=1`, { headers: { authorization } });
  expect((await ask('production', 'Bearer wrong')).status).toBe(401);
  expect((await ask('staging', 'Bearer sk-test')).status).toBe(404);
});

it('hides drafts, but not from callers of an old version', async () => {
  lake.put([
    { _id: 'one', _type: 'note' },
    { _id: 'drafts.one', _type: 'note' },
  ]);
  const ids = async (...how: [more?: string, version?: string]) =>
    (await query('*[_type == "note"]._id', ...how)).body.result;
  expect(await ids()).toEqual(['one']);
  expect(await ids('', 'v2025-02-18')).toEqual(['one', 'drafts.one']);
  expect(await ids('', 'vX')).toEqual(['one']);
  expect(await ids('&perspective=published', 'v2024-01-01')).toEqual(['one']);
  expect((await query('1', '&perspective=drafts')).status).toBe(400);
});

describe('a score', () => {
  it.each([
    '*[_type == "note"] | score(boost(title match "x", 3), tags[] match "y") | order(_score desc) [0...5]',
    '*[_type == "note"] | score(title match "x" || text match "x") | order(_score desc) {_id}',
  ])('like %s is taken', async (groq) => expect((await query(groq)).status).toBe(200));

  it.each([
    ['*[_type == "note"] | score(count(tags) > 1)', 'received unexpected expression'],
    ['*[_type == "note"] | score(title) | order(_score desc)', 'received unexpected expression'],
    ['*[_type == "note"]{title} | score(title match "x")', 'after a projection'],
    ['[{"title": "x"}] | score(title match "x") | order(_score desc) [0...1]', 'on an array'],
  ])('like %s is refused, though groq-js would take it', async (groq, why) => {
    expect(await query(groq)).toMatchObject({
      status: 400,
      body: { error: { type: 'queryParseError', description: expect.stringContaining(why) } },
    });
  });
});

describe('a limit', () => {
  it('lets so many requests through in a second, and so many mutations', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.parse('2026-11-29T12:00:00Z') });
    await open({ requestsPerSecond: 3, mutationsPerSecond: 1 });
    expect((await mutate(create('one'))).status).toBe(200);
    const second = await mutate(create('two'));
    expect(second).toMatchObject({ status: 429, body: { error: { type: 'rateLimitExceeded' } } });
    const told = ['retry-after', 'ratelimit-reset', 'x-ratelimit-limit', 'x-ratelimit-remaining'];
    expect(told.map((name) => second.headers.get(name))).toEqual(['1', '1', '1', '0']);
    expect((await query('1')).status).toBe(200);
    const fourth = await query('1');
    expect([fourth.status, fourth.headers.get('x-ratelimit-limit')]).toEqual([429, '3']);
    vi.setSystemTime(Date.now() + 1000);
    expect((await query('1')).status).toBe(200);
  });

  it.each([
    ['a document of more than 1,000 attributes', [create('wide', many(1001))], 'attributes'],
    [
      'documents with more than 2,000 paths together',
      [create('a', many(900)), create('b', many(900, 900)), create('c', many(900, 1800))],
      'exceeds the limit of 2000',
    ],
    [
      'a document of more than 20 levels',
      [create('deep', JSON.parse(`${'{"a":'.repeat(21)}1${'}'.repeat(21)}`))],
      'levels deep',
    ],
  ])('keeps out %s', async (_, mutations, why) => {
    expect(await mutate(...mutations)).toMatchObject({
      status: 400,
      body: { error: { type: 'mutationError', description: expect.stringContaining(why) } },
    });
    expect(lake.documents()).toEqual([]);
  });

  it('lets in what is just within it', async () => {
    // _id, _type, _rev, _createdAt and _updatedAt are attributes too.
    expect((await mutate(create('wide', many(995)))).status).toBe(200);
    const deep = JSON.parse(`${'{"a":'.repeat(19)}1${'}'.repeat(19)}`);
    expect((await mutate(create('deep', { deep }))).status).toBe(200);
  });
});
