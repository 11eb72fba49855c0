import { describe, expect, test } from 'vitest';
import { cutOut, type Entity, spansOf } from './detected.ts';

const olga: Entity = { token: '[NAME_1]', value: 'Olga Petrova', type: 'NAME' };

describe('an answer of another service', () => {
  test('is believed when it is our text with the findings replaced', () => {
    expect(spansOf('by Olga Petrova.', 'by [NAME_1].', [olga])).toEqual([
      { kind: 'NAME', start: 3, end: 15, value: 'Olga Petrova' },
    ]);
    expect(spansOf('nobody', 'nobody', [])).toEqual([]);
    const early = { ...olga, value: 'Bram' };
    expect(spansOf('[NAME_1] and Bram', '[NAME_1] and [NAME_1]', [early])).toMatchObject([
      { start: 13, end: 17 },
    ]);
  });

  test.each<[string, string, Entity[]]>([
    ['was cut short', 'by [NAME_1]', [olga]],
    ['goes on', 'by [NAME_1]. Call Bram.', [olga]],
    ['was reworded', 'from [NAME_1].', [olga]],
    ['brings text back', 'by Olga Petrova [NAME_1].', [olga]],
    ['holds a token nobody explains', 'by [NAME_1].', []],
    ['names a value that never stood there', 'by [NAME_1].', [{ ...olga, value: 'Bram' }]],
    ['does not hold the token', 'by Olga Petrova.', [olga]],
    ['names nothing', 'by [NAME_1].', [{ ...olga, value: ' ' }]],
    ['has an empty token', 'by .', [{ ...olga, token: '' }]],
    ['is empty', '', []],
  ])('that %s is refused', (_, processed, entities) => {
    expect(spansOf('by Olga Petrova.', processed, entities)).toBeNull();
  });
});

describe('what was found', () => {
  const cut = (text: string, value: string, kind = 'NAME') => {
    const start = text.indexOf(value);
    return cutOut(text, [{ kind, start, end: start + value.length, value }], 'pd-q1');
  };

  test('is replaced in our form, a secret for good', () => {
    expect(cut('by Olga Petrova.', 'Olga Petrova')).toMatch(/^by \[NAME_\d{1,6}\]\.$/);
    expect(cut('pw hunter22 ok', 'hunter22', 'PASSWORD')).toBe('pw [REDACTED:password] ok');
    expect(cut('by OLGA  Petrova.', 'OLGA  Petrova')).toBe(cut('by Olga Petrova.', 'Olga Petrova'));
  });

  test('leaves a placeholder of ours inside it whole', () => {
    expect(cut('by [EMAIL_123456] today', 'EMAIL_123456')).toBe('by [EMAIL_123456] today');
    expect(cut('by [EMAIL_123456] Petrova.', '[EMAIL_123456] Petrova')).toMatch(
      /^by \[EMAIL_123456\]\[NAME_\d{1,6}\]\.$/,
    );
  });

  test('may overlap', () => {
    const text = 'Olga Petrova';
    const spans = [
      { kind: 'NAME', start: 0, end: 12, value: text },
      { kind: 'NAME', start: 5, end: 12, value: 'Petrova' },
    ];
    expect(cutOut(text, spans, 'k')).toMatch(/^\[NAME_\d{1,6}\]$/);
  });
});
