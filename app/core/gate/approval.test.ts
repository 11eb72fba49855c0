// Who may approve what, and every way the auto lane closes.
import { describe, expect, test } from 'vitest';
import { condition, decisionText } from '#core/decision';
import { facts } from '../../../test/support/incidents.ts';
import { shopSettings } from '../../../test/support/shop.ts';
import { type AutoInput, autoLane, eitherLane, type HumanInput, humanLane } from './approval.ts';
import type { Review } from './reviews.ts';

const HEAD = 'a'.repeat(40);
const judged = facts['remediation.judged'];
const review = (login: string, change: Partial<Review> = {}): Review => ({
  login,
  state: 'APPROVED',
  commit: HEAD,
  permission: 'write',
  bot: false,
  submittedAt: '2026-11-03T03:10:00Z',
  ...change,
});
const people = (reviews: Review[], change: Partial<HumanInput> = {}) =>
  humanLane({
    judged,
    pull: { head: HEAD, author: 'vigil[bot]', committers: ['vigil[bot]'] },
    reviews,
    heads: new Set<string>(),
    settings: shopSettings(),
    pushers: { known: true, logins: [] },
    asked: null,
    now: new Date('2026-11-03T03:30:00Z'),
    ...change,
  });

describe('people approve', () => {
  test('with one review of exactly these bytes', () => {
    const { decision, by } = people([review('olga')]);
    expect(by).toEqual(['olga']);
    expect(decisionText(decision)).toBe(
      [
        '✓ approved by people: all 4 conditions hold',
        '  ✓ policy does not refuse: the policy says allow',
        '  ✓ it is known who pushed: Vigil itself',
        '  ✓ enough reviews: 1 of 1 needed reviews count',
        '    ✓ review by @olga: all 6 conditions hold',
        '      ✓ approves: the review says APPROVED',
        '      ✓ of these bytes: it is a review of aaaaaaa, the head is aaaaaaa',
        '      ✓ by someone who may write: @olga has permission write',
        '      ✓ by a person: @olga is not a bot',
        '      ✓ by someone else: @olga did not write this proposal',
        '      ✓ not expired: an approval holds for 4 h',
        '  ✓ nobody objects: no changes requested',
      ].join('\n'),
    );
  });

  test.each([['maintain'], ['admin']])('with permission %s', (permission) => {
    expect(people([review('olga', { permission })]).decision.ok).toBe(true);
  });

  test.each<[string, Review[], string]>([
    ['nobody reviewed', [], '0 of 1 needed reviews count'],
    ['the review is of older bytes', [review('olga', { commit: 'b'.repeat(40) })], '0 of 1'],
    ['the reviewer may only read', [review('olga', { permission: 'read' })], '0 of 1'],
    ['the reviewer may only triage', [review('olga', { permission: 'triage' })], '0 of 1'],
    ['the reviewer is a stranger', [review('olga', { permission: 'none' })], '0 of 1'],
    ['the reviewer is a bot', [review('helper[bot]', { bot: true })], '0 of 1'],
    ['the review only comments', [review('olga', { state: 'COMMENTED' })], '0 of 1'],
    ['the review was dismissed', [review('olga', { state: 'DISMISSED' })], '0 of 1'],
    ['the review is not submitted yet', [review('olga', { state: 'PENDING' })], '0 of 1'],
    [
      'somebody else asks for changes',
      [review('olga'), review('otto', { state: 'CHANGES_REQUESTED' })],
      'changes requested by @otto',
    ],
    [
      'the same person asked for changes later',
      [review('olga'), review('olga', { state: 'CHANGES_REQUESTED', submittedAt: '2026-11-03T03:11:00Z' })],
      'changes requested by @olga',
    ],
    [
      'the approval was dismissed later',
      [review('olga', { state: 'DISMISSED', submittedAt: '2026-11-03T03:11:00Z' }), review('olga')],
      '0 of 1',
    ],
  ])('not when %s', (_, reviews, reason) => {
    const { decision } = people(reviews);
    expect(decision.ok).toBe(false);
    expect(decision.reason).toContain(reason);
  });

  test('not for what they wrote themselves, as author or as committer', () => {
    const authored = { head: HEAD, author: 'olga', committers: [] };
    const committed = { head: HEAD, author: 'vigil[bot]', committers: ['vigil[bot]', 'olga'] };
    expect(people([review('olga')], { pull: authored }).decision.ok).toBe(false);
    expect(people([review('olga')], { pull: committed }).decision.ok).toBe(false);
    expect(people([review('olga'), review('otto')], { pull: committed }).by).toEqual(['otto']);
  });

  test('not for what they pushed, whoever its commits name', () => {
    const pushed = { pushers: { known: true as const, logins: ['Olga'] } };
    expect(people([review('olga')], pushed).decision.ok).toBe(false);
    expect(people([review('olga'), review('otto')], pushed).by).toEqual(['otto']);
  });

  test('not while GitHub has not told who pushed, however many they are', () => {
    const pushers = { known: false as const, reason: 'GitHub has not told who pushed aaaaaaa' };
    const { decision } = people([review('olga'), review('otto')], { pushers });
    expect(decision).toMatchObject({ ok: false, reason: 'GitHub has not told who pushed aaaaaaa' });
  });

  test('only as long as an approval holds, and the oldest that counts says until when', () => {
    const at = (now: string) => people([review('olga')], { now: new Date(now) });
    expect(at('2026-11-03T07:09:59Z').decision.ok).toBe(true);
    expect(at('2026-11-03T07:10:00Z').decision.ok).toBe(false);
    expect(people([review('olga', { submittedAt: '' })]).decision.ok).toBe(false);
    const two = [review('olga'), review('otto', { submittedAt: '2026-11-03T03:05:00Z' })];
    expect(people(two).since).toBe('2026-11-03T03:05:00Z');
  });

  test('again, once they are asked anew', () => {
    const asked = { asked: '2026-11-03T03:10:00.400Z' };
    expect(people([review('olga')], asked).decision.ok).toBe(false);
    expect(people([review('olga', { submittedAt: '2026-11-03T03:10:01Z' })], asked).decision.ok).toBe(true);
  });

  test('also when they asked for changes first, or commented after', () => {
    const changedMind = [
      review('olga', { state: 'CHANGES_REQUESTED', submittedAt: '2026-11-03T03:00:00Z' }),
      review('olga'),
      review('olga', { state: 'COMMENTED', submittedAt: '2026-11-03T03:20:00Z' }),
    ];
    expect(people(changedMind).decision.ok).toBe(true);
  });

  test('with a review of another commit that held exactly these bytes, and of no other', () => {
    const older = [review('olga', { commit: 'b'.repeat(40) })];
    const { decision, by } = people(older, { heads: new Set(['b'.repeat(40), HEAD]) });
    expect(by).toEqual(['olga']);
    expect(decisionText(decision)).toContain(
      '✓ of these bytes: it is a review of bbbbbbb, which holds the same bytes as the head aaaaaaa',
    );
    expect(people(older, { heads: new Set(['c'.repeat(40), HEAD]) }).decision.ok).toBe(false);
    expect(people([review('olga', { commit: '' })], { heads: new Set([HEAD]) }).decision.ok).toBe(false);
  });

  test('though a reader objects: only people who may write are asked', () => {
    const heckled = [review('olga'), review('troll', { state: 'CHANGES_REQUESTED', permission: 'read' })];
    expect(people(heckled).decision.ok).toBe(true);
  });

  test('twice when the risk is HIGH, and two reviews by one person are one', () => {
    const high = { judged: { ...judged, risk: 'HIGH' as const } };
    expect(people([review('olga')], high).decision.reason).toBe('1 of 2 needed reviews count');
    expect(people([review('olga'), review('olga')], high).decision.ok).toBe(false);
    expect(people([review('olga'), review('otto')], high)).toMatchObject({
      by: ['olga', 'otto'],
      decision: { ok: true },
    });
  });

  test('as often as the installation asks', () => {
    const settings = shopSettings({ approval: { reviews: 2 } });
    expect(people([review('olga')], { settings }).decision.ok).toBe(false);
  });

  test('never what the policy refuses', () => {
    const refused = { judged: { ...judged, verdict: 'refuse' as const } };
    expect(people([review('olga'), review('otto')], refused).decision.reason).toBe('the policy says refuse');
  });
});

