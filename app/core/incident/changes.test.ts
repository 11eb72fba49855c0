// What counts as a change that was made to a target, as an organisation means it that wants to leave targets alone for a while.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  KEY,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { changesIn } from './changes.ts';

const URL = 'https://admin.shop.example/cache/purge';
const targets = (facts: readonly Fact[]) => changesIn([incidentOf(facts)]).map(({ target }) => target);

describe('a change', () => {
  test('is what a script began to do, with its target, its service and when', () => {
    expect(changesIn([incidentOf(untilVerifying)])).toEqual([
      { incident: KEY, service: 'shop', target: URL, at: '2026-11-03T03:00:13.000Z' },
    ]);
  });
  test('is none before it runs', () => expect(targets(untilMerged)).toEqual([]));
  test('is none where no workspace came to be', () => {
    const refused = fact('remediation.finished', { ok: false, outcome: 'refused', exit: null });
    expect(targets([...untilMerged, fact('remediation.started'), refused])).toEqual([]);
  });
  test('counts while nobody knows its end', () => {
    expect(targets([...untilMerged, fact('remediation.started')])).toEqual([URL]);
    expect(targets([...untilMerged, fact('remediation.started'), fact('remediation.lost')])).toEqual([URL]);
  });
  test('is also its undo', () => {
    const undone = [fact('recovery.refuted'), fact('undo.requested'), fact('undo.started')];
    expect(targets([...untilVerifying, ...undone])).toEqual([URL, URL]);
  });
  test('of an earlier attempt counts on', () => {
    const again = [fact('recovery.refuted'), fact('incident.retried')];
    expect(targets([...untilVerifying, ...again])).toEqual([URL]);
  });
  test('that only reads changes nothing', () => {
    const reads = fact('remediation.judged', { effects: [] });
    const judged = untilMerged.map((one) => (one.type === 'remediation.judged' ? reads : one));
    expect(targets([...judged, fact('remediation.started')])).toEqual([]);
  });
  test('of which no judgement is told may be of anything', () => {
    const seeded = [...untilSynthesizing, fact('remediation.proposed'), fact('remediation.started')];
    expect(targets(seeded)).toEqual([null]);
  });
  test('of made-up history is none', () => {
    const [, ...rest] = untilVerifying;
    expect(targets([fact('incident.opened', { sample: true }), ...rest])).toEqual([]);
  });
  test('of a sealed incident is too old to count', () => {
    expect(changesIn([{ incident: 'pd-old1', earned: [], runs: [] }])).toEqual([]);
  });
});
