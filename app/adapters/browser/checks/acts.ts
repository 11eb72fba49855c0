// What a person does on a page: click, fill, choose, press keys. Each acts on the first match that can be reached, and acts once.
// It must never act on what a person cannot see or reach, and never empty a field that cannot be filled.

import type { KeyInput } from 'puppeteer-core';
import { askTarget } from '../in-page/ask.ts';
import type { Driver, Said } from './driver.ts';
import type { Place } from './frames.ts';
import { errorLine } from './look.ts';

/** Clicks where a person would. */
export async function click(driver: Driver, selector: string): Promise<Said> {
  const found = await place(driver, selector);
  if (typeof found === 'string') return found;
  return clickAt(driver, found.x, found.y);
}

/** A click that closes its own tab has done what it should, and hears no more of it. */
function clickAt(driver: Driver, x: number, y: number): Promise<Said> {
  const { page } = driver.tabs.here();
  const isGone = (error: unknown): boolean =>
    driver.tabs.count() > 1 && /Target closed|Session closed/i.test(errorLine(error));
  return driver.act(() =>
    page.mouse.click(x, y).catch((error) => {
      if (!page.isClosed() && !isGone(error)) throw error;
    }),
  );
}

async function place(driver: Driver, selector: string): Promise<{ x: number; y: number } | string> {
  let at: Place | null = null;
  // The point is looked for again until there is one that stands still. The act itself happens once.
  const said = await driver.until(async () => {
    const ask = (): Promise<Place> => driver.inFrames(askTarget(driver.layout, 'pointOf', selector), asPlace);
    const before = await ask();
    at = driver.layout && !('why' in before) ? await driver.later(ask) : before;
    if ('why' in at) return wrong(selector, at.why);
    const still = 'why' in before || Math.hypot(at.x - before.x, at.y - before.y) < 2;
    return still ? null : wrong(selector, 'it keeps moving');
  });
  const found = at as Place | null;
  if (said !== null) return said;
  return found === null || 'why' in found ? `${selector} is missing` : found;
}

/** Types over what stands in a field. A picker's field (a date, a range) takes its value as from the picker. */
export async function fill(driver: Driver, selector: string, value: string): Promise<Said> {
  let kind: Kind = {};
  const said = await driver.until(async () => {
    const answer = await inOneFrame(driver, askTarget(driver.layout, 'field', selector, value));
    kind = answer;
    return answer.why === undefined ? null : wrong(selector, answer.why);
  });
  if (said !== null || kind.done) return said;
  const { keyboard } = driver.tabs.here().page;
  if (value === '' && kind.editable) await driver.timed(keyboard.press('Delete'));
  else await driver.timed(keyboard.type(value));
  return null;
}

type Kind = { why?: string; done?: boolean; editable?: boolean; readOnly?: boolean };

/** Chooses an option by its value. */
export const select = (driver: Driver, selector: string, value: string): Promise<Said> =>
  changing(driver, () => inOneFrame(driver, askTarget(driver.layout, 'choose', selector, value)), selector);

/** Ticks or unticks, by a click where one is needed. */
export async function tick(driver: Driver, selector: string, wanted: boolean): Promise<Said> {
  let [on, at]: [boolean, Place] = [!wanted, { why: 'missing' }];
  const find = (): Promise<Said> =>
    driver.until(async () => {
      at = await driver.inFrames(askTarget(driver.layout, 'stateOf', selector), (answer) => {
        on = typeof answer === 'object' && answer !== null && 'on' in answer && answer.on === true;
        return asPlace(answer);
      });
      return 'why' in at ? wrong(selector, at.why) : null;
    });
  const said = await find();
  if (said !== null || on === wanted || 'why' in at) return said;
  const { x, y } = at;
  const clicked = await clickAt(driver, x, y);
  if (clicked !== null) return clicked;
  return driver.until(async () => {
    const after = await find();
    return after ?? (on === wanted ? null : `${selector} stays ${wanted ? 'unticked' : 'ticked'}`);
  });
}

/** Gives a field a small file of the plan. */
export const upload = (driver: Driver, selector: string, name: string, content: string): Promise<Said> =>
  changing(
    driver,
    () => inOneFrame(driver, askTarget(driver.layout, 'attach', selector, name, content)),
    selector,
  );

/** Presses a key, with others held down before it: `Control+a`. */
export function press(driver: Driver, keys: string): Promise<Said> {
  const named = keys.split(/\+(?=.)/) as KeyInput[];
  const last = named.pop() ?? 'Enter';
  const { keyboard } = driver.tabs.here().page;
  return driver.act(async () => {
    for (const held of named) await keyboard.down(held);
    await keyboard.press(last);
    for (const held of named.toReversed()) await keyboard.up(held);
  });
}

/** Does something inside the page that may lead on, once it can be done. */
async function changing(driver: Driver, change: () => Promise<Kind>, selector: string): Promise<Said> {
  const { begun } = driver.tabs.here().doc;
  const open = driver.tabs.count();
  const said = await driver.until(async () => {
    const { why } = await change();
    return why === undefined ? null : wrong(selector, why);
  });
  return said ?? driver.settle(begun, open);
}

/** Where it is done in the page or in the first frame that has it. */
async function inOneFrame(driver: Driver, expression: string): Promise<Kind> {
  let kind: Kind = { why: 'missing' };
  const at = await driver.inFrames(expression, (answer) => {
    kind = asKind(answer);
    return kind.why === undefined ? { x: 0, y: 0 } : { why: kind.why };
  });
  return 'why' in at && kind.why === undefined ? { why: at.why } : kind;
}

const asKind = (answer: unknown): Kind =>
  typeof answer === 'object' && answer !== null ? answer : { why: 'missing' };
const asPlace = (answer: unknown): Place =>
  typeof answer === 'object' && answer !== null && ('why' in answer || 'x' in answer)
    ? (answer as Place)
    : { why: 'missing' };

const wrong = (selector: string, why: string): string =>
  why === 'missing' ? `${selector} is missing` : `${selector} cannot be used: ${why}`;
