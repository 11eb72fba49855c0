// Redis keys of one prefix: listed by `--scan --pattern 'prefix:*'`, and removed by what the list is passed to.
// It must never take a pattern for a prefix, nor keys from anywhere else for those of a list.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, type Run, refusal } from '../engine/run.ts';
import { type Arg, textOf } from '../engine/value.ts';

const prefixForm = /^[A-Za-z0-9][\w.:/{}-]{1,100}[:._/-]\*$/;
const origin = 'keys of ';

/**
 * What `--scan` prints: the keys of one prefix, and it is remembered of which, unless a foreign server lists them. Null: there is no
 * `--scan`.
 */
export function scanned(parsed: Parsed, ours: boolean): Found | null {
  if (!has(parsed, '--scan')) return null;
  const pattern = optionValue(parsed, '--pattern');
  const text = textOf(pattern ?? undefined);
  if (pattern && text === null)
    return { issues: [refusal('tainted', 'Which keys are listed is known only at run time.')] };
  // Not a path, but like one: names below a beginning that is known, which nothing else takes for its own.
  return {
    issues: [],
    output:
      ours && text !== null && prefixForm.test(text)
        ? { shape: 'path', under: `${origin}${text}` }
        : { shape: 'text' },
  };
}

/** The prefix whose listed keys these words are; null: they are something else. */
function listed(words: readonly Arg[]): string | null {
  const [first, ...more] = words.map(({ value: [only, ...rest] }) =>
    rest.length === 0 && typeof only === 'object' && only.shape === 'path' && only.under?.startsWith(origin)
      ? only.under.slice(origin.length)
      : null,
  );
  return first !== undefined && more.length === 0 ? first : null;
}

/** `unlink` or `del` of the keys that a list holds; null: it is another command. */
export function removesListed(operands: readonly Arg[], run: Run): Found | null {
  const [verb, ...keys] = operands;
  const pattern = listed(keys);
  if (pattern === null || !/^(unlink|del)$/i.test(textOf(verb) ?? '')) return null;
  const issues: Issue[] = [
    question(
      'asks',
      'A key of the list that holds blanks or line breaks can become the name of another key; a person has to know how these keys are named.',
    ),
  ];
  const begin = pattern.slice(0, -1);
  const { values } = run.inventory;
  const within = [...values].some((value) => /[:._/-]$/.test(value) && begin.startsWith(value));
  if (!within && ![pattern, begin.slice(0, -1)].some((name) => values.has(name)))
    issues.push(
      question(
        'foreign-prefix',
        `${begin} is in no parameter of the inventory, so a person has to know whose keys these are.`,
      ),
    );
  return { issues, effect: 'cache.purge', target: pattern };
}
