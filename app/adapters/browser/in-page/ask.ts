// Puts together what is asked of a page: the parts of its small library, and one call. Must never put a word of a plan into it unquoted.

import { SAID } from './said.ts';
import { SEEN } from './seen.ts';
import { TARGETS } from './targets.ts';
import { TEXT } from './text.ts';
import { WORDS } from './words.ts';

/** Whether the engine lays pages out. */
export type Layout = boolean;

const call = (library: string, layout: Layout, name: string, values: readonly unknown[]): string =>
  `(() => { const LAYOUT = ${layout};${library}\nreturn ${name}(${values.map((one) => JSON.stringify(one)).join(', ')}); })()`;

/** An expression that calls a function of `targets.ts`. */
export const askTarget = (
  layout: Layout,
  name:
    | 'pointOf'
    | 'presence'
    | 'countOf'
    | 'attributeOf'
    | 'textOf'
    | 'field'
    | 'choose'
    | 'stateOf'
    | 'attach',
  ...values: string[]
): string => call(SEEN + TARGETS, layout, name, values);

/** An expression that is null when the text can be read. */
export const askWords = (layout: Layout, text: string): string =>
  call(SEEN + TEXT + WORDS, layout, 'words', [text]);

/** An expression that is what the page says. Nothing is asked of the layout, because that would scroll. */
export const askSaid = (most: number): string => call(SEEN + TEXT + SAID, false, 'said', [most]);

/** The body of a function of a frame's element and a place inside it: where that lies in the page around. */
export const askFramed = (layout: Layout): string =>
  `const LAYOUT = ${layout};${SEEN}\nreturn framed(e, x, y);`;

/** Those of the style sheets for which a browser waits before it paints anything. */
export const askBlocking = (urls: readonly string[]): string => `${JSON.stringify(urls)}.filter((url) => {
  const links = [...document.querySelectorAll('link')].filter((one) => one.href === url);
  return links.length === 0 || links.some((one) => !one.disabled && (!one.media || matchMedia(one.media).matches));
})`;
