// A person's token is given back whatever happens while it is used, and no refusal or fault repeats it.
import { Hono } from 'hono';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listening, listen } from '../../../sandbox/listen.ts';
import { asPerson, authorizeUrl, type SignIn } from './sign-in.ts';

const TOKEN = `ghu_${'x'.repeat(30)}`;
const grant = { code: 'c', verifier: 'v' };
const review = {
  owner: 'a',
  repo: 'b',
  number: 1,
  commit: 'f'.repeat(40),
  event: 'APPROVE' as const,
  body: '',
};
let github: Listening;
let signIn: SignIn;
let answers: { token: object; user: object; review: [number, object] };
let revoked: unknown[];

beforeEach(async () => {
  revoked = [];
  answers = {
    token: { access_token: TOKEN, token_type: 'bearer' },
    user: { login: 'olga', type: 'User' },
    review: [200, { html_url: 'https://github.com/a/b/pull/1#r' }],
  };
  const app = new Hono()
    .post('/login/oauth/access_token', (c) => c.json(answers.token))
    .get('/user', (c) => c.json(answers.user))
    .post('/repos/a/b/pulls/1/reviews', () => Response.json(answers.review[1], { status: answers.review[0] }))
    .delete('/applications/Iv1.x/token', async (c) => {
      revoked.push(await c.req.json());
      return c.body(null, 204);
    });
  github = await listen(app);
  const { url } = github;
  signIn = {
    clientId: 'Iv1.x',
    clientSecret: 's'.repeat(30),
    server: url,
    api: url,
    callback: 'https://v.example/back',
  };
});
afterEach(() => github.close());

test('it is given back after the review', async () => {
  const acted = await asPerson(signIn, grant, async ({ login, review: submit }) => [
    login,
    await submit(review),
  ]);
  expect(acted).toEqual({
    ok: true,
    value: ['olga', { ok: true, url: 'https://github.com/a/b/pull/1#r' }],
    revoked: true,
  });
  expect(revoked).toEqual([{ access_token: TOKEN }]);
});

test('it is given back when something breaks meanwhile', async () => {
  const broken = asPerson(signIn, grant, () => Promise.reject(new Error('it fell over')));
  await expect(broken).rejects.toThrow('it fell over');
  expect(revoked).toHaveLength(1);
});

test('it is given back when GitHub refuses the review, whose reason does not repeat it', async () => {
  answers.review = [422, { message: `Can not approve with ${TOKEN}` }];
  const acted = await asPerson(signIn, grant, ({ review: submit }) => submit(review));
  expect(acted).toMatchObject({ ok: true, value: { ok: false }, revoked: true });
  expect(JSON.stringify(acted)).not.toContain(TOKEN);
});

test.each([
  ['a bot', { login: 'vigil[bot]', type: 'Bot' }],
  ['nobody', { message: 'Bad credentials' }],
])('it is given back, unused, when GitHub says that this is %s', async (_, user) => {
  answers.user = user;
  const acted = await asPerson(signIn, grant, () => Promise.reject(new Error('used')));
  expect(acted).toEqual({ ok: false, reason: 'GitHub did not say who this is' });
  expect(revoked).toHaveLength(1);
});

test('a refused code is a reason, and there is nothing to give back', async () => {
  answers.token = { error: 'bad_verification_code', error_description: 'expired' };
  expect(await asPerson(signIn, grant, () => Promise.resolve(1))).toEqual({
    ok: false,
    reason: 'bad_verification_code',
  });
  expect(revoked).toEqual([]);
});

test('GitHub is asked with a challenge, never with what answers it', () => {
  const url = new URL(authorizeUrl(signIn, 'the state', 'the verifier'));
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'Iv1.x',
    redirect_uri: 'https://v.example/back',
    state: 'the state',
    code_challenge: '1feKYP2squaeWAiJic4eC-LS4zxucSgWGrt51hG2aRA',
    code_challenge_method: 'S256',
    prompt: 'select_account',
  });
});
