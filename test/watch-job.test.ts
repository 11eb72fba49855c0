// The job that removes left workspaces as its runner starts it, from its source: a real ledger in git, the stand-in for Coder, and an
// app that only writes down what it is told.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { type Coder, startCoder } from '../sandbox/coder/server.ts';
import { root } from './support/files.ts';
import { type GitSite, gitSite } from './support/git-site.ts';
import { fact, untilMerged } from './support/incidents.ts';
import { bareRepository, type Repository } from './support/repository.ts';

const LOST = 'pd-watch01';
const RUNS = 'pd-watch02';
const workspace = (key: string): string => `vigil-${key}-1`;
const template = {
  ...{ name: 'vigil-remediate', id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01' },
  versionId: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02',
};
let temp = '';
let repository: Repository;
let site: GitSite;
let coder: Coder;
let app: Server;
let told: unknown[] = [];
const settings = readFileSync(join(root, '.github/vigil.yml'), 'utf8');

beforeAll(async () => {
  temp = mkdtempSync(join(tmpdir(), 'watch-job-test-'));
  app = createServer(async (request, response) => {
    const body = await text(request);
    const asksToken = request.url?.startsWith('/token');
    if (!asksToken) told.push(JSON.parse(body));
    response.writeHead(asksToken ? 200 : 202, { 'content-type': 'application/json', connection: 'close' });
    const { incident } = asksToken ? { incident: '' } : JSON.parse(body);
    const word = { incident, seq: 9, head: 'h', stage: 'ESCALATED' };
    response.end(JSON.stringify(asksToken ? { value: 'token' } : word));
  });
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  coder = await startCoder({
    dir: join(temp, 'coder'),
    token: 'coder-token',
    organization: 'default',
    template,
  });
  repository = bareRepository();
  repository.git('config', 'uploadpack.allowFilter', 'true');
  repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const ledger = await openLedger({
    ...{ dir: join(repository.dir, 'ledger'), url: repository.origin, credentials: async () => null },
  });
  const at = new Date(Date.now() - 3_600_000);
  for (const key of [LOST, RUNS]) {
    const started = fact('remediation.started', { workspace: workspace(key) });
    const lost = key === LOST ? [fact('remediation.lost', { workspace: workspace(key) })] : [];
    const facts = [fact('incident.opened', { key }), ...untilMerged.slice(1), started, ...lost];
    const written = await ledger.append(key, () => ({ actor: { kind: 'app' }, at, facts }));
    expect(written).toMatchObject({ ok: true });
  }
  ledger.close();
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const named = settings
    .replace(/^vigil:.*$/m, `vigil: { url: '${appUrl}' }`)
    .replace(/^coder:.*$/m, `coder: { url: '${coder.api}', organization: default }`);
  repository.commit('main', { '.github/vigil.yml': named });
  site = await gitSite(repository.origin);
});
beforeEach(() => {
  told = [];
});
afterAll(async () => {
  await site?.close();
  await coder?.close();
  await new Promise((resolve) => app.close(resolve));
  repository.remove();
  rmSync(temp, { recursive: true, force: true });
});

async function make(name: string): Promise<void> {
  const answer = await fetch(`${coder.api}/api/v2/users/me/workspaces`, {
    method: 'POST',
    headers: { 'coder-session-token': 'coder-token' },
    body: JSON.stringify({
      ...{ name, template_version_id: template.versionId, ttl_ms: 3_600_000 },
      rich_parameter_values: Object.entries({
        ...{ incident_id: 'x', commit_sha: 'a'.repeat(40), script_path: 'x', script_sha256: 'b'.repeat(64) },
        ...{ script_gz_b64: 'eA==', nonce: 'c'.repeat(32), timeout_seconds: '10' },
      }).map(([key, value]) => ({ name: key, value })),
    }),
  });
  expect([answer.status, await answer.text()]).toEqual([201, expect.any(String)]);
}

type How = { dryRun?: string; more?: Record<string, string> };
async function watch({ dryRun = '', more = {} }: How = {}) {
  const home = mkdtempSync(join(temp, 'runner-'));
  const summary = join(home, 'summary');
  writeFileSync(summary, '');
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const env = {
    ...{ PATH: process.env['PATH'], HOME: home, RUNNER_TEMP: home, GITHUB_ACTIONS: 'true' },
    ...{ GITHUB_REPOSITORY: 'acme/production', GITHUB_RUN_ID: '77', GITHUB_SERVER_URL: site.url },
    ACTIONS_ID_TOKEN_REQUEST_URL: `${appUrl}/token?x=1`,
    ...{ ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc', GITHUB_STEP_SUMMARY: summary, INPUT_TOKEN: 'ghs_job_token' },
    ...{ 'INPUT_CODER-API-TOKEN': 'coder-token', 'INPUT_DRY-RUN': dryRun, ...more },
  };
  return new Promise<{ code: number; said: string; summary: string }>((resolve) => {
    const options = { env: env as Record<string, string>, cwd: home, timeout: 60_000 };
    execFile(process.execPath, [join(root, 'actions/watch/index.ts')], options, (error, out, err) =>
      resolve({
        ...{ code: error ? Number(error.code ?? -1) : 0, said: `${out}${err}` },
        summary: readFileSync(summary, 'utf8'),
      }),
    );
  });
}
const standing = (): string[] =>
  coder
    .workspaces()
    .filter(({ status }) => status !== 'deleted')
    .map(({ name }) => name)
    .sort();

test('a dry run says what it would end, and then it ends it, tells the app and leaves the others', async () => {
  for (const name of [workspace(LOST), workspace(RUNS), 'olgas-desk']) await make(name);
  const dry = await watch({ dryRun: 'true' });
  expect(dry.said).toContain(`${workspace(LOST)}: would end: its script is over or lost`);
  expect([dry.code, standing()]).toEqual([0, ['olgas-desk', workspace(LOST), workspace(RUNS)]]);
  expect(told).toEqual([]);

  const done = await watch();
  expect([done.said, done.code]).toEqual([expect.stringContaining(`${workspace(LOST)}: ended: `), 0]);
  expect(standing()).toEqual(['olgas-desk', workspace(RUNS)]);
  expect(told).toEqual([
    expect.objectContaining({
      incident: LOST,
      attempt: 1,
      facts: [{ type: 'workspace.deleted', data: { workspace: workspace(LOST) } }],
    }),
  ]);
  expect(done.summary).toContain(`| \`${workspace(RUNS)}\` | stays | its script is at work |`);
  expect(done.summary).toContain(
    '| `olgas-desk` | stays | its name is not one that Vigil gives to the workspace of an incident |',
  );
  expect(done.said).toContain('::add-mask::coder-token');
}, 60_000);

test.each<[string, Record<string, string>, string]>([
  ['no token of Coder', { 'INPUT_CODER-API-TOKEN': '' }, 'Input required and not supplied: coder-api-token'],
  [
    'a token that Coder does not take',
    { 'INPUT_CODER-API-TOKEN': 'another' },
    'the workspaces could not be listed: ',
  ],
  [
    'no right to prove who it is',
    { ACTIONS_ID_TOKEN_REQUEST_TOKEN: '' },
    'must give it `permissions: id-token: write`',
  ],
])('with %s it is red and ends nothing', async (_, more, sentence) => {
  const before = standing();
  const ended = await watch({ more });
  expect(ended.said).toContain('::error::');
  expect([ended.said, ended.code]).toEqual([expect.stringContaining(sentence), 1]);
  expect([standing(), told]).toEqual([before, []]);
});
