// Words of alerts and runbooks, in a form that can be compared: CamelCase, snake_case and dotted names are split, units
// are kept, endings are removed. The same text always gives the same words. Must never drop an HTTP status or a
// percentile, because monitors speak in them.
import { conceptsOfPhrases, conceptsOfWord } from './concepts.ts';

const STOP = new Set(
  `a about above after again all also an and any are as at be because been before below but by can could did do does during
  each else ever every few for from get gets had has have how if in into is it its just last left let like many may me more
  most much my never next no nor not now of off old on once one only or other our out over own per put says see seen she
  should since so some still such than that the their them then there these they this those through to too two under until up
  us use used very was we were what when where which while who why will with would yet you your`.split(/\s+/),
);
/** Words that nearly every alert has. They say that something is wrong, but not what. */
const PALE = new Set(
  `alert alerting alarm above below critical warning warn triggered firing high low bad wrong rate threshold value monitor
  service services prod production env environment instance host severity summary description name alertname message issue
  problem unusual detected increased usage seconds minutes hours percent min max new user users customer customers failing
  fail fails failed failure error errors`.split(/\s+/),
);

/** Splits at everything but letters and digits, and inside names. Lower case. `joined`: also gives two parts as one word. */
export function wordsOf(text: string, joined = true): string[] {
  const words: string[] = [];
  for (const [name] of text.normalize('NFKC').matchAll(/[\p{L}\p{N}]+(?:['’][a-z]+)?/gu)) {
    const parts = name
      .replace(/['’].*$/, '')
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .replace(/(\p{Lu}+)(\p{Lu}\p{Ll})/gu, '$1 $2')
      .toLowerCase()
      .split(' ');
    words.push(...parts);
    // Some write CoreDNS as one name, others as two words.
    for (let at = 1; joined && at < parts.length; at++)
      words.push(`${parts[at - 1] ?? ''}${parts[at] ?? ''}`);
  }
  return words;
}

/** A word without its ending, so that `evicts`, `evicted` and `evictions` are one. It is crude, but equal on both sides. */
export function stem(word: string): string {
  if (word.length < 4 || /\d/.test(word)) return word;
  let stemmed = word.replace(/ies$/, 'y').replace(/([^suio])s$/, '$1');
  for (const ending of ['ations', 'ation', 'ions', 'ion', 'ing', 'ed', 'er', 'ly']) {
    if (!stemmed.endsWith(ending) || stemmed.length - ending.length < 4) continue;
    stemmed = stemmed.slice(0, -ending.length).replace(/([bdgklmnprt])\1$/, '$1');
    break;
  }
  return stemmed.replace(/(?<=...)[ey]$/, '');
}

/** The different words worth comparing, and the concepts (`~memory`) that they stand for. */
export function tokensOf(text: string): Set<string> {
  const words = wordsOf(text);
  const tokens = new Set<string>();
  for (const word of words) for (const token of tokensOfWord(word)) tokens.add(token);
  for (const concept of conceptsOfPhrases(words.join(' '))) tokens.add(concept);
  return tokens;
}

/** Results from before, because texts of operations use few words many times. When it is full, it is emptied. */
const worked = new Map<string, readonly string[]>();
const REMEMBERED = 50_000;

/** First the word's own token, if it is worth one, then the concepts that it stands for by itself. */
export function tokensOfWord(word: string): readonly string[] {
  const known = worked.get(word);
  if (known) return known;
  if (worked.size >= REMEMBERED) worked.clear();
  const tokens = [...ownTokens(word), ...conceptsOfWord(word)];
  worked.set(word, tokens);
  return tokens;
}

function ownTokens(word: string): string[] {
  const status = /^([45])\d\d$/.exec(word)?.[1];
  if (status) return [word, `${status}xx`];
  if (/^\p{N}+(ms|s|m|h|d|gb|mb|kb|gib|mib|k|g)?$/u.test(word)) return [];
  return word.length > 1 && word.length <= 40 && !STOP.has(word) ? [stem(word)] : [];
}

const pale = new Set([...PALE].map(stem));
/** Whether a token says little by itself. */
export const isPale = (token: string): boolean => pale.has(token) || /^(?:[45]xx|~errors)$/.test(token);

const CAUSES =
  '(?:deploy\\w*|releas\\w*|roll\\w*|flags?|chang\\w*|touched|upgrad\\w*|migrat\\w*|restart\\w*|memory|cpu|disk|leak\\w*|lag|locks?|throttl\\w*|outage|shipped)';
const DENIED = new RegExp(
  `\\b(?:no|not|without|never|nothing(?: was)?|nor)\\s+(?:\\w+\\s+){0,2}?${CAUSES}`,
  'gi',
);
const WELL =
  /\b(?:[\w-]+\s+){1,2}(?:is|are|was|were|looks?|stays?|remains?)\s+(?:\w+\s+)?(?:normal|fine|healthy|idle|ok|okay|well|unaffected|low)\b/gi;
const RESOURCE = '(?:cpu|memory|mem|heap|disk|inodes?|pool|connections?|quota|volume|load)';
/** A use of less than half means that nothing is exhausted. */
const LITTLE = new RegExp(
  `\\b${RESOURCE}\\s+(?:\\w+\\s+){0,2}?[1-4]?\\d(?:\\.\\d+)? ?(?:%|percent)|\\b[1-4]?\\d(?:\\.\\d+)? ?(?:%|percent) (?:of )?(?:the )?${RESOURCE}\\b`,
  'gi',
);

export type Said = { asserted: string; denied: string };

/** What the evidence claims, and what it rules out: “no deploy in the window”, “CPU is normal”, “cpu 4 percent”. */
export function saidIn(text: string): Said {
  const denied: string[] = [];
  const keep = (said: string): string => {
    denied.push(said);
    return ' ';
  };
  const asserted = text.replace(WELL, keep).replace(LITTLE, keep).replace(DENIED, keep);
  return { asserted, denied: denied.join('\n') };
}
