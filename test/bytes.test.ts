// Whatever byte of the proposal's folder, the runbook, the template version, the policy or vigil.yml changes, at whatever
// moment, and whoever pushed it: bytes that nobody else approved never run. Every rule in it is the product's own.
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Bench,
  type Bound,
  bench,
  type Chain,
  type Files,
  type Moment,
  moments,
  play,
} from './support/chain.ts';
import { bareRepository, type Repository } from './support/repository.ts';

let git: Repository;
let on: Bench;
beforeAll(async () => {
  git = bareRepository();
  on = await bench(git);
});
afterAll(async () => {
  await on.close();
  git.remove();
});

const parts = [
  'fix.sh',
  'undo.sh',
  'verify.yml',
  'remediation.yml',
  'a new file',
  'nothing',
  'back to Vigil’s',
  'fix.sh on main',
  'undo.sh on main',
  'runbook',
  'template',
  'policy',
  'vigil.yml',
  'time',
] as const;
type Change = { part: (typeof parts)[number]; at: number; byte: string; by: string; told: boolean };

/** One byte put into a text somewhere; at its end when `at` is negative. */
function spoil(text: string, { at, byte }: Change): string {
  const place = at < 0 ? text.length : at % (text.length + 1);
  return `${text.slice(0, place)}${byte}${text.slice(place)}`;
}

