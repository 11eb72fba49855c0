// One client of the benchmark of swarms, in a process of its own: starts its browser, says `ready`, walks when told, prints what came of
// it and waits until it may end. It must never measure itself: whoever started it reads the times of its processes.
import { createInterface } from 'node:readline';
import { Cluster } from 'puppeteer-cluster';
import puppeteer from 'puppeteer-core';
import { startLightpanda } from '#adapters/browser/lightpanda';
import { runSwarm } from '#adapters/browser/swarm/swarm';
import { orderOf, walkByPuppeteer } from './swarm-journey.ts';

export type Walked = { took: number[]; failed: string[] };
const [who = '', url = '', sessions = '', lightpanda = '', chromium = ''] = process.argv.slice(2);
const lines = createInterface(process.stdin)[Symbol.asyncIterator]();
const started = lightpanda === '' ? null : await startLightpanda(lightpanda);
if (started !== null && !started.ok) throw new Error(started.reason);
const endpoint = started?.lightpanda.endpoint ?? '';

const walk = who.startsWith('cluster') ? await byCluster() : byVigil();
await walk(4);
process.stdout.write('ready\n');
await lines.next();
process.stdout.write(`${JSON.stringify(await walk(Number(sessions)))}\n`);
await lines.next();
await started?.lightpanda.close();
process.exit(0); // with a Chromium of puppeteer's own

async function byCluster() {
  const onLightpanda = who === 'cluster-lightpanda';
  // One browser a worker is a connection of its own, which is what a Lightpanda needs.
  const connecting = {
    launch: () => puppeteer.connect({ browserWSEndpoint: endpoint, defaultViewport: null }),
  };
  const cluster = await Cluster.launch({
    concurrency: onLightpanda ? Cluster.CONCURRENCY_BROWSER : Cluster.CONCURRENCY_CONTEXT,
    maxConcurrency: onLightpanda ? 16 : 4,
    timeout: 60_000,
    puppeteer: onLightpanda ? connecting : puppeteer,
    puppeteerOptions: { executablePath: chromium, args: ['--no-sandbox', '--disable-dev-shm-usage'] },
  });
  return async (count: number): Promise<Walked> => {
    const [took, failed]: [number[], string[]] = [[], []];
    await cluster.task(async ({ page }) => {
      const begun = performance.now();
      await walkByPuppeteer(page, url).then(
        () => took.push(performance.now() - begun),
        (error) => failed.push(String(error).slice(0, 200)),
      );
    });
    for (let session = 0; session < count; session += 1) await cluster.queue(undefined);
    await cluster.idle();
    return { took, failed };
  };
}

function byVigil() {
  const client = who === 'vigil-lean' ? 'lean' : 'full';
  // Without a witness the figures are those of the client; with one, Chromium's are among them.
  const browser = { lightpandaEndpoint: endpoint, chromiumPath: who === 'vigil-witnessed' ? chromium : null };
  return async (count: number): Promise<Walked> => {
    const order = orderOf(url, { sessions: count, at_once: who === 'vigil-4' ? 4 : 16, client });
    const { walked, errors } = await runSwarm(order, { browser });
    const passed = walked.filter(({ outcome }) => outcome === 'pass');
    return { took: passed.map(({ ms }) => ms), failed: errors.map(({ example }) => example) };
  };
}
