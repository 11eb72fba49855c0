// One world with the app as a process of its own behind the gate: heals one incident after the other, with the app killed at one
// write of each, started again as the same replica, and left to find its way. It must never help the app along.
import { join } from 'node:path';
import { type AppProcess, freePort, startApp } from '../../sandbox/app-process.ts';
import { TITLE } from '../support/endings.ts';
import { root } from '../support/files.ts';
import { playRemediate, playRespond } from '../support/quick-jobs.ts';
import { type Alert, outside, review, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickWorld } from '../support/quick-world.ts';
import { type Gate, openGate, type Plan } from './gate.ts';

/** What must be the same, however often the app died: what the ledger says happened, and what everybody sees. */
export type EndState = { facts: string[]; seen: object };
export type Healed = { end: EndState; writes: readonly string[]; killedAt: string | null };
export type Lane = { heal(plan: Plan | null): Promise<Healed>; log: string; close(): Promise<void> };

export async function openLane(): Promise<Lane> {
  const world = await startQuickWorld();
  const gate = await openGate({
    github: new URL(world.github.web).origin,
    pagerduty: world.pagerduty.api,
    slack: new URL(world.slack.api).origin,
  });
  const port = await freePort();
  const log = join(world.dir, 'app.log');
  const environment = {
    ...world.environment('replica-1', port, gate.urls),
    NODE_COMPILE_CACHE: join(world.dir, 'compiled'),
  };
  const begin = (): Promise<AppProcess> => startApp(root, log, port, environment);
  let app = await begin();
  world.connect(app.url);
  return {
    log,
    async heal(plan) {
      let restarted: Promise<unknown> = Promise.resolve();
      let killedAt: string | null = null;
      gate.watch(plan, async () => {
        killedAt = gate.writes()[plan?.at ?? -1] ?? null;
        await app.kill('SIGKILL');
        restarted = begin().then((again) => {
          app = again;
        });
      });
      const alert = await ring(world, TITLE);
      await playRespond(world, alert.key);
      await review(world, alert.key, 'APPROVE');
      await playRemediate(world, alert.key);
      await settled(world, alert.key);
      // The last write may be the one at which it dies: what is left of it must find its end too.
      await restarted;
      const end = await endState(world, gate, alert);
      return { end, writes: gate.writes(), killedAt };
    },
    async close() {
      await app.kill('SIGKILL');
      await gate.close();
      await world.close();
    },
  };
}

async function endState(world: QuickWorld, gate: Gate, alert: Alert): Promise<EndState> {
  const incident = await settled(world, alert.key);
  const { writes: _, ...seen } = await outside(world, alert);
  const facts = incident.records.filter(({ type }) => !type.startsWith('effect.'));
  const own = [...new URL(gate.urls.github).host.matchAll(/.+/g)].map(String);
  return {
    // Whether the app or the run itself said first that it had begun is a matter of chance.
    facts: facts.map(({ type, actor }) =>
      type === 'investigation.started' ? type : `${type} ${actor.kind === 'job' ? actor.job : actor.kind}`,
    ),
    seen: JSON.parse(alike(JSON.stringify(seen), [alert.key, alert.id, ...own])) as object,
  };
}

/** Without what differs from one incident to the next: names, numbers, hashes, times. */
function alike(text: string, names: readonly string[]): string {
  const plain = names.reduce((rest, name) => rest.replaceAll(name, 'NAME'), text);
  return plain
    .replace(/[0-9a-f]{40,}/g, 'HASH')
    .replace(/(block_id[\\":]+)[\w-]+/g, '$1ID') // Slack names blocks as it likes
    .replace(/shop-\d+/g, 'shop')
    .replace(/\d+(\.\d+)?/g, '0');
}
