// What a journey can say: the steps a person takes, and what is expected in between.
// Must never let a step hold a key that no code reads, or act on something else than plain CSS names.

import * as z from 'zod';

/** An http(s) address, or a `{PARAMETER}` that begins one. */
export const Address = z
  .string()
  .max(2000)
  .regex(/^(https?:\/\/|\{[A-Z][A-Z0-9_]*\})/, 'starts with http://, https:// or a {PARAMETER}');
// Plain CSS only, because puppeteer's own selectors do not exist on every engine.
export const Selector = z
  .string()
  .min(1)
  .max(500)
  .regex(/^(?!(aria|text|xpath|pierce)\/)(?!.*(::-p-|>>>))/, 'plain CSS');
export const Text = z.string().trim().min(1).max(500);
export const Status = z.int().min(100).max(599);

// https://www.w3.org/TR/uievents-key/#named-key-attribute-values, those that stand on every keyboard
const NAMED =
  'Enter|Tab|Escape|Backspace|Delete|Space|Home|End|PageUp|PageDown|ArrowUp|ArrowDown|ArrowLeft|ArrowRight|F[1-9]|F1[0-2]';
const Key = z
  .string()
  .regex(
    new RegExp(`^((Control|Shift|Alt|Meta)\\+){0,3}(${NAMED}|[\\x21-\\x7e])$`),
    'a key, such as Enter, Tab, ArrowDown or Control+a',
  );

const AttributeName = z.string().regex(/^[a-zA-Z_:][\w:.-]{0,63}$/, 'the name of an attribute');

/** From 0 on; `at_most` of 0: nobody sees one. */
const Count = z
  .strictObject({
    selector: Selector,
    at_least: z.int().min(0).max(10_000).optional(),
    at_most: z.int().min(0).max(10_000).optional(),
  })
  .refine(
    ({ at_least, at_most }) => at_least !== undefined || at_most !== undefined,
    'counts nothing: give at_least or at_most',
  )
  .refine(({ at_least = 0, at_most = 10_000 }) => at_least <= at_most, 'at_least is more than at_most');

export const Expectation = z
  .strictObject({
    /** A person can read it. */
    text: Text.optional(),
    /** Part of the address. */
    url: Text.optional(),
    /** A person sees one. */
    selector: Selector.optional(),
    /** Nobody sees one any more. */
    gone: Selector.optional(),
    /** The first that is seen has this attribute; `value` and `checked` are asked of the element as it is now. */
    attribute: z
      .strictObject({
        selector: Selector,
        name: AttributeName,
        value: z.string().max(1000).nullable(),
      })
      .optional(),
    count: Count.optional(),
    /** Whether there is such a cookie, and what it is. Its value never stands in a reason. */
    cookie: z
      .strictObject({
        name: z.string().min(1).max(200),
        value: z.string().max(1000).optional(),
        present: z.boolean().optional(),
      })
      .optional(),
    status: Status.optional(),
  })
  .refine((expect) => Object.values(expect).some((part) => part !== undefined), 'expects nothing');
export type Expectation = z.output<typeof Expectation>;

const Read = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9_]{0,29}$/, 'lower-case letters, digits and underscores'),
    text_of: Selector.optional(),
    attribute: z.strictObject({ selector: Selector, name: AttributeName }).optional(),
  })
  .refine(
    ({ text_of, attribute }) => (text_of === undefined) !== (attribute === undefined),
    'reads a text or an attribute, one of them',
  );
export type Read = z.output<typeof Read>;

const Filled = z.strictObject({ selector: Selector, value: z.string().max(1000) });
const MOST_FILE = 10_000;

export const Step = z.union([
  z.strictObject({ goto: Address }),
  z.strictObject({ click: Selector }),
  z.strictObject({ fill: Filled }),
  z.strictObject({ select: Filled }),
  /** Ticks a box or a choice, as a click does, where it is not ticked yet. */
  z.strictObject({ check: Selector }),
  z.strictObject({ uncheck: Selector }),
  /** A small file of this name and content, which stands in the plan. */
  z.strictObject({
    upload: z.strictObject({
      selector: Selector,
      name: z.string().regex(/^[\w][\w. -]{0,80}$/, 'the name of a file, without a folder'),
      content: z.string().max(MOST_FILE),
    }),
  }),
  z.strictObject({ press: Key }),
  /** Seconds. For what only time shows; what is expected is waited for anyway. */
  z.strictObject({ wait: z.number().positive().max(20) }),
  /** How the next dialog is answered; a text is typed into it. Any other is dismissed. */
  z.strictObject({
    dialog: z.union([z.enum(['accept', 'dismiss']), z.strictObject({ accept: z.string().max(500) })]),
  }),
  /** A new tab is looked at by itself; `before` goes back to the one before it. */
  z.strictObject({ tab: z.literal('before') }),
  /** Keeps what a person reads there, or an attribute, for later steps: `{read.order}` stands for it. */
  z.strictObject({ read: Read }),
  z.strictObject({ expect: Expectation }),
]);
export type Step = z.output<typeof Step>;

/** Steps that do something to the site, and not only look. */
export const acts = (steps: readonly Step[]): boolean =>
  steps.some((step) => !Object.keys(step).some((key) => LOOKS.includes(key)));
const LOOKS = ['goto', 'expect', 'read', 'wait', 'dialog', 'tab'];
