// Reads a value from a page, for a later step of the same walk.
// Must never keep what a person cannot see, a password, or anything longer than one line.
import type { Read } from '#core/verification/steps';
import { asValue } from '#core/verification/variables';
import { askTarget } from '../in-page/ask.ts';
import type { Driver, Said } from './driver.ts';

/** Waits until there is something to read. It belongs to this walk alone: another engine reads its own. */
export function read(
  driver: Driver,
  { name, text_of, attribute }: Read,
  values: Map<string, string>,
): Promise<Said> {
  const selector = text_of ?? attribute?.selector ?? '';
  const ask =
    attribute === undefined
      ? askTarget(driver.layout, 'textOf', selector)
      : askTarget(driver.layout, 'attributeOf', selector, attribute.name);
  return driver.until(async () => {
    let got: string | null = null;
    const at = await driver.inFrames(ask, (answer) => {
      const said = typeof answer === 'object' && answer !== null ? answer : { why: 'missing' };
      got = 'value' in said && said.value !== null ? String(said.value) : null;
      return 'why' in said ? { why: String(said.why) } : { x: 0, y: 0 };
    });
    if ('why' in at)
      return at.why === 'missing' ? `${selector} is missing` : `${selector} cannot be read: ${at.why}`;
    const read = asValue(got ?? '');
    if ('why' in read) return `${selector} gives nothing to go on with: ${read.why}`;
    values.set(name, read.value);
    return null;
  });
}
