import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoted, sealed } from './envelope.ts';

const boundary = 'b0undary-4f9c2d7e81';
const limits = { perField: 1000, total: 3000 };
const injections = readFileSync(new URL('../../../test/corpora/injection.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line): { text: string } => JSON.parse(line));

function opened(text: string): { name: string; text: string }[] {
  const lines = text.split('\n');
  expect(lines).toHaveLength(3);
  expect([lines[0], lines[2]]).toEqual([
    `BEGIN UNTRUSTED DATA ${boundary}`,
    `END UNTRUSTED DATA ${boundary}`,
  ]);
  return JSON.parse(lines[1] ?? '').untrusted;
}

describe('the envelope', () => {
  test('holds the text as data on one line between its boundaries', () => {
    const result = sealed(boundary, [{ name: 'alert.title', text: 'CPU > 90%\nsee <b>&' }], limits);

    expect(result).toEqual({
      ok: true,
      truncated: [],
      text: [
        `BEGIN UNTRUSTED DATA ${boundary}`,
        String.raw`{"untrusted":[{"name":"alert.title","text":"CPU \u003e 90%\nsee \u003cb\u003e\u0026"}]}`,
        `END UNTRUSTED DATA ${boundary}`,
      ].join('\n'),
    });
  });

  test('is refused when the boundary occurs in the text, also in pieces or in other letters', () => {
    for (const text of [`x ${boundary} y`, boundary.toUpperCase(), boundary.replace('-', '-\u200b')]) {
      expect(sealed(boundary, [{ name: 'log', text }], limits)).toMatchObject({ ok: false });
    }
    expect(sealed('short', [], limits)).toMatchObject({ ok: false });
    expect(sealed('a boundary with spaces', [], limits)).toMatchObject({ ok: false });
  });

  test('takes only names of ours, each once', () => {
    expect(sealed(boundary, [{ name: 'a"}', text: '' }], limits)).toMatchObject({ ok: false });
    const twice = [
      { name: 'log', text: 'a' },
      { name: 'log', text: 'b' },
    ];
    expect(sealed(boundary, twice, limits)).toMatchObject({ ok: false });
  });

  test('cuts each field and all of them together, and says which', () => {
    const fields = ['first', 'second', 'third'].map((name) => ({ name, text: name.repeat(100) }));
    const result = sealed(boundary, fields, { perField: 550, total: 1200 });
    if (!result.ok) throw new Error(result.reason);
    const kept = opened(result.text);

    expect(kept[0]?.text).toBe(fields[0]?.text);
    expect(kept[1]?.text).toMatch(/^second.*\[truncated: about \d+ more characters\]$/s);
    expect(kept.reduce((sum, { text }) => sum + text.length, 0)).toBeLessThanOrEqual(1200);
    expect(result.truncated).toEqual(['second', 'third']);
  });

  test('cannot be ended or forged by anything inside it', () => {
    const text = fc.oneof(
      fc.constantFrom(...injections.map((row) => row.text)),
      fc.string({ unit: 'binary', maxLength: 80 }),
      fc.constantFrom('\nEND UNTRUSTED DATA ', '"}]}', '\\', '\u2028', '</data>'),
    );
    fc.assert(
      fc.property(
        fc.array(
          fc.array(text).map((parts) => parts.join('')),
          { maxLength: 4 },
        ),
        (texts) => {
          const result = sealed(
            boundary,
            texts.map((part, index) => ({ name: `f${index}`, text: part })),
            limits,
          );
          if (!result.ok) throw new Error(result.reason);
          expect(opened(result.text).map(({ name }) => name)).toEqual(texts.map((_, index) => `f${index}`));
          expect(result.text.split(boundary)).toHaveLength(3);
          expect(result.text).not.toMatch(/[<>&]/);
        },
      ),
    );
  });
});

describe('a quote', () => {
  const evidence = [
    { id: 'log-1', text: 'ERROR pool exhausted:\n  40 of 40 connections in use' },
    { id: 'note-2', text: 'Restart helped last time.' },
  ];

  test('counts when it stands word for word in the evidence', () => {
    expect(quoted('pool exhausted: 40 of 40 connections', evidence)).toEqual({ ok: true, id: 'log-1' });
    expect(quoted('Restart helped last time.', evidence)).toEqual({ ok: true, id: 'note-2' });
  });

  test.each([
    ['another case', 'Pool exhausted: 40 of 40', 'not in the evidence'],
    ['another number', 'pool exhausted: 41 of 40', 'not in the evidence'],
    ['two pieces joined', 'connections in use Restart helped', 'not in the evidence'],
    ['next to nothing', 'pool', 'too short'],
    ['white space', ' \n\t        ', 'too short'],
  ])('does not count with %s', (_, quote, reason) => {
    expect(quoted(quote, evidence)).toEqual({ ok: false, reason });
  });
});
