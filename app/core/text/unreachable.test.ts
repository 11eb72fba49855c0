import { describe, expect, test } from 'vitest';
import { whyUnreachable } from './unreachable.ts';

const refused = (address: string) =>
  Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED' });
const both = (...errors: Error[]) => Object.assign(new AggregateError(errors, ''), { code: 'ECONNREFUSED' });

describe('why nobody was reached', () => {
  test.each<[string, unknown, string]>([
    [
      'both families refused',
      new TypeError('fetch failed', { cause: both(refused('::1:443'), refused('127.0.0.1:443')) }),
      'connect ECONNREFUSED ::1:443',
    ],
    ['a list of nothing, with a code', new TypeError('fetch failed', { cause: both() }), 'ECONNREFUSED'],
    [
      'parts without words',
      new TypeError('fetch failed', { cause: new AggregateError([new Error('')], '') }),
      'Error',
    ],
    [
      'an ordinary cause',
      new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND x') }),
      'getaddrinfo ENOTFOUND x',
    ],
    [
      'a cause within the cause',
      new Error('a', { cause: new Error('b', { cause: new Error('other side closed') }) }),
      'other side closed',
    ],
    ['a cause that is text', new Error('fetch failed', { cause: 'the cable' }), 'the cable'],
    ['no cause', new Error('This operation was aborted'), 'This operation was aborted'],
    ['an error without words', new RangeError(''), 'RangeError'],
    ['no error at all', undefined, 'unknown'],
  ])('is told of %s', (_, error, why) => expect(whyUnreachable(error)).toBe(why));
});
