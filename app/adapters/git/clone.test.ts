// How a token reaches git: in a header to the one server it is for, and nowhere else that could be read.
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { bareRepository, hook, type Repository } from '../../../test/support/repository.ts';
import { fetchBranch, openClone, pushHead } from './clone.ts';

const TOKEN = 'ghs_0123456789abcdefghijABCDEFGHIJ012345';
const basic = `Basic ${Buffer.from(`x-access-token:${TOKEN}`).toString('base64')}`;
let repository: Repository;
const servers: Server[] = [];
beforeEach(() => {
  repository = bareRepository();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  repository.remove();
});

const listen = async (answer: (request: IncomingMessage) => Record<string, string>) => {
  const server = createServer((request, response) => {
    const headers = answer(request);
    response.writeHead('location' in headers ? 302 : 404, headers).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};
const clone = (url: string, token: string | null = TOKEN) =>
  openClone({ dir: join(repository.dir, 'clone'), url, credentials: async () => token });

/** A git that writes down how it was called before it does what it is told. */
function watchedGit(): () => string {
  const log = join(repository.dir, 'argv');
  const bin = join(repository.dir, 'bin');
  const real = process.env['PATH'] ?? '';
  mkdirSync(bin);
  writeFileSync(
    join(bin, 'git'),
    `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nPATH='${real}' exec git "$@"\n`,
  );
  chmodSync(join(bin, 'git'), 0o755);
  vi.stubEnv('PATH', `${bin}:${real}`);
  return () => readFileSync(log, 'utf8');
}

function everyFile(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
    .join('\n');
}

describe('a token', () => {
  test('goes to the server as a header, and into no argument, file or error', async () => {
    const seen: (string | undefined)[] = [];
    const url = await listen((request) => {
      seen.push(request.headers.authorization);
      return {};
    });
    const argv = watchedGit();
    const opened = await clone(`${url}/acme/production.git`);
    const failed = await fetchBranch(opened, 'main').catch((error: unknown) => String(error));
    expect(seen[0]).toBe(basic);
    expect(argv()).toContain('fetch');
    for (const text of [argv(), everyFile(opened.dir), String(failed)]) {
      expect(text).not.toContain(TOKEN);
      expect(text).not.toContain(basic.slice(6));
    }
  });

  test('is asked for anew each time, since it lives an hour', async () => {
    const seen: (string | undefined)[] = [];
    const url = await listen((request) => {
      seen.push(request.headers.authorization);
      return {};
    });
    let turn = 0;
    const opened = await openClone({
      dir: join(repository.dir, 'clone'),
      url: `${url}/x.git`,
      credentials: async () => `token-${++turn}`,
    });
    await fetchBranch(opened, 'main').catch(() => undefined);
    await fetchBranch(opened, 'main').catch(() => undefined);
    const sent = seen.map((header) => Buffer.from(header?.slice(6) ?? '', 'base64').toString());
    expect(new Set(sent)).toEqual(new Set(['x-access-token:token-1', 'x-access-token:token-2']));
  });

  test('is not carried to where a server would like to send it', async () => {
    const elsewhere: (string | undefined)[] = [];
    const other = await listen((request) => {
      elsewhere.push(request.headers.authorization);
      return {};
    });
    const url = await listen((request) => ({ location: `${other}${request.url}` }));
    const opened = await clone(`${url}/acme/production.git`);
    await expect(fetchBranch(opened, 'main')).rejects.toThrow();
    expect(elsewhere).toEqual([]);
  });
});

describe('a clone', () => {
  test('has no remote in its config, and opening it again changes nothing', async () => {
    const opened = await clone(repository.origin, null);
    const config = readFileSync(join(opened.dir, '.git/config'), 'utf8');
    await clone(repository.origin, null);
    expect(readFileSync(join(opened.dir, '.git/config'), 'utf8')).toBe(config);
    expect(config).not.toMatch(/remote|url|header/i);
  });

  test('says of a branch nobody made that there is none, and of a remote that is gone why', async () => {
    const opened = await clone(repository.origin, null);
    expect(await fetchBranch(opened, 'main')).toBeNull();
    const sha = repository.commit('main', { 'README.md': 'x' });
    expect(await fetchBranch(opened, 'main')).toBe(sha);
    const lost = await clone(join(repository.dir, 'nowhere.git'), null);
    await expect(fetchBranch(lost, 'main')).rejects.toThrow(/does not (appear to be a git repository|exist)/);
  });

  test('pushes only forward: it loses to who was first, and is refused aloud by a rule', async () => {
    repository.commit('main', { 'README.md': 'x' });
    const opened = await clone(repository.origin, null);
    await fetchBranch(opened, 'main');
    const git = opened.local();
    await git.raw('reset', '--quiet', '--hard', 'refs/remotes/origin/main');
    await git.raw('commit', '--quiet', '--allow-empty', '-m', 'mine');
    const theirs = repository.commit('main', { 'README.md': 'y' });
    expect(await pushHead(opened, 'main')).toBe(false);
    expect(repository.git('rev-parse', 'main')).toBe(theirs);
    hook(repository, 'pre-receive', 'echo "GH013: repository rule violations" >&2; exit 1');
    await expect(pushHead(opened, 'other')).rejects.toThrow('GH013');
  });
});
