// What people hear of an undo that waits for a word: on the issue, in Slack and PagerDuty, each with what it would bring back.
import { describe, expect, test } from 'vitest';
import type { Fact, Judged } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilMerged,
  untilProposed,
  untilSynthesizing,
} from '../../../test/support/incidents.ts';
import { pagerdutyNote, slackMessage } from './chat.ts';
import { isOwnLine, issueBody, statusComment } from './issue.ts';
import { leftAsItIs, undoWords } from './undo-words.ts';
import { ending } from './words.ts';

type Rule = NonNullable<Judged['undo']>;
const rule = (change: Partial<Rule> = {}): Rule => ({
  ...{ when: 'when_worse', acts: 1, because: 'orders failed while the flag was on.' },
  brings: 'the flag as it was while the fault was there',
  ...change,
});
const ran = (after: readonly Fact[], undo: Rule | null = rule()): Fact[] => [
  ...untilSynthesizing,
  fact('remediation.proposed', {
    files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
  }),
  fact('remediation.rehearsed'),
  fact('remediation.judged', undo ? { undo } : {}),
  ...untilMerged.slice(untilProposed.length + 1),
  fact('remediation.started'),
  ...after,
];
const finished = fact('remediation.finished');
const refuted = [finished, fact('recovery.refuted')];
const failed = fact('remediation.finished', { ok: false, outcome: 'failed', exit: 1 });

describe('before it is approved', () => {
  test.each<[Partial<Rule>, string]>([
    [{}, 'runs by itself only when something got worse than before the fix'],
    [
      { acts: 2 },
      'runs by itself only when something got worse than before the fix, or the fix broke off half-way',
    ],
    [{ when: 'on_request' }, 'runs only when a person asks for it'],
    [{ when: 'when_refuted' }, 'runs by itself when the fix did not help, or something got worse'],
  ])('%o', (change, when) => {
    expect(undoWords({ undo: rule(change) })).toEqual({
      when,
      because: 'orders failed while the flag was on',
      brings: 'the flag as it was while the fault was there',
    });
  });
  test('a judgement from before says nothing', () => expect(undoWords({})).toBe(null));
});

describe('afterwards, it is said why nothing was undone', () => {
  test.each<[string, readonly Fact[], string]>([
    [
      'it did not help',
      ran(refuted),
      'nothing got worse than it was before the fix, and orders failed while the flag was on',
    ],
    [
      'its only act failed',
      ran([failed]),
      'a fix with one lasting act leaves nothing half done, and orders failed while the flag was on',
    ],
    [
      'the runbook lets it only on request',
      ran(refuted, rule({ when: 'on_request' })),
      'the undo runs only on request, because orders failed while the flag was on',
    ],
    ['it was lost', ran([fact('remediation.lost')]), 'it is not known what the fix did'],
    [
      'nobody could see',
      ran([finished, fact('recovery.inconclusive')]),
      'nobody could see whether anything got worse',
    ],
    ['the undo could not begin', ran([...refuted, fact('undo.refused')]), 'the undo could not begin'],
  ])('%s', (_, facts, why) => expect(leftAsItIs(incidentOf(facts))?.why).toBe(why));

  test.each<[string, readonly Fact[]]>([
    ['it helped', ran([finished, fact('recovery.confirmed')])],
    ['it runs by itself', ran([finished, fact('recovery.refuted', { worse: 'home is red' })])],
    ['it was asked for', ran([...refuted, fact('undo.requested')])],
    ['it ran', ran([...refuted, fact('undo.requested'), fact('undo.started'), fact('undo.finished')])],
    ['nothing ran', ran([fact('remediation.finished', { ok: false, outcome: 'refused', exit: null })])],
    ['there is none', [...untilMerged, fact('remediation.started'), ...refuted]],
  ])('not where %s', (_, facts) => expect(leftAsItIs(incidentOf(facts))).toBe(null));

  test('an old judgement does not know what it would bring back, and the way to undo it is told all the same', () => {
    const note = pagerdutyNote(incidentOf(ran(refuted, null)));
    expect(note).toContain('that a fix did not help is no sign that the state before it was better');
    expect(note).toContain('A comment /vigil undo on the issue runs the approved undo.\n');
  });
});

describe('everybody hears it', () => {
  const left = incidentOf(ran(refuted));
  const page = 'https://vigil.acme.example';
  const said =
    '**Left as it is** Nothing was undone: nothing got worse than it was before the fix, and orders failed while the flag was on. A comment `/vigil undo` runs the approved undo';
  const brings = 'It would bring back the flag as it was while the fault was there.';

  test('on the issue, with the way to the page', () => {
    expect(statusComment(left)).toContain(`${said}. ${brings}`);
    const body = issueBody(left, `${page}/confirm/x`);
    expect(body).toContain(`${said}, or [read and run it](${page}/confirm/x) on one page. ${brings}`);
    expect(
      body
        .split('\n')
        .filter((line) => line.startsWith('**Left'))
        .every(isOwnLine),
    ).toBe(true);
  });
  test('in Slack, with a button that leads to the page, or to the issue', () => {
    const doors = { confirm: page, interactive: true, hold: null };
    const [section, , actions] = slackMessage(left, doors).blocks;
    expect(JSON.stringify(section)).toContain(
      'A comment /vigil undo on the issue runs the approved undo; it would bring back the flag as it was while the fault was there.',
    );
    const urls = [doors, { ...doors, confirm: null }].map((at) => {
      const block = slackMessage(left, at).blocks[2];
      return block?.type === 'actions' ? block.elements.map(({ text, url }) => [text.text, url]) : null;
    });
    expect(actions?.type).toBe('actions');
    expect(urls).toEqual([
      [['Undo', `${page}/confirm/pd-q1shop1?head=${'a'.repeat(40)}&digest=${'d'.repeat(64)}`]],
      [['Undo', 'https://github.com/acme/production/issues/12']],
    ]);
  });
  test('in PagerDuty', () => {
    expect(pagerdutyNote(left)).toContain(
      'ESCALATED. The fix ran and did not help: health was red 4 of 10 times.\nNothing was undone: nothing got worse',
    );
  });
  test('that it got worse, and what', () => {
    const worse = incidentOf(ran([finished, fact('recovery.refuted', { worse: 'home is red' })]));
    expect(ending(worse)).toBe('The fix ran and made something worse: home is red.');
    expect(pagerdutyNote(worse)).not.toContain('Nothing was undone');
  });
});
