// How long a target is left alone after a change that ran, by a rule of the organisation and the ledger's own record.
// Must never take a target for another one because it is written in another way, nor an unknown one for none.
import { sameKind, stateWords } from './inverses.ts';
import { open } from './matching.ts';
import type { JudgedCommand } from './types.ts';

const MINUTE_MS = 60_000;
const MOST_MINUTES = 24 * 60;

/** A change that a script made, as the ledger has it: which incident's, of which service, when it began. Null: of what is not known. */
export type Change = { incident: string; service: string; target: string | null; at: string };

/** The minutes of `30m` or `2h`. Null when the words say no time from a minute to a day, which is as far back as the ledger is read. */
export function coolMinutes(words: string): number | null {
  const [, digits, unit] = /^([1-9]\d{0,3})(m|h)$/.exec(words) ?? [];
  const minutes = digits === undefined ? 0 : Number(digits) * (unit === 'h' ? 60 : 1);
  return minutes >= 1 && minutes <= MOST_MINUTES ? minutes : null;
}

/**
 * Why this command comes too soon, and from when on it would not, as a whole sentence. Null: nothing changed its target for so long.
 * A change that the clock of another machine puts into the future has just been made.
 */
export function tooSoon(
  command: JudgedCommand,
  words: string,
  { changes, service, now }: { changes: readonly Change[]; service: string; now: Date },
): string | null {
  if (command.effect === 'read') return null;
  const length = (coolMinutes(words) ?? MOST_MINUTES) * MINUTE_MS;
  const [last] = changes
    .filter((one) => touches(one, command, service) && now.getTime() - Date.parse(one.at) < length)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (!last) return null;
  const since = Math.max(0, Math.floor((now.getTime() - Date.parse(last.at)) / MINUTE_MS));
  const ago = since === 1 ? '1 minute ago' : `${since} minutes ago`;
  const again = new Date(Date.parse(last.at) + length).toISOString();
  return `${last.target ?? last.service} was changed ${ago} by ${last.incident}; it is left alone until ${again.slice(0, 10)} ${again.slice(11, 16)} UTC.`;
}

function touches(change: Change, { target }: JudgedCommand, service: string): boolean {
  if (change.target === null || target === null || open(target) || open(change.target))
    return change.service === service;
  return plain(change.target) === plain(target);
}

/** `deploy/web in shop` is `deployment/web in shop`; an action's address is what it is about, without the state it sets. */
function plain(target: string): string {
  if (target.includes('://'))
    return target
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '' && !Object.hasOwn(stateWords, word))
      .join(' ');
  const [kind = '', ...rest] = target.split('/');
  return rest.length > 0
    ? [sameKind[kind.toLowerCase()] ?? kind, ...rest].join('/')
    : target.replace(/\.service$/, '');
}
