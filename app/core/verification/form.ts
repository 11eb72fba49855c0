// A form, filled and sent: a journey in fewer words, and from the moment it is read nothing else than that journey.
// Must never say what a journey cannot.
import * as z from 'zod';
import { Id, screenshot, seconds } from './fields.ts';
import type { journeyCheck } from './journey-check.ts';
import { Address, Expectation, Selector, type Step } from './steps.ts';

/** Names as HTML gives them to fields: `email`, `items[0].count`. */
const field = z.string().regex(/^[A-Za-z_][\w.[\]:-]{0,79}$/, 'the name of a field');
const named = z.record(field, z.string().max(1000)).default({});
const boxes = z.array(field).max(10).default([]);

export const formCheck = z
  .strictObject({
    id: Id,
    kind: z.literal('form'),
    url: Address,
    fill: named,
    select: named,
    check: boxes,
    uncheck: boxes,
    /** What is clicked in the end. */
    send: Selector,
    /** Of the page that comes then. */
    expect: Expectation,
    screenshot,
    timeout_s: seconds(60).default(20),
  })
  .refine(({ fill, select, check, uncheck }) => {
    const all = [...Object.keys(fill), ...Object.keys(select), ...check, ...uncheck];
    return all.length <= 25 && new Set(all).size === all.length;
  }, 'names each field once, and 25 at most')
  .transform((form): z.output<typeof journeyCheck> => {
    const { id, url, fill, select, check, uncheck, send, expect, screenshot, timeout_s } = form;
    const at = (name: string) => `[name="${name}"]`;
    const steps: Step[] = [
      ...Object.entries(fill).map(([name, value]) => ({ fill: { selector: at(name), value } })),
      ...Object.entries(select).map(([name, value]) => ({ select: { selector: at(name), value } })),
      ...check.map((name) => ({ check: at(name) })),
      ...uncheck.map((name) => ({ uncheck: at(name) })),
      { click: send },
      { expect },
    ];
    const pictured = screenshot === undefined ? {} : { screenshot };
    return { id, kind: 'journey', start: url, steps, ...pictured, timeout_s };
  });
