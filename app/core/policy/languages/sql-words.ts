// The words of an SQL text: names, numbers, quoted texts and signs, as PostgreSQL and MySQL both divide them.
// It must never step over a comment, a backslash, a dollar or a colon: each client and server reads those its own way.
import { question, refusal } from '../engine/run.ts';
import { notPlain } from './reading.ts';
import { sqlSecrets } from './sql-functions.ts';

export type Dialect = 'pg' | 'mysql';
/** `text`: words in lower case, `name` and `text` without their quotes; `raw` as it is written. `line`: it begins one. */
export type Token = {
  is: 'word' | 'name' | 'text' | 'number' | 'sign' | 'end';
  text: string;
  raw: string;
  line: boolean;
};
export type Tokens = { list: readonly Token[]; at: number; dialect: Dialect; depth: number };

const last: Token = { is: 'end', text: '', raw: '', line: false };

const form =
  /([A-Za-z_]\w*)|'((?:[^'\\\n]|'')*)'|"([^"\\\n]*)"|`([\w $-]*)`|(\d+(?:\.\d+)?)(?![\w.])|(::|<=|>=|<>|!=|\|\||->>?|!?~\*?|@@(?=[a-z])|[-+*/%=<>(),.;[\]])/y;

const comment = /--|#|\/\*|\*\//;

/** Divides a text; a text that holds what is read in different ways is not plain. */
export function tokens(sql: string, dialect: Dialect): Token[] {
  const list: Token[] = [];
  for (let at = 0; ; ) {
    const gap = /[ \t\r\n]*/y;
    gap.lastIndex = at;
    const blank = gap.exec(sql)?.[0] ?? '';
    at += blank.length;
    const line = list.length === 0 || blank.includes('\n');
    if (at >= sql.length) return [...list, last];
    form.lastIndex = at;
    const found = form.exec(sql);
    const beside = list.at(-1);
    // E'…', N'…' and 'a''b' with something between have rules of their own.
    const glued = blank === '' && beside !== undefined && beside.is !== 'sign' && found?.[6] === undefined;
    if (!found || glued || comment.test(sql.slice(at, at + 2))) return strange(sql, at);
    const [raw, word, text, double, back, number] = found;
    // A quoted name is a plain one; in MySQL, double quotes may stand around a text.
    if (back !== undefined && dialect === 'pg') return strange(sql, at);
    if (double !== undefined && dialect === 'pg' && !/^[\w $-]+$/.test(double)) return strange(sql, at);
    at += raw.length;
    const add = (is: Token['is'], what: string) => list.push({ is, text: what, raw, line });
    if (word !== undefined) add('word', word.toLowerCase());
    else if (text !== undefined) add('text', text.replaceAll("''", "'"));
    else if (double !== undefined && dialect === 'mysql' && sqlSecrets.test(double))
      // By the server's settings this may be a name.
      notPlain(refusal('secret-read', `By its name, ${double} holds credentials or sessions.`));
    else if (double !== undefined) add(dialect === 'pg' ? 'name' : 'text', double);
    else if (back !== undefined) add('name', back);
    else if (number !== undefined) add('number', number);
    else add('sign', raw);
  }
}

function strange(sql: string, at: number): never {
  const here = sql.slice(at, at + 2);
  if (comment.test(here))
    notPlain(
      refusal(
        'sql',
        'A comment in SQL can hide a statement, since servers end it differently; leave comments out, and write 5 - (1) with blanks.',
      ),
    );
  if (here.startsWith('\\'))
    notPlain(
      refusal(
        'runs-code',
        'A backslash begins a command of the client, which can run programs, or hides a quote; leave it out.',
      ),
    );
  if (/^[$'"`:]/.test(here))
    notPlain(
      refusal(
        'sql',
        `This SQL has a quote or variable, ${here[0]}, that is read in more than one way; write plain 'text' on one line.`,
      ),
    );
  return notPlain(question('sql', `The policy does not read “${sql.slice(at, at + 12)}” in this SQL.`));
}

export const peek = (t: Tokens, ahead = 0): Token => t.list[t.at + ahead] ?? last;

/** Phrases of the grammar, split once each. */
const phrases = new Map<string, readonly string[]>();

/** True if these words or signs stand here. Nothing is read. */
export function standing(t: Tokens, words: string): boolean {
  const phrase = phrases.get(words) ?? words.split(' ');
  phrases.set(words, phrase);
  return phrase.every((text, ahead) => {
    const token = peek(t, ahead);
    return token.text === text && (token.is === 'word' || token.is === 'sign');
  });
}

/** Reads these words or signs if all of them stand here. */
export function take(t: Tokens, words: string): boolean {
  if (!standing(t, words)) return false;
  t.at += phrases.get(words)?.length ?? 0;
  return true;
}

/** Reads one of these; null if none stands here. */
export const takeOne = (t: Tokens, choices: readonly string[]): string | null =>
  choices.find((words) => take(t, words)) ?? null;

export function need(t: Tokens, words: string): void {
  if (!take(t, words)) unread(t);
}

/** Ends the reading where no rule goes on. */
export function unread(t: Tokens): never {
  const shown = t.list.slice(t.at, t.at + 4).map(({ text }) => text);
  const where = shown.join(' ').trim() || 'its end';
  return notPlain(
    question(
      'sql',
      `The policy does not read this SQL at “${where}”; write one SELECT of columns, conditions and known functions.`,
    ),
  );
}
