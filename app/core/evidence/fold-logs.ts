// Makes few lines from many log lines. Lines that differ only in numbers, ids and times become one template, with a count
// and a sample. Must never drop a kind of line because a milder kind came more often: one panic tells more than many warnings.
import { cut } from '#core/text/cut';

export type LogLine = { at: string; status: string; message: string };
type FoldedLine = { count: number; first: string; last: string; status: string; sample: string };

/** Datadog's statuses that are errors or warnings, the worst first. https://docs.datadoghq.com/logs/log_configuration/processors/log_status_remapper/ */
export const WORSE = ['emergency', 'emerg', 'alert', 'critical', 'error', 'warn', 'warning'] as const;
const ranks: ReadonlyMap<string, number> = new Map(WORSE.map((status, rank) => [status, rank]));
const rankOf = (status: string): number => ranks.get(status.toLowerCase()) ?? WORSE.length;
export const isWorse = (status: string): boolean => rankOf(status) < WORSE.length;

const holes: readonly RegExp[] = [
  /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
  /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?\b/g,
  /\b(?:0x)?[0-9a-f]{12,}\b/gi,
  /\b\d+(?:\.\d+)*(?:ms|s|m|h|kb|mb|gb|%)?\b/gi,
];

function templateOf(message: string): string {
  return holes.reduce((text, hole) => text.replace(hole, '#'), message.slice(0, 500));
}

/** At most `limit` kinds of lines; the worst status is first, among equals the most frequent kind. */
export function foldLogs(lines: readonly LogLine[], limit: number): FoldedLine[] {
  const kinds = new Map<string, FoldedLine>();
  for (const { at, status, message } of lines) {
    const kind = `${status} ${templateOf(message)}`;
    const known = kinds.get(kind);
    if (!known) kinds.set(kind, { count: 1, first: at, last: at, status, sample: cut(message, 500) });
    else {
      known.count += 1;
      if (at < known.first) known.first = at;
      if (at > known.last) known.last = at;
    }
  }
  return [...kinds.values()]
    .sort((a, b) => rankOf(a.status) - rankOf(b.status) || b.count - a.count)
    .slice(0, limit);
}

/** One line of text for each kind. */
export function foldedText(lines: readonly FoldedLine[]): string {
  return lines
    .map(
      ({ count, first, last, status, sample }) =>
        `${count} x ${status}, ${first || '?'} to ${last || '?'}: ${sample}`,
    )
    .join('\n');
}
