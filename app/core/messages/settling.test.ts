// What people read while a service takes its time, in each place.
import { expect, test } from 'vitest';
import type { FactDataOf } from '#core/ledger/facts';
import { fact, incidentOf, untilMerged, withFacts } from '../../../test/support/incidents.ts';
import { progressNote, slackMessage } from './chat.ts';
import { statusComment } from './issue.ts';
import { settlingWords } from './settling.ts';

type Watched = FactDataOf<'recovery.watched'>;
const plain = (fact('recovery.watched').data as Watched).samples.slice(0, 1);
const at = (time: string): number => Date.parse(`2026-11-03T${time}Z`);
const burst = (check: string, time: string, failing: number): Watched['samples'] =>
  plain.map((one) => ({ ...one, check, at: at(time), counts: { failing, of: 200 } }));
const verifying = incidentOf([
  ...untilMerged,
  fact('remediation.started', {
    samples: [...burst('cart', '03:00:00', 68), ...burst('home', '03:00:00', 2)],
  }),
  fact('remediation.finished'),
]);
const watched = (data: Partial<Watched>) => withFacts(verifying, [fact('recovery.watched', data)]);
const until = '2026-11-03T14:40:00.000Z';
const better = watched({
  ...{ verdict: 'improving', until },
  samples: [...burst('cart', '14:04:50', 24), ...burst('home', '14:05:00', 2)],
});
const WORDS =
  'It improves: 12 % of the requests of cart fail, 34 % did before. Looked again at 14:05 UTC; it has until 14:40.';

test('says of what most fails now how much does, how much did, and how long there is time', () =>
  expect(settlingWords(better)).toBe(WORDS));

test('says in words what was seen where nothing is counted', () =>
  expect(settlingWords(watched({ samples: plain, until }))).toBe(
    'Not better yet: health was red 1 of 1 times. Looked again at 03:00 UTC; it has until 14:40.',
  ));

test('says nothing before a first word, nor after the end', () => {
  expect(settlingWords(verifying)).toBeNull();
  expect(settlingWords(withFacts(better, [fact('recovery.refuted')]))).toBeNull();
});

test('stands on the issue, in PagerDuty and in Slack', () => {
  expect(statusComment(better).split('\n\n')[1]).toBe(WORDS);
  expect(progressNote(better, 'mark')).toBe(
    `Vigil: VERIFYING. ${WORDS}\nhttps://github.com/acme/production/issues/12\n[mark]`,
  );
  expect(JSON.stringify(slackMessage(better))).toContain(WORDS);
});

test('whoever holds it is told that looks go on', () => {
  const held = withFacts(better, [fact('hold.set')]);
  expect(statusComment(held)).toContain('Vigil goes on looking whether the fix helped.');
});
