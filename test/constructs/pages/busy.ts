// Constructs that keep the browser itself busy. They stand last, since what is busy slows down whatever is looked at beside it.
import { bad, buys, OUT, script, shows } from '../construct.ts';

const P = '<p>Mug</p>';
const mug = shows('Mug');

export const busy = [
  bad('loop-at-load', 'The page is busy for ever.', `${script('for (;;);')}${P}`, mug),
  bad(
    'loop-on-click',
    'The click keeps the page busy for ever.',
    `<button id="buy" onclick="for (;;);">Buy</button>${OUT}`,
    buys,
  ),
];
