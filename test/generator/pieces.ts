// The lists that texts are put together from, one piece a line; `⏎` stands for a line break. A line may be empty, and is a piece then.
// It must never sort or thin them out: a seed names a text by their places.
import { readFileSync } from 'node:fs';

type List =
  | 'plain'
  | 'sinks'
  | 'wild'
  | 'frames'
  | 'hostile'
  | 'literals'
  | 'noise'
  | 'operators'
  | 'outputs';

export function pieces(list: List): readonly string[] {
  const text = readFileSync(new URL(`pieces/${list}.txt`, import.meta.url), 'utf8');
  return text
    .slice(0, -1)
    .split('\n')
    .map((line) => line.replaceAll('⏎', '\n'));
}
