// The sandbox GitHub as a target: the files of ./repository are its first commit, and it lacks nothing.
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { startGitHub } from '../../sandbox/github/server.ts';
import { listen } from '../../sandbox/listen.ts';
import { appWith } from './app-keys.ts';
import type { Opened } from './target.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const APP = {
  id: 7,
  slug: 'vigil',
  privateKey,
  clientId: 'Iv1.conformance',
  clientSecret: 'known to the app',
  installationId: 42,
  events: ['issues', 'issue_comment'],
};
const BRANCHES = ['reviewed', 'checked', 'guarded', 'linear', 'lane'];

export async function openSandboxTarget(): Promise<Opened> {
  const dir = await mkdtemp(join(tmpdir(), 'conformance-'));
  const receiver = new Hono().post('/', (c) => c.text('heard'));
  const hook = await listen(receiver);
  const github = await startGitHub({
    ...{
      dir: join(dir, 'forge'),
      seed: join(import.meta.dirname, 'repository'),
      owner: 'acme',
      repo: 'rules',
    },
    ...{ app: APP, webhook: { secret: 'of no use' }, variables: {}, machine: {} },
    people: [
      { login: 'olga', token: 'ghp_olga', permission: 'write' },
      { login: 'otto', token: 'ghp_otto', permission: 'write' },
      { login: 'rita', token: 'ghp_rita', permission: 'read' },
    ],
    environments: {
      conformance: { secrets: { CONFORMANCE_SECRET: 'given to main' }, variables: {}, branches: ['main'] },
    },
  });
  // A rule that guards a branch forbids to make it, so these branches are there before anybody asks.
  for (const name of BRANCHES)
    await github.seedBranch(
      `conformance/${name}`,
      `reset refs/heads/conformance/${name}\nfrom refs/heads/main^0\n\n`,
    );
  github.setWebhookUrls([`${hook.url}/`]);
  return {
    ...{ where: 'the sandbox', api: github.api, web: github.web, owner: 'acme', repo: 'rules' },
    tokens: { writer: 'ghp_olga', second: 'ghp_otto', reader: 'ghp_rita' },
    app: appWith({ api: github.api, ...APP }),
    ...{ missing: [], patience: 20_000, pause: 0 },
    async close() {
      await github.close();
      if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
      await hook.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
