// How results look on a terminal: colours where they are wanted, and aligned columns. Must never decide what is said.
import { styleText } from 'node:util';
import type { Shell } from './command.ts';

type Style = Parameters<typeof styleText>[0];

export function paint(shell: Pick<Shell, 'colour'>, style: Style, text: string): string {
  return shell.colour ? styleText(style, text, { validateStream: false }) : text;
}

/** Rows of cells as aligned lines. The last column is not padded. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** For example `one problem` or `3 problems`. */
export function count(number: number, noun: string): string {
  return `${number === 1 ? 'one' : number === 0 ? 'no' : number} ${noun}${number === 1 ? '' : 's'}`;
}
