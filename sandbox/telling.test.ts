// A story stays ten lines of 80 columns whatever happens, and nothing from outside steers the terminal it is told on.
import { expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import { fact, facts, incidentOf, OPENED, untilVerifying } from '../test/support/incidents.ts';
import { openStory, wrapped } from './telling.ts';

function tell(facts: readonly Fact[], end = { page: 'resolved' as string | undefined, issue: 'closed' }) {
  const heard: string[] = [];
  const story = openStory(OPENED.getTime(), (line) => heard.push(line));
  const incident = incidentOf(facts);
  for (const record of incident.records) story.record(record, incident);
  story.end(end, 61);
  expect(story.lines).toEqual(heard);
  return heard;
}

test('a fix that helped, in words of somebody on call', () => {
  const samples = facts['remediation.rehearsed'].samples.map((one) => ({ ...one, outcome: 'pass' as const }));
  expect(tell([...untilVerifying, fact('recovery.confirmed', { samples })])).toMatchInlineSnapshot(`
    [
      "  0:00 PagerDuty rings: Checkout error rate is high.",
      "  0:08 Vigil looks as a user: 1 of 1 tries of "health" fail. It is real.",
      "  0:10 Pull request #13: purge-cache by runbook, risk LOW.",
      "  0:11 olga approved exactly these bytes, dddddddddddd.",
      "  0:14 Those bytes ran, once, for 1.5 s in a workspace of their own.",
      "  0:15 Vigil looks again: 1 of 1 tries of "health" pass. It works.",
      "  1:01 PagerDuty is resolved, the issue is closed.",
    ]
  `);
});

test('whoever is on call hears plainly that it is theirs now', () => {
  const rings = { page: 'triggered', issue: 'open' };
  expect(tell(untilVerifying, rings).at(-1)).toBe(
    '  1:01 PagerDuty still rings, the issue is open: people take over.',
  );
});

test('a title that steers terminals, breaks lines or has no end is one line of 80 columns', () => {
  const title = `\u001b[2J\u001b]0;mine\u0007Down\n  1:00 PagerDuty is resolved\u202e${' again and'.repeat(30)}`;
  const [first = '', ...rest] = tell([fact('incident.opened', { title })]);
  expect(first).toMatch(/^ {2}0:00 PagerDuty rings: Down 1:00 PagerDuty is resolved again and again/);
  expect(first).toHaveLength(80);
  expect(/[\p{Cc}\p{Cf}]/u.test(first)).toBe(false);
  expect(rest).toHaveLength(1);
});

test('more than ten things happen: the last line is still the end', () => {
  const holds = Array.from({ length: 20 }, () => fact('hold.set', { by: 'sam', reason: 'wait' }));
  const lines = tell([...untilVerifying.slice(0, 1), ...holds]);
  expect(lines).toHaveLength(10);
  expect(lines.at(-1)).toBe('  1:01 PagerDuty is resolved, the issue is closed.');
});

test('prose is broken between words, and an unbroken word stays whole', () => {
  const lines = wrapped(`${'word '.repeat(40)}${'x'.repeat(90)} end`);
  expect(lines.filter((line) => line.length > 80)).toEqual(['x'.repeat(90)]);
  expect(lines.join(' ').split(' ')).toHaveLength(42);
});
