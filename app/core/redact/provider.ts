// How one vendor's credentials look. Tables of these are data; this file runs them.
import { literalFinder } from './literals.ts';
import { hits } from './matching.ts';
import type { Detector } from './span.ts';

/** `hints` are literals of which one occurs in every match: the pattern runs only where one was seen. None: always.
 * Three characters at least. */
export type Provider = { kind: string; hints: readonly string[]; pattern: RegExp };

/** One row; hints are separated by spaces. The pattern's first group is the secret when it has one, else all of it. */
export function provider(kind: string, hints: string, pattern: RegExp): Provider {
  return {
    kind,
    hints: hints.split(' ').filter(Boolean),
    pattern: new RegExp(pattern.source, `${pattern.flags}g`),
  };
}

/** A detector over a table: one pass finds which hints occur, then only their patterns run. */
export function detectorOf(table: readonly Provider[]): Detector {
  const always = table.filter((row) => row.hints.length === 0);
  const rows = new Map<string, Provider[]>();
  for (const row of table) for (const hint of row.hints) rows.set(hint, [...(rows.get(hint) ?? []), row]);
  const find = literalFinder([...rows.keys()]);
  return (text, report) => {
    const due = new Set(always);
    for (const hint of find(text)) for (const row of rows.get(hint) ?? []) due.add(row);
    for (const { kind, pattern } of due) {
      for (const hit of hits(pattern, text)) {
        const secret = hit.find((group, index) => index > 0 && group !== undefined) ?? hit[0];
        const end = hit.index + hit[0].length;
        report({ kind, start: end - secret.length, end });
      }
    }
  };
}
