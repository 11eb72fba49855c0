// How rules and the inventory name what a script does: commands by their words, targets by a whole or a part, `*` for anything.
// Must never miss what is known only at run time: it may be what a name stands for.
import type { JudgedCommand } from './types.ts';

/** A word that is put together at run time may be any word. */
export const open = (word: string): boolean => /[$`]|[<>]\(/.test(word);

/** The command's name, then the other words in their order; options may stand between them, and so may anything else. */
export function hasWords(argv: readonly string[], pattern: string): boolean {
  const [name = '', ...words] = pattern.split(/\s+/).filter((word) => word !== '');
  const [first = '', ...rest] = argv;
  if (!like(first.slice(first.lastIndexOf('/') + 1), name)) return false;
  let at = 0;
  for (const word of rest) {
    const wanted = words[at];
    if (wanted === undefined) break;
    if (like(word, wanted) || open(word)) at++;
  }
  return at === words.length;
}

/** What is changed, as a whole and in its parts: `deployment/web in shop` is also `web` and `shop`; an action also its id. */
export function aims({ effect, target, argv, written }: JudgedCommand, pattern: string): boolean {
  if (effect === 'read') return false;
  if (written?.action && like(written.action.id, pattern)) return true;
  if (target === null)
    return argv.slice(1).some((word) => open(word) || namesOf(word).some((n) => like(n, pattern)));
  return namesOf(target).some((name) => like(name, pattern) || open(name));
}

function namesOf(text: string): string[] {
  const parts = text.split(/ in |[ ,=]/);
  return [text, ...parts, ...parts.map((part) => part.slice(part.indexOf('/') + 1))];
}

/** The numbers of replicas that a scale may set, as they are written. Empty: none can be read. */
export function sizesOf({ argv }: Pick<JudgedCommand, 'argv'>): string[] {
  return argv.flatMap((word, at) => {
    // A patch of an autoscaler.
    if (/^[{[]/.test(word)) return word.match(/\d+/g) ?? [];
    if (!/^-.*(replicas|count|capacity|size|instances|nodes|scale|min|max)\b/i.test(word))
      return /^[\w./-]+=\d+$/.test(word) ? [afterEquals(word)] : [];
    return [afterEquals(word.includes('=') ? word : (argv[at + 1] ?? ''))];
  });
}

const afterEquals = (text: string): string => text.slice(text.lastIndexOf('=') + 1);

/** Letter by letter, `*` for anything; linear in the text for each star. */
export function like(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
