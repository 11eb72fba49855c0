// The approval tree from a clone alone: what holds, what does not, and what git cannot show.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { KEY } from '../../test/support/incidents.ts';
import { mergedIncident } from '../../test/support/proposals.ts';
import { bareRepository, type Repository } from '../../test/support/repository.ts';
import { flagText, runbookOf } from '../../test/support/shop.ts';
import { vigil } from '../../test/support/vigil.ts';

const SETTINGS = `v: 1
workspace: { template: vigil-remediate, version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11 }
services:
  PSHOP01: { name: shop }
`;

let repository: Repository;
let cwd: string;
beforeAll(async () => {
  repository = bareRepository();
  cwd = mkdtempSync(join(tmpdir(), 'vigil-explain-'));
  repository.commit('main', { '.github/vigil.yml': SETTINGS, 'runbooks/test.md': flagText });
  const dir = join(repository.dir, 'app');
  const ledger = await openLedger({ dir, url: repository.origin, credentials: async () => null });
  const { records } = mergedIncident(runbookOf(flagText)).incident;
  const at = new Date('2026-11-03T03:00:00.000Z');
  const written = await ledger.append(KEY, () => ({ facts: records, actor: { kind: 'app' }, at }));
  if (!written.ok) throw new Error(written.reason);
});
afterAll(() => {
  rmSync(cwd, { recursive: true, force: true });
  repository.remove();
});

const explain = (...args: string[]) => vigil(cwd, ['explain', ...args, '--repository', repository.origin]);

it('prints every condition with its reason, and what it could not see', async () => {
  const { out, err, code } = await explain('Q1SHOP1');
  expect([err, code]).toEqual(['', 0]);
  const lines = out.split('\n').map((line) => line.trim());
  for (const line of [
    '✗ this installation allows it: auto.enabled: no',
    '✓ approved when the app looked: by @olga until 2026-11-03T07:00:00.000Z',
    '? reviews as they are now: they are on GitHub, not in git; ask with `/vigil explain`',
    '✓ merged: merged as bbbbbbb',
    '✗ same files: the folder holds nothing',
    '✗ not expired: approved until 2026-11-03T07:00:00.000Z',
    '✓ no hold: not held',
    '? red again: the job looks at the service right before the run',
    'not seen from git: a workspace can be had: the job asks Coder right before the run',
  ])
    expect(lines).toContain(line);
  expect(out).toContain('✗ same digest: vigil.yml changed since the approval: on main ');
});

it('says the same to programs', async () => {
  const { out, code } = await explain('12', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    incident: KEY,
    stage: 'SYNTHESIZING',
    attempt: 1,
    proposed: true,
    asked: null,
    tree: { name: 'may this remediation run', ok: false, children: [{ name: 'approval' }, { ok: false }] },
  });
});

it('says which incident, repository or argument is wrong', async () => {
  expect(await explain('pd-nobody')).toMatchObject({ code: 2, err: expect.stringContaining('pd-nobody') });
  expect(await vigil(cwd, ['explain'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('name one incident'),
  });
});
