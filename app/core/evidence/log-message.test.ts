import { describe, expect, test } from 'vitest';
import { messageOf } from './log-message.ts';

describe('what a log event says', () => {
  test.each<[string, unknown, unknown, string]>([
    ['its message', 'pool exhausted', { msg: 'other' }, 'pool exhausted'],
    ['msg', undefined, { msg: 'pool exhausted', error: { kind: 'Timeout' } }, 'pool exhausted'],
    ['msg behind an empty message', '  ', { msg: 'pool exhausted' }, 'pool exhausted'],
    ['msg behind a message of null', null, { msg: 'pool exhausted' }, 'pool exhausted'],
    [
      'the error’s message',
      undefined,
      { error: { message: 'no route', kind: 'X' }, msg: 'failed' },
      'no route',
    ],
    ['a name with dots', undefined, { 'error.message': 'no route' }, 'no route'],
    ['an exception', undefined, { exception: { message: 'NPE' } }, 'NPE'],
    ['an error that is a text', undefined, { error: 'ECONNRESET' }, 'ECONNRESET'],
    ['a container’s line', undefined, { log: 'panic: nil map' }, 'panic: nil map'],
    ['the first line of a stack', undefined, { error: { stack: 'Error: full\n  at a.js:1' } }, 'Error: full'],
    ['a message that is an object', { msg: 'nested' }, {}, 'nested'],
    ['its JSON', undefined, { level: 50, code: 'E7' }, '{"level":50,"code":"E7"}'],
    ['a list', undefined, ['E7'], '["E7"]'],
    ['nothing', undefined, {}, 'an event without a message'],
    ['nothing of null', null, null, 'an event without a message'],
    [
      'no property that every object has',
      undefined,
      { constructor: 'x', error: {} },
      '{"constructor":"x","error":{}}',
    ],
  ])('is %s', (_, message, attributes, said) => expect(messageOf(message, attributes)).toBe(said));

  test('is cut where it is the whole of what was logged', () => {
    const said = messageOf(null, { rows: 'x'.repeat(9000) });
    expect(said).toHaveLength(501);
    expect(said.startsWith('{"rows":"xxx')).toBe(true);
  });

  test('is never too deep to look at', () => {
    let deep: object = {};
    for (let depth = 0; depth < 100_000; depth++) deep = { in: deep };
    expect(messageOf(undefined, deep)).toBe('an event without a message');
  });
});
