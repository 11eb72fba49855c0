// Makes a violating script as small as it gets: lines first, then pieces of lines, as long as it is still allowed and still does it.
// It must never change how the world answers it.
import type { Caught } from './lane.ts';
import { violating } from './lane.ts';

const mostRounds = 40;
const mostTries = 120;

export function shrunk({ order, violations }: Caught): string {
  const kind = violations[0]?.kind;
  let { script } = order;
  for (let round = 0; kind && round < mostRounds; round++) {
    const tries = smaller(script).slice(0, mostTries);
    const [better] = violating(
      tries.map((text) => ({ ...order, script: text })),
      kind,
    );
    if (!better) break;
    script = better.script;
  }
  return script;
}

/** Texts with something left out, the largest cuts first. */
function smaller(script: string): string[] {
  const lines = script.trimEnd().split('\n');
  const out: string[] = [];
  for (let size = lines.length >> 1; size >= 1; size >>= 1)
    for (let at = 0; at + size <= lines.length; at += size)
      out.push(`${lines.toSpliced(at, size).join('\n')}\n`);
  const words = script.split(/(?<=\s)/);
  for (let at = 0; at < words.length; at++) out.push(words.toSpliced(at, 1).join(''));
  for (const size of [8, 4, 2, 1])
    for (let at = 0; at + size <= script.length && script.length < 400; at += size)
      out.push(script.slice(0, at) + script.slice(at + size));
  return [...new Set(out)].filter((text) => text.trim() !== '' && text.length < script.length);
}
