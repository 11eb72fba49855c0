// The incident's one message in Slack: posted, or brought up to date where it is. Must never stop an incident, and never post a
// second message while the first one can still be edited.
import { type Posted, postOnce } from '#adapters/slack';
import { effectName } from '#core/incident/due';
import type { Incident } from '#core/ledger/replay';
import { NotNowError, PermanentError } from './failures.ts';
import { slackMessageOf } from './slack-message.ts';
import type { Performed, World } from './world.ts';

/** Clocks of Vigil and Slack may differ by so much. */
const CLOCKS_MS = 5 * 60_000;

/** What the ledger knows of the message: where it is, and since when one may be there that the ledger does not know. */
function postedOf({ records, openedAt }: Incident): Posted {
  const place = records.findLast(
    ({ type, data }) =>
      type === 'effect.done' && data.effect.startsWith('slack.') && /^\d+\.\d+$/.test(data.result),
  );
  const first = records.find(
    ({ type, data }) => type === 'effect.claimed' && data.effect.startsWith('slack.post'),
  );
  return {
    ts: place?.type === 'effect.done' ? place.data.result : null,
    since: new Date(Date.parse(first?.at ?? openedAt) - CLOCKS_MS),
  };
}

export async function postSlack(world: World, incident: Incident): Promise<Performed> {
  const { slack } = world.config;
  if (!slack) return { facts: [], result: 'Slack is not configured' };
  const sent = await postOnce(slack, incident.key, slackMessageOf(world, incident), postedOf(incident));
  if (sent.ok) return { facts: [], result: sent.ts };
  const { kind, reason } = sent;
  throw kind === 'never'
    ? new PermanentError(reason)
    : kind === 'later'
      ? new NotNowError(reason)
      : new Error(reason);
}

/** Brings the message up to date. One that could not be posted before, or is gone, is posted. */
export async function updateSlack(world: World, incident: Incident): Promise<Performed> {
  const status = incident.effects.get(effectName(incident, 'slack.post'))?.status;
  return status === 'done' || status === 'failed'
    ? postSlack(world, incident)
    : { facts: [], result: 'no message to update' };
}

/** Updates the Slack message together with the issue, so that its buttons go when nothing is left to press. May fail. */
export async function slackToo(world: World, incident: Incident, tell = updateSlack): Promise<void> {
  await tell(world, incident).catch((error: Error) =>
    world.log.warn({ incident: incident.key, reason: error.message }, 'Slack was not told'),
  );
}
