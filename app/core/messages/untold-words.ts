// Who was not told, why, and since when something is owed to whom: sentences without formatting. Must never repeat what an outside
// system said.
import { dueEffects } from '#core/incident/due';
import { failingSince, isOwedForLong, refusedBy } from '#core/incident/untold';
import type { Incident } from '#core/ledger/replay';
import { clock } from './words.ts';

/** What people cannot see elsewhere: that Slack or PagerDuty refuses, or has not answered for minutes and is still owed something. */
export function untoldWords(incident: Incident): string[] {
  const slack = refusedBy(incident, 'slack');
  const pagerduty = refusedBy(incident, 'pagerduty');
  const open = incident.stage === 'RESOLVED' ? ' The page may still be triggered.' : '';
  const owed = dueEffects(incident).filter(({ name }) => isOwedForLong(incident, name));
  const since = (place: string): string | null => {
    const first = owed.find(({ kind }) => kind.startsWith(place));
    return first ? clock(failingSince(incident, first.name)?.since ?? '') : null;
  };
  const [slackSince, pagerdutySince] = [since('slack.'), since('pagerduty.')];
  return [
    ...(slack ? [`Slack was not told: ${slack}.`] : []),
    ...(slackSince ? [`Slack has not taken what it is owed since ${slackSince}. Vigil goes on trying.`] : []),
    ...(pagerduty ? [`PagerDuty was not told: ${pagerduty}.${open}`] : []),
    ...(pagerdutySince
      ? [`PagerDuty has not taken what it is owed since ${pagerdutySince}. Vigil goes on trying.${open}`]
      : []),
  ];
}
