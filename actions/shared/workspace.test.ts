// What a job makes sure of before it runs anything: its own start on the ledger, and no script of before that may be at work.
import { expect, test } from 'vitest';
import type { Ended } from '#adapters/workspace/port';
import type { Fact } from '#core/ledger/facts';
import { fact, incidentOf, untilMerged, untilVerifying } from '../../test/support/incidents.ts';
import { claimed, clearStrays, conclude } from './workspace.ts';

const mine = { id: 7, url: 'https://github.com/acme/production/actions/runs/7' };
const other = { id: 8, url: 'https://github.com/acme/production/actions/runs/8' };
const start = (run: typeof mine) => fact('remediation.started', { run });
const rings = [fact('incident.reopened'), fact('investigation.started'), ...untilMerged.slice(3)];
const step = (facts: readonly Fact[], run = mine) => ({
  run,
  ledger: { newest: async () => incidentOf(facts) },
});

test.each<[what: string, facts: readonly Fact[], kind: 'remediation.started' | 'undo.started', ok: boolean]>([
  ['its own start', [...untilMerged, start(mine)], 'remediation.started', true],
  ['no start at all', untilMerged, 'remediation.started', false],
  ['the start of another run', [...untilMerged, start(other)], 'remediation.started', false],
  [
    'its own start, of an attempt that is over',
    [...untilMerged, start(mine), fact('remediation.lost'), ...rings],
    'remediation.started',
    false,
  ],
  [
    'the fix’s start in place of the undo’s',
    [...untilVerifying, fact('recovery.refuted')],
    'undo.started',
    false,
  ],
  [
    'its own undo',
    [...untilVerifying, fact('recovery.refuted'), fact('undo.started', { run: mine })],
    'undo.started',
    true,
  ],
  [
    'another run’s undo',
    [...untilVerifying, fact('recovery.refuted'), fact('undo.started', { run: other })],
    'undo.started',
    false,
  ],
])('whether a job may run when the ledger has %s', async (_, facts, kind, ok) => {
  const asked = claimed(step(facts), kind);
  if (ok) await expect(asked).resolves.toBeUndefined();
  else
    await expect(asked).rejects.toThrow(
      'the ledger does not have the start that the app is said to have taken',
    );
});

/** A place where these workspaces stand, and go when they are ended; `stays` says what is known of one that does not. */
function placeWith(names: string[], stays: Partial<Ended> = {}) {
  const live = new Set(names);
  const end = async (name: string): Promise<Ended> => {
    if (stays.reason === undefined) live.delete(name);
    return { dead: true, gone: true, reason: '', ...stays };
  };
  return { live, place: { end } };
}
const told = (facts: readonly Fact[]) => {
  const posted: Fact[] = [];
  return {
    posted,
    ledger: { newest: async () => incidentOf(facts) },
    redact: String,
    post: async (list: readonly Fact[]) => {
      posted.push(...list);
      return { ok: true as const };
    },
  };
};
const lost = [...untilMerged, start(other), fact('remediation.lost'), ...rings];

test('a script of an earlier attempt is ended with its workspace before another runs, and that is said', async () => {
  const { live, place } = placeWith(['vigil-pd-q1shop1-1']);
  const job = told(lost);
  expect(await clearStrays(job, place)).toBeNull();
  expect([job.posted, [...live]]).toEqual([
    [{ type: 'workspace.deleted', data: { workspace: 'vigil-pd-q1shop1-1' } }],
    [],
  ]);
});

test('one whose workspace went by itself is confirmed, and one that is known is left alone', async () => {
  const { place } = placeWith([]);
  const job = told(lost);
  expect(await clearStrays(job, place)).toBeNull();
  expect(job.posted).toHaveLength(1);
  const known = told([...untilVerifying, fact('recovery.refuted'), ...rings]);
  expect(await clearStrays(known, place)).toBeNull();
  expect(known.posted).toEqual([]);
});

test('an outcome that the app does not take keeps its workspace, and the job is red', async () => {
  const { live, place } = placeWith(['vigil-pd-q1shop1-1']);
  const refused = async () => {
    throw new Error('the app did not take the outcome remediation.finished: attempt 1 is over');
  };
  const outcome = fact('remediation.finished');
  await expect(
    conclude({ post: refused, redact: String }, place, 'vigil-pd-q1shop1-1', outcome),
  ).rejects.toThrow('attempt 1 is over; vigil-pd-q1shop1-1 is kept');
  expect([...live]).toEqual(['vigil-pd-q1shop1-1']);
});

test('a workspace that stays is waited for only as long as its script may be at work', async () => {
  const names = ['vigil-pd-q1shop1-1'];
  const job = told(lost);
  const stopped = placeWith(names, { gone: false, reason: 'the delete failed' });
  expect([await clearStrays(job, stopped.place), job.posted]).toEqual([null, []]);
  const alive = placeWith(names, { dead: false, gone: false, reason: 'Coder answered 503' });
  expect(await clearStrays(job, alive.place)).toBe(
    'the workspace vigil-pd-q1shop1-1 could not be removed (its script may still be at work): Coder answered 503',
  );
});

test('a workspace of this name that is somebody else’s is left alone', async () => {
  const { live, place } = placeWith(['vigil-pd-q1shop1-1']);
  const job = told(untilMerged);
  await conclude(job, place, 'vigil-pd-q1shop1-1', fact('remediation.finished'), false);
  expect([job.posted.map(({ type }) => type), [...live]]).toEqual([
    ['remediation.finished'],
    ['vigil-pd-q1shop1-1'],
  ]);
});
