import { expect, it } from 'vitest';
import { hypothesisOf } from './hypothesis.ts';
import { readFindings } from './read.ts';

const alert = { title: 'Checkout fails', details: 'status: 500', evidence: ['alert-1'] };
const idOf = (note: string): string | null => (note === 'N1' ? 'note-1' : note === 'N2' ? 'note-2' : null);
const note = (id: string, author: string, content: string) => ({
  id,
  author,
  at: `2026-11-22T03:0${id.slice(1)}:00Z`,
  content,
});

it('is the alert itself when nobody found anything', () => {
  expect(hypothesisOf(alert, { standing: [], conflict: false }, idOf)).toEqual({
    source: 'alert',
    text: 'Checkout fails. The alert says status: 500.',
    evidence: ['alert-1'],
  });
});

it('is what was found, with its evidence', () => {
  const findings = readFindings(
    [note('N1', 'PC', 'Root cause: the cache\nConfidence: 80%\nEvidence: 500s since 02:58')],
    ['PC'],
  );
  expect(hypothesisOf(alert, findings, idOf)).toEqual({
    source: 'cleric',
    text: 'Checkout fails. Root cause (confidence 80%): the cache. Seen: 500s since 02:58.',
    evidence: ['note-1'],
  });
});

it('tells both when two disagree', () => {
  const findings = readFindings(
    [note('N1', 'PC', 'Root cause: the cache'), note('N2', 'PH', 'Root cause: the flag')],
    ['PC', 'PH'],
  );
  const { text, evidence } = hypothesisOf(alert, findings, idOf);
  expect(text).toBe(
    'Checkout fails. Those who looked disagree about the cause. Root cause: the cache. Root cause: the flag.',
  );
  expect(evidence).toEqual(['note-1', 'note-2']);
});
