// A problem in a file, with cause and cure. It also makes problems of what a schema complains about. Must never repeat a
// value, because it may be a secret in the wrong place.
import type * as z from 'zod';

export type Problem = {
  file: string;
  line: number;
  /** A note says what a reader should know, and asks for nothing. */
  level: 'problem' | 'warning' | 'note';
  cause: string;
  cure: string;
};

/** Makes a problem of one file. */
export type Say = (line: number, cause: string, cure: string, level?: Problem['level']) => Problem;

type Issue = z.core.$ZodIssue;
type Said = Pick<Problem, 'cause' | 'cure'>;

/** Turns what a schema complains about into problems. `lineOf` gives the line of a path in the file. */
export function problemsOf(
  error: z.ZodError,
  file: string,
  lineOf: (path: readonly PropertyKey[]) => number,
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const at = (path: readonly PropertyKey[], said: Said): Problem => ({
      file,
      line: lineOf(path),
      level: 'problem',
      ...said,
    });
    if (issue.code !== 'unrecognized_keys') return [at(issue.path, say(issue))];
    return issue.keys.map((key) =>
      at([...issue.path, key], {
        cause: `\`${key}\` is not a key ${issue.path.length === 0 ? 'of this file' : `of ${dotted(issue.path)}`}`,
        cure: 'Remove it or correct its spelling',
      }),
    );
  });
}

function say(issue: Issue): Said {
  const name = issue.path.length === 0 ? 'the file' : `\`${dotted(issue.path)}\``;
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined')
        ? { cause: `${name} is missing`, cure: `Add it, as ${article(issue.expected)}` }
        : { cause: `${name} has the wrong type`, cure: `Write ${article(issue.expected)}` };
    case 'invalid_value':
      return { cause: `${name} has a value that is not known`, cure: `Write ${oneOf(issue.values)}` };
    case 'invalid_union':
      return 'options' in issue && Array.isArray(issue.options)
        ? { cause: `${name} is of no known kind`, cure: `Write ${oneOf(issue.options)}` }
        : { cause: `${name} has none of the forms known here`, cure: 'Compare it with a file that passes' };
    case 'invalid_key':
      return { cause: `${name} cannot be called so`, cure: `Expected here: ${issue.issues[0]?.message}` };
    case 'too_small':
      return {
        cause: `${name} is too small`,
        cure: `Write at least ${issue.minimum}${unit(issue.origin)}`,
      };
    case 'too_big':
      return { cause: `${name} is too big`, cure: `Write at most ${issue.maximum}${unit(issue.origin)}` };
    case 'invalid_format':
      return { cause: `${name} has the wrong form`, cure: `Expected here: ${issue.message}` };
    default:
      return { cause: `${name}: ${issue.message}`, cure: 'Correct it there' };
  }
}

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');
const article = (noun: string): string => `${/^[aeio]/.test(noun) ? 'an' : 'a'} ${noun}`;
const oneOf = (values: readonly unknown[]): string =>
  values.length === 1 ? String(values[0]) : `one of ${values.map(String).join(', ')}`;

function unit(origin: string): string {
  return origin === 'array' ? ' items' : origin === 'string' ? ' characters' : '';
}
