// The committed bundles, started as GitHub's runner starts them: from a tree without node_modules, with inputs in the
// environment, against the sandbox's GitHub. A step that is not due ends green and says why; a missing input ends it red.
import { execFile, execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { load } from 'js-yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { createFiles, readPairs } from '../sandbox/github/actions/files.ts';
import { type GitHub, startGitHub } from '../sandbox/github/server.ts';
import { productRepository, seedInstallation } from '../sandbox/seed.ts';
import { root } from './support/files.ts';
import { fact } from './support/incidents.ts';

const actions = readdirSync(join(root, 'actions')).filter((name) =>
  existsSync(join(root, 'actions', name, 'action.yml')),
);
/** Where the action's code lies, from the folder of all actions. */
const mainOf = (name: string): string => {
  const { runs } = load(readFileSync(join(root, 'actions', name, 'action.yml'), 'utf8')) as {
    runs: { main: string };
  };
  return join(name, runs.main);
};
/** All but ingest and watch are steps of an incident. */
const steps = actions.filter((name) => name !== 'ingest' && name !== 'watch');
const KEY = 'pd-bundle1';
const READER = { login: 'robin', token: 'ghp_bundle_reader_token_0123456789' };
let dir = '';
let github: GitHub;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bundles-test-'));
  // Nobody calls the shop here: the steps stop before they would look at it.
  const { pin } = await productRepository(root, dir);
  await seedInstallation(root, join(dir, 'tree'), {
    ...{ pin, appId: 1, defaultBranch: 'main' },
    environment: { VIGIL_URL: 'http://127.0.0.1:9', CODER_API_URL: 'http://127.0.0.1:9' },
    shop: { url: 'http://127.0.0.1:9', admin: 'http://127.0.0.1:9' },
  });
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  github = await startGitHub({
    dir: join(dir, 'github'),
    seed: join(dir, 'tree'),
    owner: 'acme',
    repo: 'production',
    app: { id: 1, slug: 'vigil', privateKey, clientId: 'Iv1.test', installationId: 2 },
    webhook: { secret: 'whs_bundles_test_0123456789' },
    people: [{ ...READER, permission: 'read' }],
    environments: {},
    variables: {},
    machine: {},
  });
  const ledger = await openLedger({
    dir: join(dir, 'ledger'),
    url: github.bareRepository,
    credentials: async () => null,
  });
  const opened = await ledger.append(KEY, () => ({
    actor: { kind: 'app' },
    at: new Date('2026-11-03T02:14:00Z'),
    facts: [fact('incident.opened', { key: KEY })],
  }));
  if (!opened.ok) throw new Error(opened.reason);
});
afterAll(async () => {
  await github?.close();
  await rm(dir, { recursive: true, force: true });
});

type Ended = { code: number; said: string; outputs: Record<string, string> };

/** Runs a bundle with the environment of a job and nothing of ours. Waits for its end. */
async function start(
  action: string,
  inputs: Record<string, string>,
  state: Record<string, string> = {},
): Promise<Ended> {
  const temp = await mkdtemp(join(dir, 'runner-'));
  const files = await createFiles(temp);
  const home = join(temp, 'home');
  await mkdir(home);
  const given = Object.entries(inputs).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value]);
  const env = {
    ...{ PATH: process.env['PATH'], HOME: home, CI: 'true', GITHUB_ACTIONS: 'true' },
    ...{
      GITHUB_REPOSITORY: 'acme/production',
      GITHUB_RUN_ID: '77',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_JOB: action,
    },
    ...{ GITHUB_SERVER_URL: new URL(github.web).origin, GITHUB_API_URL: github.api, RUNNER_TEMP: temp },
    ...files,
    ...Object.fromEntries(given),
    ...Object.fromEntries(Object.entries(state).map(([name, value]) => [`STATE_${name}`, value])),
  };
  const bundle = join(dir, 'product-seed/actions', mainOf(action));
  const ended = await new Promise<{ code: number; said: string }>((resolve) => {
    const options = { env, cwd: temp, timeout: 60_000 };
    execFile(process.execPath, [bundle], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, said: `${stdout}${stderr}` }),
    );
  });
  const outputs: Record<string, string> = {};
  await readPairs(files.GITHUB_OUTPUT, (name, value) => {
    outputs[name] = value;
  });
  return { ...ended, outputs };
}

