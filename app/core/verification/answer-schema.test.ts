// The form of an answer: what a plan may write, and what is said of an answer that has another one.
import { Ajv } from 'ajv';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { AnswerForm, misfitOf } from './answer-schema.ts';

const cart = {
  type: 'object',
  required: ['items', 'currency'],
  properties: {
    currency: { enum: ['CHF', 'EUR'] },
    total: { type: ['number', 'null'], minimum: 0 },
    items: {
      type: 'array',
      minItems: 1,
      maxItems: 2,
      items: {
        type: 'object',
        required: ['id'],
        properties: { id: { type: 'string' }, count: { type: 'integer', minimum: 1, maximum: 99 } },
      },
    },
  },
};
const good = { currency: 'CHF', total: null, items: [{ id: 'a', count: 2 }] };
const ajv = new Ajv({ strict: false, validateSchema: false });
const valid = (form: object, value: unknown): boolean => ajv.validate(form, value);
const said = (form: unknown, value: unknown) => misfitOf(AnswerForm.parse(form), value);

describe('an answer', () => {
  test('fits, also with what the form does not name', () => {
    expect(said(cart, good)).toBeNull();
    expect(said(cart, { ...good, total: 9.5, more: [1] })).toBeNull();
    expect(said({ type: 'integer' }, 5.0)).toBeNull();
  });
  test.each([
    [[], 'the answer is array, expected object'],
    [null, 'the answer is null, expected object'],
    [{ currency: 'CHF' }, 'the answer has no /items'],
    [{ ...good, currency: 'USD' }, '/currency is none of "CHF", "EUR"'],
    [{ ...good, total: -1 }, '/total is -1, expected 0 at least'],
    [{ ...good, total: '9' }, '/total is string, expected number or null'],
    [{ ...good, items: [] }, '/items has 0 items, expected 1 at least'],
    [{ ...good, items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] }, '/items has 3 items, expected 2 at most'],
    [{ ...good, items: [{ id: 'a' }, { count: 1 }] }, 'the answer has no /items/1/id'],
    [{ ...good, items: [{ id: 'a', count: 1.5 }] }, '/items/0/count is number, expected integer'],
    [{ ...good, items: [{ id: 'a', count: 100 }] }, '/items/0/count is 100, expected 99 at most'],
  ])('%j does not fit', (value, reason) => expect(said(cart, value)).toBe(reason));
  test('may be nested as deep as it likes', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(said({ enum: [1] }, deep)).toBe('the answer is none of 1');
    expect(said({ type: 'array' }, deep)).toBeNull();
  });
  test('has no key that only every object has', () => {
    expect(said({ type: 'object', required: ['constructor'] }, {})).toBe('the answer has no /constructor');
    const odd = { type: 'object', properties: { constructor: { type: 'string' } } };
    expect(said(odd, {})).toBeNull();
    expect(said({ type: 'object', required: ['a/b'] }, {})).toBe('the answer has no /a~1b');
  });
});

describe('a form', () => {
  test.each([
    [{}, 'fits everything'],
    [{ type: 'object', pattern: 'x' }, 'pattern'],
    [{ type: 'object', additionalProperties: false }, 'additionalProperties'],
    [{ type: 'date' }, 'type'],
    [{ enum: [[1]] }, 'enum'],
    [{ type: 'string', minimum: 1 }, 'minimum asks nothing of what is no number'],
    [{ type: 'string', items: { type: 'null' } }, 'items asks nothing of what is no array'],
    [{ enum: [1], required: ['a'] }, 'required asks nothing of what is no object'],
    [{ type: 'array', minItems: 2, maxItems: 1 }, 'minItems is more than maxItems'],
    [{ type: 'number', minimum: 2, maximum: 1 }, 'minimum is more than maximum'],
    [{ type: 'array', items: {} }, 'fits everything'],
    [{ type: 'object', properties: { a: { $ref: '#' } } }, '$ref'],
  ])('%j is refused', (form, reason) => {
    const parsed = AnswerForm.safeParse(form);
    expect(parsed.success ? 'taken' : z.prettifyError(parsed.error)).toContain(reason);
  });
  test('that is nested without end is refused', () => {
    let deep: object = { type: 'null' };
    for (let n = 0; n < 12; n += 1) deep = { type: 'array', items: deep };
    expect(AnswerForm.safeParse(deep).success).toBe(false);
  });

  test('says of any value what a validator of JSON Schema says', () => {
    const { form } = fc.letrec<{ form: object }>((tie) => ({
      form: fc.oneof(
        { maxDepth: 3 },
        fc.record({ type: fc.constantFrom('string', 'boolean', 'null', ['null', 'string']) }),
        fc.record(
          {
            type: fc.constantFrom('number', 'integer'),
            minimum: fc.integer({ min: -3, max: 0 }),
            maximum: fc.integer({ min: 1, max: 3 }),
          },
          { requiredKeys: ['type'] },
        ),
        fc.record({ enum: fc.array(fc.constantFrom(1, 'a', null), { minLength: 1, maxLength: 3 }) }),
        fc.record(
          {
            type: fc.constant('array'),
            items: tie('form'),
            minItems: fc.nat(1),
            maxItems: fc.integer({ min: 1, max: 3 }),
          },
          { requiredKeys: ['type'] },
        ),
        fc.record(
          {
            type: fc.constant('object'),
            properties: fc.dictionary(fc.constantFrom('a', 'b'), tie('form')),
            required: fc.subarray(['a', 'b']),
          },
          { requiredKeys: ['type'] },
        ),
      ),
    }));
    const value = fc.jsonValue({ maxDepth: 3 });
    const near = fc.letrec<{ it: unknown }>((tie) => ({
      it: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<unknown>(1, 1.5, -2, 'a', null, true),
        fc.array(tie('it'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('it')),
      ),
    })).it;
    const seen = { fits: 0, fits_not: 0 };
    fc.assert(
      fc.property(form, fc.oneof(near, value), (one, json) => {
        const ours = said(one, json) === null;
        seen[ours ? 'fits' : 'fits_not'] += 1;
        expect(ours).toBe(valid(one, json));
      }),
      { numRuns: 2000 },
    );
    expect(Math.min(seen.fits, seen.fits_not)).toBeGreaterThan(50);
  });
});
