// Reading the ledger in a clone that holds only what was asked for: whatever it has not seen yet must never be in its way.
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import type { Fact } from '#core/ledger/facts';
import { fact } from '../../../test/support/incidents.ts';
import { type Ledger, openLedger } from './ledger.ts';
import { lookAtLedger } from './ledger-look.ts';
import { openStore, type Store } from './store.ts';

let dir = '';
let ledger: Ledger;
let reader: Store;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'look-test-'));
  const url = join(dir, 'origin.git');
  execFileSync('git', ['init', '--quiet', '--bare', url]);
  for (const name of ['allowFilter', 'allowAnySHA1InWant'])
    execFileSync('git', ['-C', url, 'config', `uploadpack.${name}`, 'true']);
  const credentials = async () => null;
  ledger = await openLedger({ dir: join(dir, 'app'), url, credentials });
  reader = await openStore({ dir: join(dir, 'reader'), url, credentials });
});
afterEach(async () => {
  ledger.close();
  reader.close();
  await rm(dir, { recursive: true, force: true });
});

async function write(id: string, ...facts: Fact[]): Promise<void> {
  const key = `pd-${id.toLowerCase()}`;
  const opened = fact('incident.opened', { key, pagerduty: { id, number: 7, url: null } });
  const all = ledger.get(key) ? facts : [opened, ...facts];
  const at = new Date('2026-11-03T02:14:00Z');
  const written = await ledger.append(key, () => ({ facts: all, actor: { kind: 'app' }, at }));
  if (!written.ok) throw new Error(written.reason);
}

const ids = Array.from({ length: 12 }, (_, index) => `Q${index}SHOP1`);

it('goes on when incidents that it never looked at lie beside the one that is new', async () => {
  for (const id of ids) await write(id);
  // Only the commit is here: not one folder was read.
  await reader.fetch(LEDGER_BRANCH);
  for (const id of ids.slice(0, 4)) {
    await write(id, fact('issue.opened'));
    const look = await lookAtLedger(reader, LEDGER_BRANCH);
    const loaded = await look?.load(`pd-${id.toLowerCase()}`);
    expect(loaded?.ok && loaded.incident.issue?.number).toBe(12);
  }
});

it('goes on when several facts came in between, and when it looks at one incident only', async () => {
  for (const id of ids) await write(id);
  const first = await lookAtLedger(reader, LEDGER_BRANCH);
  expect((await first?.load('pd-q0shop1'))?.ok).toBe(true);
  for (const id of ids.slice(6)) await write(id, fact('issue.opened'), fact('investigation.started'));
  const look = await lookAtLedger(reader, LEDGER_BRANCH);
  expect(Object.keys(look?.index.open ?? {})).toHaveLength(ids.length);
  for (const id of ids) expect((await look?.load(`pd-${id.toLowerCase()}`))?.ok).toBe(true);
});
