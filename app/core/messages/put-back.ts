// What is said of acts that are meant for a while: their end on the pull request, what is still out, reminders, and that they were
// put back as agreed. Must never say that a fault is back because an act was put back.
import type { OutOfState } from '#core/incident/out-of-state';
import { actWithEnd, latestEnd } from '#core/incident/put-back';
import { isPutBack, putBackOwed } from '#core/incident/put-back-owed';
import type { PutBack } from '#core/ledger/put-back-facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { code, told } from './outside.ts';

const MOST_LISTED = 20;
const DAY_H = 24;

/** `2026-11-03 07:00 UTC`. */
export const minuteOf = (at: string | number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** A length of time in the largest unit that says it. */
export function lasted(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000));
  if (minutes < 120) return minutes === 1 ? '1 minute' : `${minutes} minutes`;
  const hours = Math.round(minutes / 60);
  return hours < 2 * DAY_H ? `${hours} hours` : `${Math.round(hours / DAY_H)} days`;
}

/** When it ends, as it was agreed: `when the service was quiet for 2h, at the latest 4h after the fix`. */
export function endWords({ until, quiet_for }: PutBack): string {
  const quiet = quiet_for === undefined ? null : `when the service was quiet for ${quiet_for}`;
  if (quiet === null) return `${until} after the fix`;
  return until === undefined ? quiet : `${quiet}, at the latest ${until} after the fix`;
}

/** What people agree to beside the fix, as a whole clause. */
export function agreement(end: PutBack): string {
  const who =
    end.by === 'vigil'
      ? 'Vigil runs the undo above by itself; this approval covers it until then and a day longer'
      : 'people are reminded to put it back';
  return `${endWords(end)}: ${who}.`;
}

/** For the pull request. Empty: the act stays. */
export function untilLines(end: PutBack | undefined): string[] {
  return end ? [`**Until** ${agreement(end)}`, ''] : [];
}

/** What became of an act that was put back as agreed, after how the incident ended. Null: that is not what was undone. */
export function putBackWords(incident: Incident): string | null {
  if (!isPutBack(incident)) return null;
  const due = latestOf(incident, 'putback.due');
  const ended = latestOf(incident, 'undo.finished');
  const who = due?.by ? ` @${due.by} asked for it.` : '';
  const refused = latestOf(incident, 'undo.refused');
  if (ended?.ok) return `${who} Put back as agreed.`;
  if (ended) return `${who} Putting it back failed, so it is not known what is in place: a person must look.`;
  if (refused && !putBackOwed(incident)) return `${who} It was not put back: ${refused.reason}.`;
  return `${who} It is being put back as agreed.`;
}

/** What stands on the issue while an act is out, or was put back right before the alert came back. */
export function endStanding(incident: Incident): string[] {
  return [...cameBack(incident), ...stillOutWords(incident)];
}

function stillOutWords(incident: Incident): string[] {
  const act = actWithEnd(incident);
  if (!act || putBackOwed(incident)) return [];
  const how =
    act.put_back.by === 'vigil' && act.attempt === incident.attempt
      ? 'Vigil puts it back'
      : 'people are reminded to put it back';
  return [
    `${whatIsOut(act)} is out of its usual state since ${minuteOf(act.since)}; ${how} ${endWords(act.put_back)}.`,
  ];
}

/** That the act of an earlier attempt was put back before the alert came again. */
function cameBack({ records, opened, openedAt, attempt: now }: Incident): string[] {
  const back = records.findLast(({ type }) => type === 'incident.reopened');
  if (!back) {
    const { put_back: before } = opened;
    if (!before || now > 1) return [];
    const ago = lasted(Date.parse(openedAt) - Date.parse(before.at));
    return [
      `What the fix of ${before.incident} had changed was put back as agreed ${ago} before this alert.`,
    ];
  }
  const before = records.filter(({ seq, attempt }) => seq < back.seq && attempt === back.attempt - 1);
  const due = before.find(({ type }) => type === 'putback.due');
  const done = before.findLast(({ type, data }) => type === 'undo.finished' && data.ok);
  if (!due || !done || done.seq < due.seq) return [];
  const ago = lasted(Date.parse(back.at) - Date.parse(done.at));
  return [`What the fix had changed was put back as agreed ${ago} before the alert came back.`];
}

export const whatIsOut = ({ effects, target }: OutOfState): string => `${effects.join(', ')} on ${target}`;

function until({ since, put_back }: OutOfState): string {
  if (put_back === null) return 'no end was agreed';
  const { until: latest, quiet_for } = put_back;
  const quiet = quiet_for === undefined ? '' : `until the service was quiet for ${quiet_for}`;
  if (latest === undefined) return quiet;
  const end = minuteOf(latestEnd({ since, put_back }));
  return quiet === '' ? `until ${end}` : `${quiet}, at the latest ${end}`;
}

const states: Record<OutOfState['state'], string> = {
  changed: '',
  half: ', its fix broke off half-way',
  unknown: ', nobody saw the end of its fix',
  undoing: ', its undo did not end well',
};

/** One line of a list, without formatting. */
export function outLine(act: OutOfState): string {
  const by = act.by.length === 0 ? 'the auto lane' : act.by.map((login) => `@${login}`).join(' and ');
  return `${whatIsOut(act)}${states[act.state]}; since ${minuteOf(act.since)}; ${until(act)}; approved by ${by}`;
}

/** The answer to `/vigil state`: this service first, then all others, oldest first. */
export function stateWords(all: readonly OutOfState[], service: string, now: Date): string {
  if (all.length === 0) return 'Nothing is out of its usual state, as far as the ledger knows.';
  const list = (acts: readonly OutOfState[]): string[] => [
    ...acts
      .slice(0, MOST_LISTED)
      .map(
        (act) =>
          `- ${act.issue === null ? code(act.incident) : `#${act.issue}`}: ${told(outLine(act), 600)} (${lasted(now.getTime() - Date.parse(act.since))})`,
      ),
    ...(acts.length > MOST_LISTED
      ? [`- and ${acts.length - MOST_LISTED} more; \`vigil report\` lists all of them`]
      : []),
  ];
  const mine = all.filter((act) => act.service === service);
  const others = all.filter((act) => act.service !== service);
  return [
    ...(mine.length > 0
      ? ['Out of its usual state on this service:', '', ...list(mine)]
      : ['Nothing of this service is out of its usual state.']),
    ...(others.length > 0 ? ['', 'On other services:', '', ...list(others)] : []),
  ].join('\n');
}
