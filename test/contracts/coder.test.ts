// Holds the table of Coder's shapes to answers that a live server of 2.36 gave: one recording of each kind, the start script's
// text shortened. A fault here means that the table, not the recording, is wrong.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerFaults } from '#adapters/workspace/coder/shape-faults';

type Recording = { situation: string; method: string; path: string; status: number; body: unknown };
const recordings: Recording[] = readFileSync(new URL('coder-recorded.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const faultsOf = ({ method, path, status, body }: Recording, more = true) =>
  answerFaults({ method, path }, { status, body }, { more });

describe('the table of shapes', () => {
  it.each(recordings)('agrees with: $situation', (recording) => {
    expect(faultsOf(recording)).toEqual([]);
  });

  const created = recordings.find(({ situation }) => situation === 'created') as Recording;
  const changed = (change: (build: Record<string, unknown>) => void) => {
    const body = structuredClone(created.body) as { latest_build: Record<string, unknown> };
    change(body.latest_build);
    return { ...created, body };
  };
  it.each([
    ['a field that is missing', (build: Record<string, unknown>) => delete build['reason']],
    [
      'an empty text where the vendor leaves the field out',
      (build: Record<string, unknown>) => Object.assign(build['job'] as object, { error: '' }),
    ],
    [
      'null where the vendor leaves the field out',
      (build: Record<string, unknown>) => Object.assign(build['job'] as object, { completed_at: null }),
    ],
    ['a status of its own', (build: Record<string, unknown>) => (build['status'] = 'done')],
    ['a time without a zone', (build: Record<string, unknown>) => (build['created_at'] = '2026-11-29')],
    ['null for a list', (build: Record<string, unknown>) => (build['resources'] = null)],
  ])('names %s', (_, change) => {
    expect(faultsOf(changed(change))).toHaveLength(1);
  });

  it('lets fields through that it does not have only where it is told to', () => {
    const more = changed((build) => (build['made_up'] = 1));
    expect(faultsOf(more)).toEqual([]);
    expect(faultsOf(more, false)).toEqual([
      'POST /users/{user}/workspaces.latest_build.made_up is not in the table',
    ]);
  });

  it('does not know calls that nobody looked at, nor another status', () => {
    expect(faultsOf({ ...created, path: '/users' })).toEqual(['POST /users is not in the table']);
    expect(faultsOf({ ...created, status: 200 })).toEqual([
      'POST /users/{user}/workspaces: 200 instead of 201',
    ]);
  });
});
