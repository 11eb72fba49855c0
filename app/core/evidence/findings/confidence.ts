// Reads how sure somebody says they are: 85%, 0.85, 8/10, high, likely. It is advice only.
// Must never read a missing confidence as 0: it is unknown.
import { cut } from '#core/text/cut';
import type { Confidence } from './finding.ts';

const words: readonly [RegExp, number][] = [
  [/\b(very high|almost certain|certain|confirmed)\b/i, 0.95],
  [/\b(very low|unlikely)\b/i, 0.1],
  [/\b(high|highly likely|strong)\b/i, 0.8],
  [/\b(medium|moderate|likely|probable)\b/i, 0.6],
  [/\b(low|weak|possible|possibly|maybe)\b/i, 0.3],
];

/** The number from 0 to 1 that was said. Null: the text holds no number that can be believed. */
export function readConfidence(said: string | number | null | undefined): Confidence | null {
  if (said === null || said === undefined) return null;
  const text = cut(String(said).trim(), 60);
  if (text === '') return null;
  return { value: numberIn(text), said: text };
}

function numberIn(text: string): number | null {
  const percent = /(\d{1,3}(?:\.\d+)?)\s*%/.exec(text);
  if (percent) return within(Number(percent[1]) / 100);
  const share = /(\d{1,3}(?:\.\d+)?)\s*\/\s*(\d{1,3})\b/.exec(text);
  if (share) return Number(share[2]) > 0 ? within(Number(share[1]) / Number(share[2])) : null;
  const plain = /(?<![\w.])(\d{1,3}(?:\.\d+)?)(?![\w.])/.exec(text);
  if (plain) {
    const value = Number(plain[1]);
    // A bare 85 is a percentage, a bare 0.85 is a share. 1 means certain in both.
    return within(value > 1 ? value / 100 : value);
  }
  return words.find(([word]) => word.test(text))?.[1] ?? null;
}

function within(value: number): number | null {
  return Number.isFinite(value) && value >= 0 && value <= 1 ? value : null;
}
