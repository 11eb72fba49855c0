// State as the fold of records: random legal histories, forged records, and what an incident remembers and forgets.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { history } from '../../../test/support/histories.ts';
import {
  fact,
  facts,
  incidentOf,
  recordsOf,
  untilProposed,
  untilSynthesizing,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import type { Fact } from './facts.ts';
import { hashRecord, type LedgerRecord, recordFile } from './record.ts';
import { latestOf, replay } from './replay.ts';

const positions = fc.tuple(history, fc.nat(), fc.nat());

describe('a ledger', () => {
  test('of any legal history replays to the state that folding gave', () => {
    fc.assert(
      fc.property(history, (records) => {
        const replayed = replay(records);
        expect(replayed.ok && replayed.incident?.seq).toBe(records.length);
        expect(replayed.ok && replayed.incident?.head).toBe(hashRecord(records.at(-1) as LedgerRecord));
      }),
      { numRuns: 100 },
    );
  });

  test('with nothing in it is an incident that does not exist', () => {
    expect(replay([])).toEqual({ ok: true, incident: null });
  });

  test('from which a record was taken names the first record that no longer fits', () => {
    fc.assert(
      fc.property(positions, ([records, where]) => {
        const gone = where % records.length;
        const rest = records.toSpliced(gone, 1);
        const after = records[gone + 1];
        const replayed = replay(rest);
        // A cut tail cannot be seen from inside; the head quoted on the issue shows it.
        if (!after) expect(replayed.ok).toBe(true);
        else expect(replayed).toMatchObject({ ok: false, seq: after.seq, file: recordFile(after) });
      }),
      { numRuns: 100 },
    );
  });

  test('in which two records changed places names the one that is out of order', () => {
    fc.assert(
      fc.property(positions, ([records, one, other]) => {
        const [a, b] = [one % records.length, other % records.length].sort((x, y) => x - y) as [
          number,
          number,
        ];
        fc.pre(a !== b);
        const swapped = [...records];
        [swapped[a], swapped[b]] = [records[b] as LedgerRecord, records[a] as LedgerRecord];
        expect(replay(swapped)).toMatchObject({
          ok: false,
          file: recordFile(records[b] as LedgerRecord),
          reason: `expected record ${a + 1}, found ${b + 1}`,
        });
      }),
      { numRuns: 100 },
    );
  });

  test('in which any record was edited names the record after it, by file', () => {
    fc.assert(
      fc.property(positions, ([records, where]) => {
        fc.pre(records.length > 1);
        const edited = where % (records.length - 1);
        const forged = records.map((record, index) =>
          index === edited ? { ...record, at: '2026-11-03T03:00:00.001Z' } : record,
        );
        expect(replay(forged)).toEqual({
          ok: false,
          seq: edited + 2,
          file: recordFile(records[edited + 1] as LedgerRecord),
          reason: 'its link to the record before does not match',
        });
      }),
      { numRuns: 100 },
    );
  });

  test('names the record itself when its number, attempt or kind was edited', () => {
    const records = recordsOf(untilSynthesizing);
    const forge = (index: number, change: object) =>
      replay(
        records.map((record, at) => (at === index ? ({ ...record, ...change } as LedgerRecord) : record)),
      );
    expect(forge(3, { seq: 9 })).toMatchObject({ file: '0009-evidence.gathered.json', ok: false });
    expect(forge(3, { attempt: 2 })).toMatchObject({
      file: '0004-evidence.gathered.json',
      reason: 'expected attempt 1, found 2',
    });
    expect(forge(3, { ...fact('remediation.started') })).toMatchObject({
      file: '0004-remediation.started.json',
      reason: 'remediation.started cannot happen in INVESTIGATING',
    });
  });
});

describe('an incident', () => {
  test('remembers when it reached each stage', () => {
    const incident = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
    expect(incident.history.map(({ stage, at: when }) => `${when.slice(14, 19)} ${stage}`)).toEqual([
      '00:00 TRIGGERED',
      '00:02 INVESTIGATING',
      '00:04 HYPOTHESIS_RECEIVED',
      '00:05 CONTEXT_RETRIEVED',
      '00:06 SYNTHESIZING',
      '00:13 EXECUTING',
      '00:14 VERIFYING',
      '00:15 RESOLVED',
    ]);
  });

  test('that comes back starts afresh: a new attempt, the old proposal forgotten, its issue and its records kept', () => {
    const healed = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
    const back = withFacts(healed, [fact('incident.reopened')]);
    expect([back.stage, back.attempt]).toEqual(['INVESTIGATING', 2]);
    expect(latestOf(back, 'remediation.approved')).toBeNull();
    expect(latestOf(back, 'remediation.started')).toBeNull();
    expect(back.issue).toEqual(facts['issue.opened']);
    expect(back.records.length).toBe(healed.records.length + 1);
  });

  test('forgets everything said of a proposal that was withdrawn', () => {
    const incident = incidentOf([
      ...untilProposed,
      fact('remediation.judged'),
      fact('pull.opened'),
      fact('remediation.approved'),
      fact('remediation.withdrawn'),
    ]);
    expect(incident.stage).toBe('SYNTHESIZING');
    expect(latestOf(incident, 'remediation.approved')).toBeNull();
  });

  test('forgets an approval when something else is proposed', () => {
    const incident = incidentOf([
      ...untilProposed,
      fact('remediation.judged'),
      fact('pull.opened'),
      fact('remediation.approved'),
      fact('remediation.proposed', { by: 'person' }),
    ]);
    expect(latestOf(incident, 'remediation.approved')).toBeNull();
    expect(latestOf(incident, 'remediation.judged')).toBeNull();
    expect(latestOf(incident, 'remediation.rehearsed')).toBeNull();
  });

  test('knows who has claimed an effect, how it ended, and forgets a failure that may be tried again', () => {
    const open = incidentOf([fact('incident.opened'), fact('effect.claimed')]);
    const state = (...list: Fact[]) => withFacts(open, list).effects.get('issue.open#1');
    expect(state()).toMatchObject({ status: 'claimed', owner: 'r1@b1', until: '2026-11-03T03:01:00.000Z' });
    expect(state(fact('effect.done'))).toMatchObject({ status: 'done', owner: 'r1@b1', result: '#12' });
    expect(state(fact('effect.failed'))).toBeUndefined();
    expect(state(fact('effect.failed', { final: true }))).toMatchObject({
      status: 'failed',
      result: 'GitHub answered 502',
    });
  });
});
