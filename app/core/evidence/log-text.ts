// What a search of a service's logs is called and says as evidence. Must never call logs clean that were not all searched, or
// that were searched by status alone: some services log everything as info.
import { foldedText, foldLogs, isWorse, type LogLine } from './fold-logs.ts';

const KINDS = 12;

export type SearchedLogs = {
  lines: readonly LogLine[];
  /** What was not searched, in words. */
  gaps: readonly string[];
  /** How many events could not be read. */
  odd: number;
  /** There may be more lines, older than these. */
  more: boolean;
  /** Where logs were searched, such as `indexes`. */
  tiers: readonly string[];
};

export function logText(
  service: string,
  { lines, gaps, odd, more, tiers }: SearchedLogs,
): { title: string; text: string } {
  const silent = `no line has a status of warning or worse in this window`;
  if (lines.length === 0)
    return {
      title: `no line of ${service} has a status of warning or worse, and none speaks of an error`,
      text: `${silent}, and none speaks of an error (searched: ${tiers.join(', ')})`,
    };
  const all = foldLogs(lines, lines.length);
  const kinds = all.slice(0, KINDS);
  const speaking = lines.filter(({ status }) => !isWorse(status)).length;
  const bad = lines.length - speaking;
  const lineOrLines = (number: number): string => `${number} ${number === 1 ? 'line' : 'lines'}`;
  const speak = speaking === 1 ? 'that speaks of an error' : 'that speak of errors';
  const what =
    bad === 0
      ? `${lineOrLines(speaking)} of ${service} ${speak}`
      : `${lineOrLines(bad)} of ${service}${speaking === 0 ? '' : ` and ${speaking} more ${speak}`}`;
  const count = all.length === 1 ? 'one kind' : `${all.length} kinds`;
  return {
    title: `${more ? 'the newest ' : ''}${what}, ${count}${gaps.length > 0 ? '; not all logs were searched' : ''}`,
    text: [
      ...(gaps.length > 0 ? [`Not all logs were searched: ${gaps.join('; ')}.`] : []),
      ...(odd > 0 ? [`${odd} more ${odd === 1 ? 'event' : 'events'} cannot be read.`] : []),
      ...(bad > 0 ? [] : [`${silent}; these speak of errors all the same:`]),
      foldedText(kinds),
      ...(all.length > KINDS ? [`and ${all.length - KINDS} more kinds`] : []),
    ].join('\n'),
  };
}