async function make(change: Change, chain: Chain): Promise<void> {
  const { part } = change;
  const push = (edit: (files: Files) => Files) => chain.push(change.by, edit, change.told);
  const file = part.replace(' on main', '');
  const edited = (files: Files): Files =>
    file in files ? { ...files, [file]: spoil(files[file] ?? '', change) } : files;
  if (part === 'nothing') await push((files) => files);
  else if (part === 'back to Vigil’s') await chain.back(change.by, change.told);
  else if (part === 'a new file') await push((files) => ({ ...files, 'more.sh': change.byte }));
  else if (part.endsWith('on main'))
    chain.onMain((main) => ({ ...main, folder: { ...edited(main.folder) } }));
  else if (part === 'runbook') chain.onMain((main) => ({ ...main, runbook: spoil(main.runbook, change) }));
  else if (part === 'vigil.yml')
    chain.onMain((main) => ({ ...main, settings: spoil(main.settings, change) }));
  else if (part === 'template')
    chain.onMain((main) => ({ ...main, template: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b12' }));
  else if (part === 'policy') chain.restart(`policy-${change.byte}`);
  else if (part === 'time') chain.wait(1 + (Math.abs(change.at) % 8));
  else await push(edited);
}

/** Whether somebody who did not push these very bytes approved all of them, within the time an approval holds. */
function approved(chain: Chain, { what, bound, at }: Chain['ran'][number]): boolean {
  // The undo is part of what was started: it is not bound to the hour, nor to the runbook on main of which it no longer asks.
  const form = ({ files, runbook, ...rest }: Bound): string =>
    JSON.stringify([Object.entries(files).sort(), rest, what === 'undo' ? '' : runbook]);
  return chain.seen.some(
    (review) =>
      form(review.bound) === form(bound) &&
      !review.pushedBy.includes(review.by) &&
      (what === 'undo' || at - review.at < 4 * 3_600_000),
  );
}

const byte = fc.constantFrom(' ', '\n', '#', 'x', ';', '\u00e9');
const change = fc.record({
  part: fc.constantFrom(...parts),
  at: fc.nat(4000),
  byte,
  by: fc.constantFrom('otto', 'olga'),
  told: fc.boolean(),
});
const scheduled = fc.array(fc.tuple(fc.constantFrom(...moments), change), { minLength: 1, maxLength: 3 });

async function playWith(
  plan: readonly (readonly [Moment, Change])[],
  people: { again: boolean; reviewer: string },
): Promise<Chain> {
  const at = async (moment: Moment, chain: Chain): Promise<void> => {
    for (const [when, what] of plan) if (when === moment) await make(what, chain);
  };
  return play(on, at, people);
}

const expectApproved = (chain: Chain): void => {
  // The undo runs right after the fix, whose approval it shares; only its bytes and what binds them are asked for.
  for (const what of chain.ran)
    expect(approved(chain, what.what === 'undo' ? { ...what, at: 0 } : what), what.what).toBe(true);
};

describe('a remediation', () => {
  test('that nobody touches runs, and its undo after it', async () => {
    const chain = await playWith([], { again: false, reviewer: 'olga' });
    expect(chain.ran.map(({ what }) => what)).toEqual(['fix', 'undo']);
    expectApproved(chain);
  });

  const every = moments.flatMap((moment) => parts.map((part) => [moment, part] as const));
  test.each(every)('changed %s in %s runs only as somebody else approved it', async (moment, part) => {
    for (const again of [false, true]) {
      const what = { part, at: 77, byte: '#', by: 'otto', told: true };
      expectApproved(await playWith([[moment, what]], { again, reviewer: 'olga' }));
    }
  });

  test('changed after its review waits for another one, and runs when it gets it', async () => {
    const names: Change['part'][] = ['fix.sh', 'template', 'policy', 'vigil.yml', 'runbook'];
    for (const part of names) {
      const what = { part, at: -1, byte: '#', by: 'otto', told: true };
      const once = await playWith([['after the review', what]], { again: false, reviewer: 'olga' });
      expect(once.ran, part).toEqual([]);
      const twice = await playWith([['after the review', what]], { again: true, reviewer: 'olga' });
      expect([part, twice.ran.length > 0, twice.seen.length]).toEqual([part, true, 2]);
    }
  });

  test('is not approved by whoever pushed it, nor by anybody while nobody knows who did', async () => {
    for (const told of [true, false]) {
      const what: Change = { part: 'fix.sh', at: -1, byte: '#', by: 'olga', told };
      const own = await playWith([['before the review', what]], { again: true, reviewer: 'olga' });
      expect(own.ran).toEqual([]);
      const other = await playWith([['before the review', what]], { again: true, reviewer: 'otto' });
      expect(other.ran.length > 0).toBe(told);
    }
  });

  test('is everybody’s to approve once Vigil’s own bytes are there, whoever pushed them and whether it was told', async () => {
    for (const told of [true, false]) {
      const push = (part: Change['part']): Change => ({ part, at: -1, byte: '#', by: 'olga', told });
      const people = { again: true, reviewer: 'olga' };
      for (const parts of [
        ['nothing'],
        ['fix.sh', 'back to Vigil’s'],
        ['fix.sh', 'nothing', 'back to Vigil’s'],
      ] as const) {
        const chain = await playWith(
          parts.map((part) => ['before the review', push(part)] as const),
          people,
        );
        expect([parts, chain.ran.length > 0]).toEqual([parts, true]);
        expectApproved(chain);
      }
      const kept = await playWith([['after the review', push('nothing')]], {
        again: false,
        reviewer: 'olga',
      });
      expect([kept.ran.length > 0, kept.seen.length]).toEqual([true, 1]);
      const theirs = [push('fix.sh'), { ...push('nothing'), by: 'otto' }].map(
        (one) => ['before the review', one] as const,
      );
      expect((await playWith(theirs, people)).ran).toEqual([]);
      // Vigil did not look in between, so that either of the two may have written what is there.
      expect((await playWith(theirs, { again: true, reviewer: 'otto' })).ran).toEqual([]);
    }
  });

  test('changed anywhere, at any moments, by anybody, runs only as somebody else approved it', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(
        scheduled,
        fc.boolean(),
        fc.constantFrom('olga', 'otto'),
        async (plan, again, reviewer) => {
          const chain = await playWith(plan, { again, reviewer });
          runs += chain.ran.length;
          expectApproved(chain);
        },
      ),
      { numRuns: 60 },
    );
    expect(runs).toBeGreaterThan(5);
  });
});
