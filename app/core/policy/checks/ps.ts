// ps by its whole argument list: among options of the BSD kind, which have no dash, `e` prints the environments of
// processes, secrets included. It must never read a word as a process or a name that ps would take for options.
import type { Found } from '../engine/apply.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { type Arg, shapeOf, show, textOf } from '../engine/value.ts';

const long =
  /^--(no-headers?|no-heading|headers?|forest|deselect|cumulative|help|version|(sort|format|pid|ppid|user|cols|columns|width|rows|lines)=[\w%,.:+-]+)$/;
const longValue = /^--(sort|format|pid|ppid|user|cols|columns|width|rows|lines)$/;
/** Options with a dash. `x` is none of them: where one stands behind a dash, ps reads all others as BSD options too. */
const dashed = /^-[AacdeFfHjLlMNTwyZ]+$/;
const dashedValue = /^-[AacdeFfHjLlMNTwyZ]*[opCuUgGqOk]$/;
const dashedPids = /^-[pq]\d[\d,]*$/;
/** BSD options; people write a dash in front of them all the same. `e` and `E` are not among them. */
const bare = /^-?[auxfjlvwrhTNcmHSsn]+$/;
const bareValue = /^-?[auxfjlvwrhTNcmHSsn]*[opkOU]$/;
const list = /^[\w%,=:.+-]+$/;

/** `ps` with the words behind its name. */
export function checkPs(words: readonly Arg[]): Found {
  const issues: Issue[] = [];
  for (let at = 0; at < words.length && issues.length === 0; at++) {
    const arg = words[at] as Arg;
    const text = shapeOf(arg.value) === 'number' && !arg.splits ? '1' : textOf(arg);
    const shown = show(arg.value);
    if (text === null)
      issues.push(
        refusal(
          'secret-read',
          `${shown} is known only at run time, and ps may take it for e, which prints environments.`,
        ),
      );
    else if (long.test(text) || dashedPids.test(text) || /^\d+(,\d+)*$/.test(text)) continue;
    else if (longValue.test(text) || dashedValue.test(text) || bareValue.test(text)) {
      const value = words[++at];
      const given = value && (shapeOf(value.value) === 'number' ? '1' : (textOf(value) ?? ''));
      if (!given || !list.test(given) || /environ/i.test(given))
        issues.push(
          question('operand', `The value of ${shown} is not a plain list; write ps -eo pid,stat,args.`),
        );
    } else if (dashed.test(text) || bare.test(text)) continue;
    else if (/^[^-].*$|^-[^-]*x/.test(text) && /[eE]/.test(text))
      issues.push(
        refusal(
          'secret-read',
          `In ${shown}, e prints the environments of processes; write ps -ef or ps aux.`,
        ),
      );
    else
      issues.push(
        question(
          'unknown-option',
          `The policy does not know ${shown} of ps; write ps -ef, ps aux or ps -eo pid,stat,args.`,
        ),
      );
  }
  if (issues.length === 0 && showsAll(words) && !plainBeside(words))
    issues.push(
      refusal(
        'secret-read',
        'Beside these options, ps may read -e as the one that prints environments; write ps -ef, ps -eo pid,stat,args or ps aux.',
      ),
    );
  return { issues };
}

const texts = (words: readonly Arg[]) => words.map((arg) => textOf(arg) ?? '');
const showsAll = (words: readonly Arg[]) => texts(words).some((text) => /^-(?!-)\w*e/i.test(text));

/**
 * Where options with a dash contradict each other, ps reads all of them again as BSD options, and -e is another one
 * then. So beside -e stands a format, an order, a tree or processes by their numbers, and each of them once.
 */
function plainBeside(words: readonly Arg[]): boolean {
  const list = texts(words);
  const clusters = list.filter((text) => /^-\w*[A-Za-z]\w*$/.test(text));
  const formats = clusters.filter((text) => /[fFljoOL]/.test(text));
  const letters = clusters.join('');
  return (
    clusters.every((text) => /^-[eAfFlLjHwoO]+$/.test(text)) &&
    formats.length <= 1 &&
    !(/o/.test(letters) && /[fFljL]/.test(letters)) &&
    !(letters.includes('O') && /[fFljLo]/.test(letters)) &&
    !(letters.includes('L') && (letters.includes('H') || list.includes('--forest'))) &&
    list.every(
      (text, at) =>
        text.startsWith('-') || /^-\w*[oO]$/.test(list[at - 1] ?? '') || list[at - 1] === '--sort',
    )
  );
}
