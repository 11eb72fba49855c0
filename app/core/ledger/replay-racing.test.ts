// Writers that race for a place in the ledger: one wins each, the others are refused, and nothing is lost.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { at, legal } from '../../../test/support/histories.ts';
import { fact, recordsOf, untilProposed } from '../../../test/support/incidents.ts';
import type { Actor, LedgerRecord } from './record.ts';
import { fold, type Incident, nextRecord, replay } from './replay.ts';

describe('writers that race', () => {
  // Each writer looks at the ledger at some moment and later tries to append what would follow then.
  const writers = fc.array(fc.record({ looks: fc.nat(), pick: fc.nat(), text: fc.string() }), {
    minLength: 2,
    maxLength: 12,
  });

  test('in any order give one winner a place in the ledger, and the ledger replays', () => {
    fc.assert(
      fc.property(writers, fc.array(fc.nat(), { maxLength: 30 }), (crowd, order) => {
        const opened = recordsOf(untilProposed);
        const states = opened.map((_, index) => stateOf(opened.slice(0, index + 1)));
        const log = [...opened];
        let now = stateOf(log);
        const proposals = crowd.map(({ looks, pick, text }, index) => {
          const seen = states[looks % states.length] as Incident;
          const by: Actor = { kind: 'job', job: 'execute', run: index, attempt: 1 };
          return nextRecord(seen, legal(seen, pick, text), at, by);
        });
        const turns = [...order.map((turn) => turn % proposals.length), ...proposals.keys()];
        const landed: LedgerRecord[] = [];
        for (const turn of turns) {
          const record = proposals[turn] as LedgerRecord;
          const folded = fold(now, record);
          if (!folded.ok) {
            expect(folded.reason).toMatch(/^expected record|^its link/);
            continue;
          }
          now = folded.incident;
          log.push(record);
          landed.push(record);
        }
        expect(new Set(log.map((record) => record.seq)).size).toBe(log.length);
        expect(landed.length).toBe(proposals.some((record) => record.seq === opened.length + 1) ? 1 : 0);
        expect(replay(log).ok).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('and try again on the newest state all land, each exactly once', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 4 }), { minLength: 1, maxLength: 30 }), (turns) => {
        const log = recordsOf(untilProposed);
        const start = log.length;
        let now = stateOf(log);
        const seen = new Map<number, Incident>();
        const left = new Map([0, 1, 2, 3, 4].map((writer) => [writer, 3]));
        for (const writer of [...turns, ...Array.from({ length: 60 }, (_, turn) => turn % 5)]) {
          if (left.get(writer) === 0) continue;
          const state = seen.get(writer) ?? now;
          const by: Actor = { kind: 'person', login: `writer-${writer}` };
          const joined = fact('alert.joined', { event: `${writer}-${left.get(writer)}` });
          const folded = fold(now, nextRecord(state, joined, at, by));
          if (folded.ok) {
            now = folded.incident;
            log.push(now.records.at(-1) as LedgerRecord);
            left.set(writer, (left.get(writer) ?? 0) - 1);
          }
          // Everybody but the winner keeps an old view and must lose once.
          seen.set(writer, now);
        }
        const events = log.slice(start).map((record) => record.type === 'alert.joined' && record.data.event);
        expect(events.length).toBe(15);
        expect(new Set(events).size).toBe(15);
        expect(replay(log).ok).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});

function stateOf(records: readonly LedgerRecord[]): Incident {
  const replayed = replay(records);
  if (!replayed.ok || !replayed.incident) throw new Error('the log does not replay');
  return replayed.incident;
}
