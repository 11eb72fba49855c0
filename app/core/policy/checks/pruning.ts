// Taking away what is old: journals, images nobody uses, entries of a cache at the edge. How much goes decides the effect.
// It must never let everything go under the name of what is old.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { allValues, has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { textOf } from '../engine/value.ts';

const DAY = 86_400;
const spans: Readonly<Record<string, number>> = {
  ...{ h: 3600, hour: 3600, hours: 3600, d: DAY, day: DAY, days: DAY, w: 7 * DAY, week: 7 * DAY },
  ...{
    weeks: 7 * DAY,
    M: 30 * DAY,
    month: 30 * DAY,
    months: 30 * DAY,
    y: 365 * DAY,
    year: 365 * DAY,
    years: 365 * DAY,
  },
};
const MEGA = 1024 ** 2;
const sizes: Readonly<Record<string, number>> = { M: MEGA, G: 1024 * MEGA, T: 1024 ** 2 * MEGA };

/** A number with a unit of a table, in the table's measure; null: it is none. */
function measured(text: string | null, units: Readonly<Record<string, number>>): number | null {
  const [, count = '', unit = ''] = /^(\d{1,6})([A-Za-z]+)$/.exec(text ?? '') ?? [];
  return count && Object.hasOwn(units, unit) ? Number(count) * (units[unit] ?? 0) : null;
}

/** `journalctl --vacuum-time=7d`, `--vacuum-size=500M`, `--rotate`; every other form reads. */
export function checkJournal(parsed: Parsed): Found {
  const issues: Issue[] = [];
  const time = optionValue(parsed, '--vacuum-time');
  const size = optionValue(parsed, '--vacuum-size');
  if (has(parsed, '--rotate'))
    issues.push(
      question(
        'asks',
        'Rotating closes the journal of this machine, and the next vacuum takes more of it; --vacuum-time=7d alone needs nobody.',
      ),
    );
  if (!time && !size)
    return has(parsed, '--rotate') ? { issues, effect: 'log.rotate', target: 'the journal' } : { issues };
  if (time && (measured(textOf(time), spans) ?? 0) < DAY)
    issues.push(
      refusal('over-cap', 'This leaves less than a day of the journal; write --vacuum-time=1d or more.'),
    );
  if (size && (measured(textOf(size), sizes) ?? 0) < 50 * MEGA)
    issues.push(
      refusal('over-cap', 'This leaves less than 50 MB of the journal; write --vacuum-size=50M or more.'),
    );
  return { issues, effect: 'log.prune', target: 'the journal' };
}

/** Images that no container uses; with `-a` also those that have a name. They are fetched again when they are needed. */
export function checkImages(parsed: Parsed): Found {
  const issues =
    has(parsed, '-a --all --prune') || parsed.path[0] === 'buildx'
      ? [
          question(
            'asks',
            'Images with a name go too, so that a start has to fetch them again; image prune -f without -a takes only those without a name.',
          ),
        ]
      : [];
  return { issues, target: 'images of this machine' };
}

/** Everything at the edge, or a part of it. */
export function checkPurge(parsed: Parsed): Found {
  const given = [...allValues(parsed, '--paths --path --content-paths'), ...parsed.operands];
  const everything = given.some((arg) => /^\/?\*$/.test(textOf(arg) ?? ''));
  return { issues: [], effect: everything ? 'cache.clear' : 'cache.purge' };
}
