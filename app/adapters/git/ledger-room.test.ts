// A disk without room: it is seen before a fact is lost, nothing is said to be written, nobody else is held up, and it passes.
import { existsSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fact } from '../../../test/support/incidents.ts';
import { bareRepository, type Repository } from '../../../test/support/repository.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { openQueue } from './ledger-queue.ts';
import { openState } from './ledger-state.ts';
import { roomIn } from './room.ts';
import { openStore } from './store.ts';

let repository: Repository;
let ledger: Ledger | undefined;
beforeEach(() => {
  repository = bareRepository();
});
afterEach(() => {
  ledger?.close();
  repository.remove();
});
/** What is written there finds no room (https://man7.org/linux/man-pages/man4/full.4.html). */
const fill = (dir: string) => symlinkSync('/dev/full', join(dir, '.room'));
const empty = (dir: string) => rmSync(join(dir, '.room'), { force: true });

test.each([
  ['the ledger’s folder', 'data/ledger'],
  ['the data folder', 'data'],
])('is seen in %s, and seen to have room again', async (_, folder) => {
  const dir = join(repository.dir, 'data/ledger');
  ledger = await openLedger({ dir, url: repository.origin, credentials: async () => null });
  await ledger.lookForRoom();
  expect(ledger.health().full).toBeNull();
  // What is made to fail goes with the look, as a file on a full disk would.
  fill(join(repository.dir, folder));
  await ledger.lookForRoom();
  expect(ledger.health().full).toMatch(/ENOSPC/);
  empty(join(repository.dir, folder));
  await ledger.lookForRoom();
  expect(ledger.health().full).toBeNull();
  expect(existsSync(join(repository.dir, folder, '.room'))).toBe(false);
  const written = await ledger.append('pd-q1shop1', () => ({
    ...{ facts: [fact('incident.opened')], actor: { kind: 'app' }, at: new Date(0) },
  }));
  expect(written.ok).toBe(true);
});

test('a folder that is not there has no room', async () => {
  expect(await roomIn([join(repository.dir, 'nowhere')])).toMatch(/ENOENT/);
});

test('a write that finds none is told to whoever asked, and the next one is made', async () => {
  const store = await openStore({
    ...{ dir: join(repository.dir, 'store'), url: repository.origin, credentials: async () => null },
  });
  const queue = openQueue(
    store,
    openState(store, 'vigil/ledger', () => undefined),
    'vigil/ledger',
  );
  const full = async () => {
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  const fine = async () => ({ ok: false as const, reason: 'nothing to write', anyHead: true as const });
  await expect(queue.write(full)).rejects.toThrow('ENOSPC');
  expect(queue.health.failing).toMatchObject({ count: 1, reason: expect.stringContaining('ENOSPC') });
  expect(await queue.write(fine)).toMatchObject({ reason: 'nothing to write' });
  expect(repository.git('for-each-ref')).toBe('');
  store.close();
});