describe('a bundle', () => {
  it('is committed for every action, and for nothing else', async () => {
    const tracked = execFileSync('git', ['ls-files', '--', 'actions/*/dist/index.js'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(tracked.trim().split('\n').sort()).toEqual(
      [...new Set(actions.map((name) => `actions/${mainOf(name)}`))].sort(),
    );
    for (const main of new Set(actions.map(mainOf))) {
      const folder = join(root, 'actions', dirname(main));
      expect(await readFile(join(folder, 'package.json'), 'utf8')).toContain('module');
      expect((await readFile(join(folder, 'licenses.txt'), 'utf8')).length).toBeGreaterThan(100);
    }
  });

  it.each(steps)('of %s ends green when its step is not due, and says why', async (name) => {
    const { code, said, outputs } = await start(name, {
      incident: KEY,
      // Of the first attempt orient's step is due from the start; of one that never was, nobody's is.
      attempt: name === 'orient' ? '2' : '1',
      token: READER.token,
    });
    expect(said).toMatch(new RegExp(`^::notice::${name} has nothing to do: \\S`, 'm'));
    expect(said).toContain(`::add-mask::${READER.token}`);
    // Those before measure say also then whether it has something to do.
    const told = { decide: { measures: 'false' }, execute: { measures: 'false', shards: '[]' } }[name] ?? {};
    expect(outputs).toEqual({ due: 'false', ...told });
    expect(code).toBe(0);
  });

  it.each(steps)('of %s ends red without an incident or a token, and names what is missing', async (name) => {
    const [noIncident, noToken] = await Promise.all([
      start(name, { attempt: '1', token: READER.token }),
      start(name, { incident: KEY, attempt: '1' }),
    ]);
    expect(noIncident.said).toContain('::error::');
    expect(noIncident.said).toContain('Input required and not supplied: incident');
    expect(noIncident).toMatchObject({ code: 1, outputs: {} });
    expect(noToken.said).toContain('Input required and not supplied: token');
    expect(noToken).toMatchObject({ code: 1, outputs: {} });
  });

  it('ends red for an incident the ledger does not have, and for a token that may not read it', async () => {
    const [unknown, stranger] = await Promise.all([
      start('conclude', { incident: 'pd-nosuch1', attempt: '1', token: READER.token }),
      start('conclude', { incident: KEY, attempt: '1', token: 'ghp_somebody_elses_token_012345' }),
    ]);
    expect(unknown.said).toContain('the ledger has no incident pd-nosuch1');
    expect(unknown.code).toBe(1);
    expect(stranger.said).toContain('::error::');
    expect(stranger).toMatchObject({ code: 1, outputs: {} });
  });

  it('of ingest says that there is nothing to mirror where vigil.yml names no memory, and needs a token to ask', async () => {
    const [none, noToken] = await Promise.all([
      start('ingest', { token: READER.token, 'sanity-token': 'sk-of-nobody-0123456789' }),
      start('ingest', {}),
    ]);
    expect(none.said).toContain(
      '::notice::vigil.yml on main names no Sanity project, so there is nothing to mirror',
    );
    expect(none).toMatchObject({ code: 0, outputs: { written: '0' } });
    expect(noToken.said).toContain('Input required and not supplied: token');
    expect(noToken).toMatchObject({ code: 1, outputs: {} });
  });

  it.each(['execute', 'undo'])(
    'of %s is its own post step, which leaves alone what it cannot prove',
    async (name) => {
      const nothing = await start(name, {}, { phase: 'post' });
      expect(nothing).toMatchObject({ code: 0, outputs: {} });
      expect(nothing.said).not.toMatch(/::(error|warning|notice)::/);
      const unseen = await start(name, {}, { phase: 'post', workspace: 'vigil-pd-bundle1-1' });
      expect(unseen.said).toContain(
        '::warning::workspace vigil-pd-bundle1-1 is kept: nobody has seen its script end',
      );
      expect(unseen.code).toBe(0);
    },
  );
});
