// A workspace that its job left behind: the app sees it in the ledger, has it removed by the job that may, and hears so through the
// same door as from every job, by the job's own identity. Nobody does anything here by hand.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Fact } from '#core/ledger/facts';
import { latestOf } from '#core/ledger/replay';
import { followUntil } from '../../sandbox/follow.ts';
import { madeUpLedger } from '../../sandbox/made-up-ledger.ts';
import { shippedSettings } from '../../sandbox/shipped.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { root } from '../support/files.ts';
import { facts, KEY } from '../support/incidents.ts';

const NAME = `vigil-${KEY}-1`;
/** Its removal is the job's own for 800 s after the outcome; half a minute of them is left when this begins. */
const LOST_S = 770;
const types = [
  ...(['incident.opened', 'investigation.started', 'hypothesis.received', 'context.retrieved'] as const),
  ...(['synthesis.started', 'remediation.proposed', 'remediation.rehearsed', 'remediation.judged'] as const),
  ...(['pull.opened', 'remediation.approved', 'pull.merged', 'remediation.started'] as const),
  'remediation.lost' as const,
];

let world: World;
beforeAll(async () => {
  world = await startWorld({
    root,
    async history(now) {
      const at = new Date(now.getTime() - LOST_S * 1000);
      const ledger = await madeUpLedger('refs/heads/vigil/ledger', at);
      for (const type of types) await ledger.add(KEY, { type, data: facts[type] } as Fact, at);
      return ledger.take();
    },
  });
});
afterAll(async () => {
  await world?.close();
  expect(world?.github.violations ?? []).toEqual([]);
});

const standing = () => world.coder.workspaces().filter(({ status }) => status !== 'deleted');

test('is removed by the watch job that the app dispatches, and the ledger has it from that job', async () => {
  const { workspace } = shippedSettings(await readFile(join(root, '.github/vigil.yml'), 'utf8'), world.shop);
  const coder = coderWorkspaces({
    ...{ api: world.coder.api, token: world.secrets['coder'] ?? '', ttlMinutes: workspace.ttl_minutes },
    ...{ template: workspace.template, version: workspace.version },
  });
  const from = { incident: KEY, commit: 'a'.repeat(40), path: 'fix.sh' };
  const order = { name: NAME, script: 'true\n', nonce: '0'.repeat(32), timeoutSeconds: 20, from };
  await coder.run(order, { now: Date.now, pause: (ms) => pause(ms), tell: () => undefined });
  expect(standing()).toEqual([expect.objectContaining({ name: NAME })]);

  const told: string[] = [];
  const incident = await followUntil(world, {
    deadlineMs: 280_000,
    done: (seen) => latestOf(seen, 'workspace.deleted') !== null,
    onRecord: ({ type, data, actor }) => {
      if (type === 'workspace.left' || type === 'workspace.deleted')
        told.push(`${type} ${data.workspace} by ${actor.kind === 'job' ? `job ${actor.job}` : actor.kind}`);
    },
  });
  expect(incident?.stage).toBe('ESCALATED');
  expect(told).toEqual([`workspace.left ${NAME} by app`, `workspace.deleted ${NAME} by job watch`]);
  expect(standing()).toEqual([]);
});
