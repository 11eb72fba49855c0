import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Listening, listen } from '../listen.ts';

let server: Listening;
let dir: string;
beforeAll(async () => {
  const app = new Hono();
  app.post('/echo', async (c) =>
    c.text(`${c.req.header('content-type')} ${c.req.header('x-why')} ${await c.req.text()}`),
  );
  app.get('/gone', (c) => c.text('nothing here', 404));
  app.get('/slow', () => new Promise<Response>(() => undefined));
  server = await listen(app);
  dir = await mkdtemp(join(tmpdir(), 'vigil-curl-'));
});
afterAll(async () => {
  await server.close();
  await rm(dir, { recursive: true, force: true });
});

const curl = (...args: string[]) =>
  new Promise<{ code: unknown; out: string; err: string }>((resolve) => {
    const program = fileURLToPath(new URL('image/curl', import.meta.url));
    execFile(process.execPath, [program, ...args], (error, out, err) =>
      resolve({ code: error?.code ?? 0, out, err }),
    );
  });

it('says that it is not curl', async () => {
  expect((await curl('--version')).out).toContain('stand-in');
});

it('sends what it is told and shows the answer', async () => {
  const told = await curl(
    '-fsS',
    '-X',
    'POST',
    '-H',
    'X-Why: demo',
    '-d',
    'a=1',
    '--data',
    'b=2',
    '-m5',
    `${server.url}/echo`,
  );
  expect(told).toEqual({ code: 0, out: 'application/x-www-form-urlencoded demo a=1&b=2', err: '' });
});

it('writes to a file', async () => {
  const file = join(dir, 'answer');
  expect(await curl('-s', '-o', file, `${server.url}/gone`)).toEqual({ code: 0, out: '', err: '' });
  expect(await readFile(file, 'utf8')).toBe('nothing here');
});

it("fails with curl's own exit codes", async () => {
  expect(await curl('-fsS', `${server.url}/gone`)).toEqual({
    code: 22,
    out: '',
    err: 'curl: (22) The requested URL returned error: 404\n',
  });
  expect(await curl('-fs', `${server.url}/gone`)).toEqual({ code: 22, out: '', err: '' });
  expect((await curl('--max-time', '0.2', `${server.url}/slow`)).code).toBe(28);
  expect((await curl('http://127.0.0.1:1/')).code).toBe(7);
  expect((await curl('--compressed', server.url)).code).toBe(2);
  expect((await curl()).code).toBe(2);
});
