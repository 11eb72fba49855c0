// What is said of the app's clock when it differs from GitHub's. Must never blame a clock for what a slow network does.

/** So much may two clocks differ, with the way of an answer, before anybody is told. */
const NOTABLE_S = 30;

/** `aheadS`: how far the app's clock is before GitHub's, in seconds. Null: not worth a word. */
export function clockWords(aheadS: number): string | null {
  const seconds = Math.round(Math.abs(aheadS));
  if (seconds < NOTABLE_S) return null;
  return `the app's clock is ${seconds} s ${aheadS > 0 ? 'ahead of' : 'behind'} GitHub's`;
}
