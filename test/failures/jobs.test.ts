// Jobs as their runner starts them, from their sources: what they say and how they end when something they need is missing, away or
// not what it should be. A job that nothing can be told by must be red, and must end.
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { root } from '../support/files.ts';
import { type GitSays, type GitSite, gitSite } from '../support/git-site.ts';
import { fact, untilVerifying } from '../support/incidents.ts';
import { bareRepository, type Repository } from '../support/repository.ts';

const KEY = 'pd-jobs01';
const ENDED = 'pd-jobs02';
const settings = readFileSync(join(root, '.github/vigil.yml'), 'utf8');
let repository: Repository;
let site: GitSite | undefined;
let temp = '';
beforeAll(async () => {
  repository = bareRepository();
  repository.commit('main', { '.github/vigil.yml': settings });
  repository.git('config', 'uploadpack.allowFilter', 'true');
  repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const ledger = await openLedger({
    ...{ dir: join(repository.dir, 'ledger'), url: repository.origin, credentials: async () => null },
  });
  await ledger.append(KEY, () => ({
    ...{ actor: { kind: 'app' }, at: new Date('2026-11-03T02:14:00Z') },
    facts: [fact('incident.opened', { key: KEY })],
  }));
  // One that is over, of which conclude has something to say.
  await ledger.append(ENDED, () => ({
    ...{ actor: { kind: 'app' }, at: new Date('2026-11-03T02:14:00Z') },
    facts: [fact('incident.opened', { key: ENDED }), ...untilVerifying.slice(1), fact('recovery.refuted')],
  }));
  ledger.close();
  temp = mkdtempSync(join(tmpdir(), 'jobs-test-'));
});
afterEach(async () => {
  await site?.close();
  site = undefined;
  repository.commit('main', { '.github/vigil.yml': settings });
});
afterAll(() => {
  repository.remove();
  rmSync(temp, { recursive: true, force: true });
});

const told = { incident: KEY, attempt: '1', token: 'ghs_job_token', 'pagerduty-api-key': 'pdk_job_key' };
type How = {
  says?: GitSays[];
  inputs?: Partial<typeof told>;
  /** Null: not set. */
  environment?: Record<string, string | null>;
  action?: string;
};
/** The end of a job: its code, its log, how long it took, and what git's server was asked. */
async function job({ says = [], inputs = {}, environment = {}, action = 'orient' }: How = {}) {
  site = await gitSite(repository.origin, says);
  const given = Object.entries({ ...told, ...inputs }).map(([name, value]) => [
    `INPUT_${name.toUpperCase()}`,
    value,
  ]);
  const home = mkdtempSync(join(temp, 'runner-'));
  const env = {
    ...{ PATH: process.env['PATH'], HOME: home, RUNNER_TEMP: home, GITHUB_ACTIONS: 'true' },
    ...{ GITHUB_REPOSITORY: 'acme/production', GITHUB_RUN_ID: '77', GITHUB_SERVER_URL: site.url },
    ...{ ACTIONS_ID_TOKEN_REQUEST_URL: `${site.url}/oidc?x=1`, ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'oidc' },
    ...Object.fromEntries(given),
    ...environment,
  };
  const began = Date.now();
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== null));
  return new Promise<{ code: number; said: string; ms: number; asked: number }>((resolve) => {
    const options = { env: set as Record<string, string>, cwd: home, timeout: 70_000 };
    execFile(process.execPath, [join(root, 'actions', action, 'index.ts')], options, (error, out, err) =>
      resolve({
        ...{ code: error ? Number(error.code ?? -1) : 0, said: `${out}${err}` },
        ...{ ms: Date.now() - began, asked: site?.asked() ?? 0 },
      }),
    );
  });
}
/** Red, with one sentence and no stack. */
const red = (ended: { code: number; said: string }, sentence: string | RegExp): void => {
  expect(ended.said).toMatch(sentence);
  expect(ended.said).toContain('::error::');
  expect(ended.said).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m);
  expect(ended.code).toBe(1);
};

test.each<[string, How, string]>([
  ['an attempt with a blank', { inputs: { attempt: ' 1' } }, 'there is no attempt " 1": it is a number'],
  ['an incident with a blank', { inputs: { incident: `${KEY} ` } }, `there is no incident "${KEY} "`],
  ['no number of its run', { environment: { GITHUB_RUN_ID: null } }, 'GITHUB_RUN_ID is not set'],
])('a job with %s does not begin', async (_, how, sentence) => {
  red(await job(how), sentence);
  expect(site?.asked()).toBe(0);
});

