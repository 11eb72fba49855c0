// The door for jobs, claim by claim: a token of a local issuer, whole, and with one thing about it different.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FACTS_AUDIENCE, jobVerifier, type ProductAt } from './job-identity.ts';

const SHA = 'a'.repeat(40); // of the installation
const PIN = 'b'.repeat(40); // of the product
const product = { repository: 'vigil-project/vigil', sha: PIN };
const NOW = Math.floor(Date.now() / 1000);
const good = {
  repository_id: '74',
  repository_owner_id: '65',
  workflow_ref: 'acme/production/.github/workflows/remediate.yml@refs/heads/trunk',
  workflow_sha: SHA,
  job_workflow_ref: `vigil-project/vigil/.github/workflows/remediate-job.yml@${PIN}`,
  job_workflow_sha: PIN,
  event_name: 'workflow_dispatch',
  ref: 'refs/heads/trunk',
  run_id: '1001',
  run_attempt: '1',
  environment: 'vigil-execute',
  actor: 'vigil[bot]',
};
let server: Server;
let issuer = '';
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let foreign: Awaited<ReturnType<typeof generateKeyPair>>;

beforeAll(async () => {
  [keys, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  server = createServer((_, response) => response.end(JSON.stringify({ keys: [jwk] })));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

type How = {
  audience?: string;
  issuer?: string;
  /** When it was made, and from when on and until when it is good. */
  made?: number;
  from?: number;
  expires?: number;
  foreign?: boolean;
  at?: ProductAt;
};
async function ask(claims: Record<string, unknown>, how: How = {}) {
  const verify = jobVerifier({
    ...{ issuer, repositoryId: '74', ownerId: '65', repository: 'acme/production', branch: 'trunk' },
    productAt: how.at ?? (async (commit) => (commit === SHA ? product : undefined)),
  });
  const kept = Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
  const token = await new SignJWT(kept)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .setIssuer(how.issuer ?? issuer)
    .setAudience(how.audience ?? FACTS_AUDIENCE)
    .setIssuedAt(how.made ?? NOW)
    .setNotBefore(how.from ?? how.made ?? NOW - 60)
    .setExpirationTime(how.expires ?? NOW + 300)
    .sign(how.foreign ? foreign.privateKey : keys.privateKey);
  return verify(token);
}
const identity = {
  ...{ job: 'execute', run: 1001, runAttempt: 1, actor: 'vigil[bot]' },
  workflow: '.github/workflows/remediate.yml',
};

describe('a job’s token', () => {
  test('is taken when the caller is on the default branch and the job is of the pinned product', async () => {
    expect(await ask(good)).toEqual({ ok: true, identity });
    // Some issuers have no id of the owner; names of owners ignore case.
    expect(await ask({ ...good, repository_owner_id: undefined })).toEqual({ ok: true, identity });
    const loud = good.job_workflow_ref.replace('vigil-project', 'Vigil-Project');
    expect(await ask({ ...good, job_workflow_ref: loud })).toEqual({ ok: true, identity });
  });

  test('of a repository that is its own product is of a file of the same commit', async () => {
    const at = { at: async () => null };
    const job_workflow_ref = 'acme/production/.github/workflows/remediate-job.yml@refs/heads/trunk';
    const own = { ...good, job_workflow_ref, job_workflow_sha: SHA };
    expect(await ask(own, at)).toEqual({ ok: true, identity });
    expect(await ask({ ...own, job_workflow_sha: PIN }, at)).toMatchObject({ ok: false });
    expect(await ask(good, at)).toMatchObject({ ok: false });
    expect(await ask(own)).toMatchObject({ ok: false });
  });

  test('of a run that began before an upgrade is held to the release of its own commit', async () => {
    const newer = { ...product, sha: 'c'.repeat(40) };
    const at: ProductAt = async (commit) => (commit === SHA ? product : newer);
    expect(await ask(good, { at })).toMatchObject({ ok: true });
    expect(await ask({ ...good, workflow_sha: 'd'.repeat(40) }, { at })).toMatchObject({ ok: false });
  });

  const workflow = 'the job is not of the workflow that vigil.yml names';
  const branch = 'the token is not of a workflow on trunk';
  test.each<[what: string, change: Record<string, unknown>, reason: string]>([
    ['another repository', { repository_id: '75' }, 'the token is of another repository'],
    [
      'another owner’s repository',
      { repository_owner_id: '66' },
      'the token is of a repository of another owner',
    ],
    ['a push', { event_name: 'push' }, 'runs started by push may not post facts'],
    ['a schedule', { event_name: 'schedule' }, 'runs started by schedule may not post facts'],
    ['a pull request', { event_name: 'pull_request' }, 'runs started by pull_request may not post facts'],
    ['another branch', { ref: 'refs/heads/main' }, branch],
    ['a tag of the branch’s name', { ref: 'refs/tags/trunk' }, branch],
    ['a caller on another branch', { workflow_ref: good.workflow_ref.replace('trunk', 'main') }, branch],
    [
      'a caller of another repository',
      { workflow_ref: good.workflow_ref.replace('production', 'staging') },
      branch,
    ],
    ['a caller of a longer name', { workflow_ref: good.workflow_ref.replace('acme/', 'xacme/') }, branch],
    ['a caller that is no workflow', { workflow_ref: 'acme/production/x.yml@refs/heads/trunk' }, branch],
    ['no environment of Vigil', { environment: 'production' }, 'the token carries no vigil environment'],
    [
      'an environment that only begins so',
      { environment: 'vigil-execute2' },
      'the token carries no vigil environment',
    ],
    [
      'a commit that was not merged',
      { workflow_sha: 'e'.repeat(40) },
      'the workflow’s commit is not on trunk',
    ],
    ['another commit of the product', { job_workflow_sha: 'c'.repeat(40) }, workflow],
    [
      'the product by a branch',
      { job_workflow_ref: good.job_workflow_ref.replace(PIN, 'refs/heads/main') },
      workflow,
    ],
    [
      'somebody else’s product',
      { job_workflow_ref: good.job_workflow_ref.replace('vigil-project', 'evil') },
      workflow,
    ],
    [
      'another file of the product',
      { job_workflow_ref: good.job_workflow_ref.replace('remediate', 'respond') },
      workflow,
    ],
    [
      'a file of its own in between',
      { job_workflow_ref: good.workflow_ref, job_workflow_sha: SHA },
      workflow,
    ],
  ])('of %s is refused', async (_, change, reason) => {
    const answer = await ask({ ...good, ...change });
    expect(answer).toEqual({ ok: false, reason: reason.replace('’s commit', "'s commit") });
  });

  const watching = {
    ...good,
    workflow_ref: good.workflow_ref.replace('remediate', 'watch'),
    job_workflow_ref: good.job_workflow_ref.replace('remediate', 'watch'),
    environment: 'vigil-watch',
  };
  test.each<[string, Record<string, unknown>, boolean]>([
    ['watch.yml by the clock', { ...watching, event_name: 'schedule' }, true],
    ['watch.yml by a dispatch', watching, true],
    ['watch.yml by a push', { ...watching, event_name: 'push' }, false],
    ['another file by the clock', { ...good, event_name: 'schedule' }, false],
    [
      'another called file by the clock',
      { ...watching, event_name: 'schedule', job_workflow_ref: good.job_workflow_ref },
      false,
    ],
    [
      'a file that is named like it by the clock',
      {
        ...{ ...watching, event_name: 'schedule' },
        workflow_ref: watching.workflow_ref.replace('watch.yml', 'watch.yaml'),
      },
      false,
    ],
    [
      'watch.yml by the clock on another branch',
      { ...watching, event_name: 'schedule', ref: 'refs/heads/main' },
      false,
    ],
  ])('a schedule may start one workflow and no other: %s', async (_, claims, ok) => {
    const answer = await ask(claims);
    expect(answer.ok).toBe(ok);
    if (answer.ok)
      expect(answer.identity).toMatchObject({ job: 'watch', workflow: '.github/workflows/watch.yml' });
  });

  test.each(Object.keys(good).filter((name) => name !== 'repository_owner_id'))(
    'without %s is refused',
    async (name) => {
      expect(await ask({ ...good, [name]: undefined })).toMatchObject({ ok: false });
    },
  );

  test.each<[string, How]>([
    ['for somebody else', { audience: 'https://github.com/acme' }],
    ['of another issuer', { issuer: 'https://token.actions.githubusercontent.com' }],
    ['that is over', { expires: NOW - 60 }],
    ['of another key', { foreign: true }],
  ])('%s is refused', async (_, how) => {
    const answer = await ask(good, how);
    expect(answer).toMatchObject({
      ok: false,
      reason: expect.stringContaining('the token was not accepted'),
    });
  });

  test.each<[string, How, string]>([
    ['600 s ago', { made: NOW - 600, expires: NOW - 300 }, "the app's clock is 60\\d s ahead of GitHub's"],
    ['in 600 s', { made: NOW + 600, expires: NOW + 900 }, "the app's clock is (600|59\\d) s behind GitHub's"],
  ])('made %s tells how far the clock is off, since a job’s token is fresh', async (_, how, sentence) => {
    const answer = await ask(good, how);
    expect(answer).toMatchObject({ ok: false, reason: expect.stringMatching(sentence) });
    // Who did not sign with GitHub's key is told nothing of clocks.
    expect(await ask(good, { ...how, foreign: true })).toMatchObject({
      reason: expect.not.stringContaining('clock'),
    });
  });
});
