// Tells a verdict to people: the source line of every finding, with carets under the place.
// Must never let a script's own bytes steer the terminal.
import type { Finding, Verdict } from '#core/policy/types';
import { visible } from '#core/text/untrusted';
import type { Shell } from './command.ts';
import { count, paint } from './terminal.ts';

const colours = { allow: 'green', review: 'yellow', refuse: 'red' } as const;
const widest = 160;

type Told = { file: string; script: string; verdict: Verdict };

export function judgedForPeople({ file, script, verdict }: Told, shell: Shell): string {
  const lines = script.split('\n');
  const name = visible(file);
  const effects = verdict.effects.map(
    ({ kind, target, selfRestoring }) =>
      `  ${kind} ${visible(target ?? '')}${selfRestoring ? ' (restores itself)' : ''}\n`,
  );
  const reads = verdict.commands.filter(({ effect }) => effect === 'read').length;
  const notes = (verdict.notes ?? []).map(
    ({ line, code, sentence }) =>
      `${paint(shell, 'bold', `${name}:${line}:`)} note ${code}: ${visible(sentence)}\n`,
  );
  return [
    ...verdict.findings.map((finding) => `${shown(name, lines, finding, shell)}\n`),
    ...notes,
    `${name}: ${paint(shell, colours[verdict.verdict], verdict.verdict)}, risk ${verdict.risk}, `,
    `${count(verdict.commands.length, 'command')}, ${reads} of them only read\n`,
    ...effects,
    ...(verdict.costs ?? []).map(
      ({ risk, sentence }) => `  ${risk === null ? '' : `${risk}: `}${visible(sentence)}\n`,
    ),
  ].join('');
}

/** One finding with its line and carets. `name`: the file's, as it may stand in a terminal. */
export function shown(name: string, lines: readonly string[], finding: Finding, shell: Shell): string {
  const { line, column, command, level, code, sentence } = finding;
  const head = `${paint(shell, 'bold', `${name}:${line}:${column}:`)} ${paint(shell, colours[level], level)} ${code}: ${visible(sentence)}`;
  const source = lines[line - 1] ?? '';
  // Of a long line, only the part around the place is shown.
  const from = column > widest - 40 ? column - 41 : 0;
  const before = source.slice(from, column - 1);
  const rest = source.slice(column - 1, from + widest);
  const first = command.split('\n')[0] ?? '';
  const meant = first !== '' && rest.startsWith(first) ? first : rest.trimEnd();
  const gutter = String(line).padStart(5);
  const pad = ' '.repeat(oneEach(before).length);
  const carets = '^'.repeat(Math.max(1, oneEach(meant).length));
  return [
    head,
    `${gutter} | ${oneEach(before)}${oneEach(rest)}`,
    `${' '.repeat(5)} | ${pad}${paint(shell, colours[level], carets)}`,
  ].join('\n');
}

/** One column for each character, so that the carets are under the right place. */
const oneEach = (text: string): string =>
  text.replace(/[^\x21-\x7e]/gu, (sign) => (/\p{L}|\p{N}/u.test(sign) ? sign : ' '));
