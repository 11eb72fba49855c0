// How one vendor's credentials look. Tables of these are data; this file runs them.
import type { Detector } from './span.ts';

/** `hints` are literals of which one occurs in every match: the pattern runs only where one was seen. None: always. */
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
  // Shortest first: a hint that begins with another one is found as that, and stands for both.
  const hints = [...new Set(table.flatMap((row) => row.hints))].sort((a, b) => a.length - b.length);
  const rows = new Map(
    hints.map((hint) => [hint, table.filter((row) => row.hints.some((own) => own.startsWith(hint)))]),
  );
  const any = new RegExp(hints.map((hint) => hint.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')).join('|'), 'g');
  return (text, report) => {
    const due = new Set(always);
    any.lastIndex = 0;
    for (let hit = any.exec(text); hit; hit = any.exec(text)) {
      for (const row of rows.get(hit[0]) ?? []) due.add(row);
      any.lastIndex = hit.index + 1;
    }
    for (const { kind, pattern } of due) {
      for (const hit of text.matchAll(pattern)) {
        const secret = hit.find((group, index) => index > 0 && group !== undefined) ?? hit[0];
        const end = hit.index + hit[0].length;
        report({ kind, start: end - secret.length, end });
      }
    }
  };
}