describe('the auto lane', () => {
  const open: AutoInput = {
    judged,
    runbook: { id: 'shop-cache', approval: 'auto' },
    match: 98,
    rehearsed: true,
    settings: shopSettings(),
    held: false,
    runsToday: 9,
    eligible: true,
    trust: {
      block: condition('this remediation has not failed', true, 'it never failed'),
      lane: condition('the auto lane holds what it promises', true, 'it has not run lately'),
    },
  };
  const settings = (auto: object) => shopSettings({ auto: { enabled: true, ...auto } });

  test('is open when every condition holds, each of which it names', () => {
    expect(decisionText(autoLane(open))).toBe(
      [
        '✓ auto lane: all 13 conditions hold',
        '  ✓ this installation allows it: auto.enabled: yes',
        '  ✓ the runbook allows it: runbook shop-cache says approval: auto',
        '  ✓ the proposal is eligible: eligible: yes',
        '  ✓ policy allows every command: the policy says allow',
        '  ✓ risk is LOW: risk LOW',
        '  ✓ confidence is earned: confidence 90, needed 90',
        '  ✓ the context matches: match 98, needed 85',
        '  ✓ the rehearsal was red: rehearsed red: yes',
        '  ✓ no freeze: freeze: no',
        '  ✓ no hold: hold: no',
        '  ✓ budget left: 9 of 10 runs today',
        '  ✓ this remediation has not failed: it never failed',
        '  ✓ the auto lane holds what it promises: it has not run lately',
      ].join('\n'),
    );
  });

  test.each<[string, Partial<AutoInput>]>([
    ['auto.enabled: no', { settings: settings({ enabled: false }) }],
    ['runbook shop-cache says approval: human', { runbook: { id: 'shop-cache', approval: 'human' } }],
    ['there is no runbook', { runbook: null }],
    ['eligible: no', { eligible: false }],
    ['the policy says review', { judged: { ...judged, verdict: 'review' } }],
    ['the policy says refuse', { judged: { ...judged, verdict: 'refuse' } }],
    ['risk MEDIUM', { judged: { ...judged, risk: 'MEDIUM' } }],
    ['risk HIGH', { judged: { ...judged, risk: 'HIGH' } }],
    ['confidence 89, needed 90', { judged: { ...judged, confidence: { ...judged.confidence, value: 89 } } }],
    ['confidence 90, needed 95', { settings: settings({ confidence: 95 }) }],
    ['match 84, needed 85', { match: 84 }],
    ['rehearsed red: no', { rehearsed: false }],
    ['freeze: yes', { settings: settings({ freeze: true }) }],
    ['hold: yes', { held: true }],
    ['10 of 10 runs today', { runsToday: 10 }],
    ['failed', { trust: { ...open.trust, block: condition('this remediation', false, 'failed') } }],
    ['5 of 20', { trust: { ...open.trust, lane: condition('the auto lane', false, '5 of 20') } }],
    ['0 of 0 runs today', { runsToday: 0, settings: settings({ runs_per_day: 0 }) }],
  ])('is closed by this alone: %s', (reason, change) => {
    expect(autoLane({ ...open, ...change })).toMatchObject({ ok: false, reason });
  });

  test('is closed by numbers that are none', () => {
    expect(autoLane({ ...open, match: Number.NaN }).ok).toBe(false);
    expect(autoLane({ ...open, runsToday: Number.NaN }).ok).toBe(false);
  });

  test('and people are two ways; one is enough', () => {
    const auto = autoLane({ ...open, held: true });
    expect(eitherLane(auto, people([review('olga')]).decision)).toMatchObject({
      ok: true,
      reason: 'approved by people',
    });
    expect(eitherLane(auto, people([]).decision).ok).toBe(false);
  });
});
