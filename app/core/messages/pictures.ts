// That a run has pictures of a page, and where. Must never show one: pixels cannot be redacted.
import type { Pictures } from '#core/ledger/pictures';
import { PICTURE_DAYS } from '#core/verification/pictures';
import { code } from './outside.ts';

const DONE = { pass: 'passed', fail: 'failed' } as const;

/** One line of an issue or of a job's summary. Empty: there is none. */
export function pictureLines(pictures: Pictures | undefined): string[] {
  if (pictures === undefined) return [];
  const of = pictures.of.map(
    ({ check, at, outcome }) =>
      `${code(check)} (${DONE[outcome]}, ${new Date(at).toISOString().slice(11, 19)} UTC)`,
  );
  const many = of.length > 1;
  return [
    `${many ? 'Pictures' : 'A picture'} of ${of.join(', ')} ${many ? 'were' : 'was'} taken. ${many ? 'They stay' : 'It stays'} with [the run](${pictures.run.url}), among its artifacts, for ${PICTURE_DAYS} days: pixels cannot be redacted, so none is shown here.`,
    '',
  ];
}