test('a job that may not prove who it is says which right is missing, before it does anything', async () => {
  const ended = await job({ environment: { ACTIONS_ID_TOKEN_REQUEST_TOKEN: null } });
  red(ended, 'must give it `permissions: id-token: write`');
});

test.each([
  ['orient', /^vigil:.*$/m, 'names no vigil.url: nobody could be told anything'],
  ['execute', /^vigil:.*$/m, 'names no vigil.url: nobody could be told anything'],
])('%s without the app’s address says so at its start', async (action, line, sentence) => {
  repository.commit('main', { '.github/vigil.yml': settings.replace(line, '') });
  red(await job({ action }), sentence);
});

test('a job without git names it, and what it needs', async () => {
  const ended = await job({ environment: { PATH: join(temp, 'nothing') } });
  red(ended, 'there is no git here: git 2.34 or newer must be on the PATH');
});

describe('the app', () => {
  /** Runs conclude against an app that answers everything but the request for a token with this. */
  async function concluded(status: number, body: object | string) {
    const app = createServer((request, response) => {
      const token = request.url?.startsWith('/token');
      const said = token ? { value: 'token' } : body;
      const type = typeof said === 'string' ? 'text/html' : 'application/json';
      response.writeHead(token ? 200 : status, { 'content-type': type, connection: 'close' });
      response.end(typeof said === 'string' ? said : JSON.stringify(said));
    });
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
    repository.commit('main', {
      '.github/vigil.yml': settings.replace(/^vigil:.*$/m, `vigil: { url: '${url}' }`),
    });
    const environment = { ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?x=1` };
    const ended = await job({ action: 'conclude', inputs: { incident: ENDED }, environment });
    await new Promise((resolve) => app.close(resolve));
    return { ...ended, url };
  }

  test('that has judged and stood down leaves the job green, with why', async () => {
    const ended = await concluded(409, { error: 'attempt 1 is over' });
    expect(ended.said).toContain('::warning::the app did not take incident.learned: attempt 1 is over');
    expect(ended.code).toBe(0);
  });

  test.each<[number, object | string]>([
    [401, { error: 'the token was not accepted' }],
    [403, '<html>Forbidden</html>'],
    [404, { error: 'not found' }],
    [413, '<html>Too large</html>'],
    [422, { message: 'no' }],
    [302, ''],
  ])(
    'whose address says %i has judged nothing: the job is red and names the setting',
    async (status, body) => {
      const ended = await concluded(status, body);
      red(ended, `could not tell the app incident.learned: ${new URL(ended.url).host} answered ${status}`);
      expect(ended.said).toContain(`(vigil.url in .github/vigil.yml is ${ended.url})`);
    },
  );
});

describe('git’s server', () => {
  test.each<[string, GitSays[], least: number]>([
    ['403 with Retry-After', [{ status: 403, headers: { 'retry-after': '2' } }], 2000],
    ['429 twice', [1, 2].map(() => ({ status: 429, headers: { 'retry-after': '1' } })), 2000],
    ['503 three times', [1, 2, 3].map(() => ({ status: 503 })), 1500],
  ])('that says %s at the first fetch is asked again, and the job goes on', async (_, says, least) => {
    // A step that is not due needs all that a job begins with, and nothing else.
    const ended = await job({ says, action: 'verify' });
    expect(ended.said).toContain('::notice::verify has nothing to do: nothing to do in TRIGGERED');
    expect(ended.code).toBe(0);
    expect(ended.ms).toBeGreaterThanOrEqual(least);
  });

  test.each([
    [401, 'the token was refused; it must be one that is still valid, and a job needs `contents: read`'],
    [403, 'the token may not do this'],
    [404, 'there is no such repository, or the token may not see it'],
  ])('that says %i ends the job at once, with the cure', async (status, sentence) => {
    const headers = status === 401 ? { 'www-authenticate': 'Basic realm="GitHub"' } : {};
    const ended = await job({ says: Array.from({ length: 9 }, () => ({ status, headers })) });
    red(ended, `answered ${status} to git: ${sentence}`);
    expect(ended.asked).toBeLessThanOrEqual(2);
    expect(ended.said).not.toContain('could not read Username for');
  });

  test('that never answers is left after half a minute, with every process of it, and the job ends', async () => {
    const ended = await job({ says: Array.from({ length: 9 }, () => 'silence' as const) });
    red(ended, 'said nothing for 30 s');
    expect(ended.ms).toBeLessThan(60_000);
    const left = readdirSync('/proc').filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(site?.url ?? 'nowhere');
      } catch {
        return false;
      }
    });
    expect(left).toEqual([]);
  }, 80_000);
});
