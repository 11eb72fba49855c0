// Which checks may ask for a picture.
import { describe, expect, test } from 'vitest';
import { Check } from './checks.ts';
import { mayPicture, pictureName } from './pictures.ts';

const page = { id: 'home', kind: 'page', url: '{SHOP_URL}/', screenshot: true };
const steps = [{ fill: { selector: '#a', value: 'b' } }, { expect: { text: 'Hello' } }];
const journey = { id: 'order', kind: 'journey', start: '{SHOP_URL}/', steps, screenshot: true };
const why = (check: object) => Check.safeParse(check).error?.issues.map(({ message }) => message) ?? [];

describe('a picture', () => {
  test.each<[string, object]>([
    ['a page', page],
    ['a journey', journey],
    [
      'a form',
      { id: 'f', kind: 'form', url: '{SHOP_URL}/', send: '#go', expect: { text: 'x' }, screenshot: true },
    ],
  ])('may be taken of %s that asks for it', (_, check) => {
    expect(why(check)).toEqual([]);
    expect(mayPicture(Check.parse(check))).toBe(true);
    expect(mayPicture(Check.parse({ ...check, screenshot: undefined }))).toBe(false);
  });
  test.each<[string, object, string | RegExp]>([
    [
      'of a burst',
      { ...page, expect: { failing: '<= 10 %', of: 20 } },
      'a burst is many pages, and none of them is pictured',
    ],
    ['of an answer', { id: 'a', kind: 'http', url: '{SHOP_URL}/', screenshot: true }, /screenshot/],
    ['because somebody says no', { ...page, screenshot: false }, /true/],
  ])('is refused %s', (_, check, reason) => expect(why(check)[0]).toMatch(reason));
  test('is never taken of what was given a secret, whoever let the check in', () => {
    const secret = {
      ...journey,
      steps: [{ fill: { selector: '#a', value: '{secret.PASSWORD}' } }, steps[1]],
    };
    expect(why(secret)).toContain('a page that was given a secret is never pictured');
    expect(mayPicture(secret)).toBe(false);
  });
  test('is called after its check, what it showed, and when', () => {
    const at = Date.UTC(2026, 10, 3, 2, 14, 5, 120);
    expect(pictureName({ check: 'home', at, outcome: 'fail' })).toBe(
      'home-fail-2026-11-03T02-14-05-120Z.jpg',
    );
  });
});
