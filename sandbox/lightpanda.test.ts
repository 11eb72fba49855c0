import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eyesOf } from './lightpanda.ts';
import { type Listening, listen } from './listen.ts';

let folder = '';
let program = '';
let running: Listening;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vigil-lightpanda-'));
  program = join(folder, 'lightpanda');
  await writeFile(program, '#!/bin/sh\ntest "$1" = version && echo 1.0.2\n');
  await chmod(program, 0o755);
  running = await listen(new Hono().get('/json/version', (c) => c.json({ 'Lightpanda-Version': '1.0.2' })));
});
afterAll(async () => {
  await Promise.all([running.close(), rm(folder, { recursive: true })]);
});

it('says who looks, and gives the jobs what an operator would set', async () => {
  const path = { LIGHTPANDA_PATH: program };
  const endpoint = { LIGHTPANDA_WS_ENDPOINT: running.url.replace('http', 'ws') };
  const first = 'Lightpanda 1.0.2 looks first, Chromium beside it.';
  expect(await eyesOf('both', path)).toEqual({ given: path, line: first });
  expect(await eyesOf('both', endpoint)).toEqual({ given: endpoint, line: first });
  expect(await eyesOf('both', null)).toEqual({
    given: {},
    line: 'Chromium looks alone: neither LIGHTPANDA_PATH nor LIGHTPANDA_WS_ENDPOINT is set.',
  });
  expect(await eyesOf('chromium', path)).toEqual({ given: {}, line: 'Chromium looks alone, as asked for.' });
  expect(await eyesOf('lightpanda', path)).toEqual({
    given: { ...path, CHROMIUM_PATH: 'none' },
    alone: true,
    line: 'Lightpanda 1.0.2 looks alone, as asked for. It enforces no content policy, and the shop has one, so that it can prove none of these stories: in each, people take over. Chromium can prove all of them.',
  });
});

it('is never silent about one that is not there', async () => {
  const silent = (name: string) => ({ reason: `Lightpanda does not answer: look at ${name}, or unset it` });
  expect(await eyesOf('both', { LIGHTPANDA_PATH: join(folder, 'none') })).toEqual(silent('LIGHTPANDA_PATH'));
  const dead = await listen(new Hono());
  await dead.close();
  const endpoint = { LIGHTPANDA_WS_ENDPOINT: dead.url.replace('http', 'ws') };
  expect(await eyesOf('both', endpoint)).toEqual(silent('LIGHTPANDA_WS_ENDPOINT'));
  expect(await eyesOf('lightpanda', null)).toEqual({
    reason: 'there is no Lightpanda: set LIGHTPANDA_PATH or LIGHTPANDA_WS_ENDPOINT',
  });
});
