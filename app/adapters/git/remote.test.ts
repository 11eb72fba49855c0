// What git is told by the other side, and what is made of it: waited for, told with a cure, or never repeated.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bareRepository, type Repository } from '../../../test/support/repository.ts';
import { gitEnvironment } from './clone.ts';
import { askRemote, readRemote } from './remote.ts';

type Said = { status: number; headers?: Record<string, string> } | 'cut' | 'silence' | 'page';
let repository: Repository;
let server: Server;
let commit = '';
let asked = 0;
let url = '';
beforeEach(() => {
  repository = bareRepository();
  commit = repository.commit('main', { 'README.md': 'x' });
  asked = 0;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  repository.remove();
});

/** A server of the repository that says these first. */
async function serve(says: Said[]): Promise<void> {
  server = createServer((request, response) => {
    if (!request.url?.includes('/info/refs')) return void response.writeHead(404).end();
    const said = says[asked++];
    if (said === 'silence') return;
    if (said === 'cut') return void request.socket.destroy();
    if (said === 'page')
      return void response.setHeader('content-type', 'text/html').end('<html>Sign in</html>');
    if (said) return void response.writeHead(said.status, said.headers).end();
    response.setHeader('content-type', 'application/x-git-upload-pack-advertisement');
    const refs = execFileSync('git', ['upload-pack', '--http-backend-info-refs', repository.origin]);
    response.end(Buffer.concat([Buffer.from('001e# service=git-upload-pack\n0000'), refs]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/acme/production.git`;
}
const at = (patienceMs: number) => ({ url, credentials: async () => 'ghs_token', patienceMs });
const options = () => ({ dir: repository.dir, env: gitEnvironment() });
const look = (patienceMs: number, more: { silenceMs?: number; signal?: AbortSignal } = {}) =>
  readRemote(['-c', 'http.followRedirects=false', 'ls-remote', url, 'refs/heads/main'], at(patienceMs), {
    ...options(),
    ...more,
  });

test.each<[string, Said[], least: number]>([
  ['503', [{ status: 503 }], 0],
  ['502 twice', [{ status: 502 }, { status: 502 }], 0],
  ['a connection that is cut', ['cut'], 0],
  ['a login page', ['page'], 0],
  ['429, which names a time', [{ status: 429, headers: { 'retry-after': '2' } }], 2000],
  ['403, which names a time', [{ status: 403, headers: { 'Retry-After': '2' } }], 2000],
  [
    '503, which names a day and an hour',
    [{ status: 503, headers: { 'retry-after': new Date(Date.now() + 1000).toUTCString() } }],
    0,
  ],
])('a read is repeated after %s', async (_, says, least) => {
  await serve(says);
  const began = Date.now();
  expect(await look(30_000)).toContain(commit);
  expect(asked).toBe(says.length + 1);
  expect(Date.now() - began).toBeGreaterThanOrEqual(least);
});

test.each<[number, Record<string, string>, string]>([
  [401, { 'www-authenticate': 'Basic realm="GitHub"' }, 'the token was refused'],
  [403, {}, 'the token may not do this'],
  [404, {}, 'there is no such repository, or the token may not see it'],
  [302, { location: 'http://127.0.0.1:9/elsewhere' }, 'it sends git elsewhere, which is not followed'],
  [307, { location: 'http://127.0.0.1:9/elsewhere' }, 'it sends git elsewhere, which is not followed'],
])('%i is told with its cure, and not asked again', async (status, headers, cure) => {
  await serve([{ status, headers }]);
  await expect(look(30_000)).rejects.toThrow(`${new URL(url).host} answered ${status} to git: ${cure}`);
  // git itself comes back once with a 401 when it has been given something to prove itself with.
  expect(asked).toBeLessThanOrEqual(2);
});

test('a wait that is longer than the patience is not begun', async () => {
  await serve([{ status: 429, headers: { 'retry-after': '60' } }]);
  await expect(look(5000)).rejects.toThrow('The requested URL returned error: 429');
  expect(asked).toBe(1);
});

test('who has no patience hears the first refusal, as HTTP would say it', async () => {
  await serve([{ status: 503 }]);
  await expect(look(0)).rejects.toMatchObject({ status: 503, silent: false });
  expect(asked).toBe(1);
});

test('a server that never answers is waited for once, and no process of it is left', async () => {
  await serve(['silence', 'silence']);
  await expect(look(30_000, { silenceMs: 300 })).rejects.toMatchObject({ silent: true, status: 500 });
  expect([asked, processes(url)]).toEqual([1, []]);
});

test('who no longer waits ends both the waiting and the git that is at work', async () => {
  await serve([{ status: 503, headers: { 'retry-after': '30' } }, 'silence']);
  const ended = new AbortController();
  const waiting = look(60_000, { signal: ended.signal });
  const held = expect(waiting).rejects.toThrow();
  await expect.poll(() => asked).toBe(1);
  ended.abort();
  await held;
  expect(processes(url)).toEqual([]);
});

test('a push is never repeated', async () => {
  await serve([{ status: 503 }]);
  execFileSync('git', ['clone', '--quiet', repository.origin, join(repository.dir, 'clone')]);
  const bound = { ...options(), dir: join(repository.dir, 'clone') };
  await expect(askRemote(['push', url, 'HEAD:refs/heads/main'], at(30_000), bound)).rejects.toMatchObject({
    status: 503,
  });
  expect(asked).toBe(1);
});

/** The processes that were given this address. */
function processes(address: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return [];
      }
    })
    .filter((command) => command.includes(address) && command.includes('git'));
}
