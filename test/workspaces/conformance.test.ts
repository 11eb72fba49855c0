// The port of workspaces, held by every place that has one: what scripts can reach, how they end, what is known of it afterwards, and
// that nothing of them is left. Without bubblewrap nothing of it can be tried, and CI fails then.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Order, Ran, Watch, Workspaces } from '#adapters/workspace/port';
import { whyNoSandbox } from '../support/recorder.ts';
import { type Place, places } from './places.ts';
import { type Outside, type Story, stories } from './stories.ts';

const reason = whyNoSandbox();
const required = process.env['CI'] === 'true';
if (reason !== null && !required)
  process.stderr.write(`\nWORKSPACES NOT TRIED: bubblewrap cannot be used here (${reason}).\n\n`);

const SECRET = 'VIGIL_STORY_SECRET';
let [dir, servers]: [string, Server[]] = ['', []];
let outside: Outside;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'workspaces-test-'));
  const mark = String(randomBytes(6).readUIntBE(0, 6));
  const abstract = `vigil-story-${randomBytes(8).toString('hex')}`;
  const where = [0, join(dir, 'socket'), `\0${abstract}`];
  servers = await Promise.all(
    where.map(
      (at) =>
        new Promise<Server>((resolve) => {
          const server = createServer((socket) => socket.on('error', () => undefined).end());
          if (at === 0) server.listen(0, '127.0.0.1', () => resolve(server));
          else server.listen(at, () => resolve(server));
        }),
    ),
  );
  const address = servers[0]?.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  outside = { dir, secret: join(dir, 'key.pem'), port, socket: join(dir, 'socket'), abstract, mark };
  await writeFile(outside.secret, '-----BEGIN PRIVATE KEY-----\n');
  process.env[SECRET] = 'known to nobody';
});
afterAll(async () => {
  delete process.env[SECRET];
  for (const server of servers) server.close();
  await rm(dir, { recursive: true, force: true });
});

let number = 0;
function orderOf(script: string, timeoutSeconds = 30): Order {
  number += 1;
  const from = { incident: 'pd-story', commit: 'a'.repeat(40), path: 'remediations/pd-story/fix.sh' };
  return {
    name: `vigil-story-${number}`,
    script,
    nonce: randomBytes(16).toString('hex'),
    timeoutSeconds,
    from,
  };
}
/** Processes of this machine in whose command line or environment the text is. */
const processesWith = (text: string): string[] =>
  readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text);
    } catch {
      return false;
    }
  });

test('bubblewrap is there where it must be', () => {
  if (required) expect(reason).toBeNull();
});

describe.skipIf(reason !== null)('without walls', () => {
  test.each(stories.filter(({ kind }) => kind === 'probe'))(
    'a script that $title comes through',
    async ({ script }) => {
      const said = await new Promise<string>((resolve) =>
        execFile('bash', ['-c', script(outside)], (_, out) => resolve(out)),
      );
      expect(said).toContain('reached');
      await rm(join(dir, 'w'), { force: true });
    },
  );
});

describe.skipIf(reason !== null).each(places)('in a workspace of $name', (place: Place) => {
  let workspaces: Workspaces;
  const pause = (ms: number) => sleep(Math.min(ms, place.pauseMs));
  const watch: Watch = { now: Date.now, pause, tell: () => undefined };
  let close: () => Promise<void>;
  beforeAll(async () => {
    ({ workspaces, close } = await place.open(dir));
  });
  afterAll(() => close?.());

  /** Runs an order to its end and takes the workspace away. Nothing of it may be left. */
  async function ran(order: Order): Promise<Ran> {
    const outcome = await workspaces.run(order, watch);
    expect(await workspaces.end(order.name, watch)).toMatchObject({ dead: true, gone: true });
    expect([...processesWith(order.nonce), ...processesWith(outside.mark)]).toEqual([]);
    return outcome;
  }

  test('it is ready', async () => {
    expect(await workspaces.ready()).toEqual({ ok: true });
  });

  test.each(stories)(
    'a script that $title',
    async ({ title, script, seconds, ends: usually, says, silent }: Story) => {
      const unlike = place.unlike[title];
      if (unlike && 'tried' in unlike)
        return console.warn(`NOT TRIED in ${place.name}: what ${title}: ${unlike.because}`);
      const other = unlike;
      const outcome = await ran(orderOf(script(outside), seconds));
      const ends = other?.ends ?? usually;
      if (ends === 'not succeeded')
        expect(outcome.known && outcome.outcome === 'succeeded', outcome.output).toBe(false);
      else if (ends !== 'somehow') expect(outcome).toMatchObject({ known: true, ...ends });
      if (other) expect(outcome.output, other.because).toMatch(other.says);
      else {
        if (says) expect(outcome.output).toMatch(says);
        if (silent) expect(outcome.output).not.toMatch(silent);
      }
      expect(outcome.output.length).toBeLessThan(1_100_000);
      expect(existsSync(join(dir, 'w'))).toBe(false);
    },
  );

  test('a flood is told as one, in order and bounded', async () => {
    const { output } = await ran(orderOf('seq 1 50000'));
    const lines = output.split('\n').filter((line) => line !== '');
    expect(lines.slice(0, 1000)).toEqual(Array.from({ length: 1000 }, (_, at) => String(at + 1)));
  });

  test('a name is taken once: the same order is the same run, another order does not run', async () => {
    const order = orderOf('echo once; exit 5');
    const first = await workspaces.run(order, watch);
    expect({ ...(await workspaces.run(order, watch)), ms: 0 }).toEqual({ ...first, ms: 0 });
    const other = await workspaces.run({ ...order, script: 'echo other' }, watch);
    expect(other).toMatchObject({ known: true, outcome: 'refused', exit: null });
    expect(await workspaces.list()).toMatchObject({ ok: true, standing: [{ name: order.name }] });
    await workspaces.end(order.name, watch);
    expect(await workspaces.list()).toEqual({ ok: true, standing: [] });
  });

  test('two at once under one name: one runs', async () => {
    const order = orderOf('echo one; sleep 0.3');
    const other = { ...order, nonce: randomBytes(16).toString('hex') };
    const both = await Promise.all([workspaces.run(order, watch), workspaces.run(other, watch)]);
    // The other one is refused, or not known: it is the same script.
    expect(both.filter((one) => one.known && one.outcome === 'succeeded')).toHaveLength(1);
    expect(both.filter((one) => !one.known || one.outcome === 'refused')).toHaveLength(1);
    await workspaces.end(order.name, watch);
  });

  test('ending it ends the script, and its run is not known; ending again is harmless', async () => {
    const order = orderOf(`echo begun; sleep 300.${outside.mark}`);
    const run = workspaces.run(order, watch);
    while (processesWith(outside.mark).length === 0) await sleep(20);
    expect(await workspaces.end(order.name, watch)).toMatchObject({ dead: true, gone: true });
    expect(await run).toMatchObject({ known: false });
    expect(await workspaces.end(order.name, watch)).toMatchObject({ dead: true, gone: true });
    expect(processesWith(order.nonce)).toEqual([]);
  });
});
