// Comment commands: `/vigil <word>` on the first line of a new comment. Text in, one of a few commands out.
// Must never find a command anywhere but at the start of a comment. The words after it are only a reason.
import { cut } from '#core/text/cut';
import { normalise } from '#core/text/untrusted';

const commandWords = [
  'approve',
  'reject',
  'retry',
  'undo',
  'explain',
  'state',
  'keep',
  'hold',
  'release',
  'stop',
  'help',
] as const;
type CommandWord = (typeof commandWords)[number];
export type Command = { word: CommandWord; all: boolean; reason: string };
export type ParsedCommand =
  | { kind: 'none' }
  | { kind: 'unknown'; word: string }
  | { kind: 'command'; command: Command };

const MAX_REASON = 300;

export function parseCommand(comment: string): ParsedCommand {
  const [first = ''] = normalise(comment, { maxChars: 2000 }).split('\n');
  const said = /^\/vigil(?:\s+(\S+)(?:\s+(.*))?)?\s*$/.exec(first);
  if (!said) return { kind: 'none' };
  const [, word = 'help', rest = ''] = said;
  if (!isWord(word)) return { kind: 'unknown', word: cut(word, 40) };
  const all = (word === 'hold' || word === 'release') && /^all\b/.test(rest);
  const reason = (all ? rest.slice(3) : rest).trim().slice(0, MAX_REASON);
  return { kind: 'command', command: { word, all, reason } };
}

function isWord(word: string): word is CommandWord {
  return (commandWords as readonly string[]).includes(word);
}

/**
 * Whether somebody meant a command that is none: written otherwise, or not on the first line. What is quoted or code is nobody's
 * command. Null: nothing like it.
 */
export function nearMiss(comment: string): string | null {
  let fenced = false;
  for (const line of normalise(comment, { maxChars: 2000 }).split('\n')) {
    if (/^\s*(```|~~~)/.test(line)) fenced = !fenced;
    const [, word = ''] = (!fenced && /^\s{0,3}(?:[/@!]vigil|vigil:)[\s:,]+([a-z]+)\b/i.exec(line)) || [];
    if (isWord(word.toLowerCase())) return word.toLowerCase();
  }
  return null;
}
