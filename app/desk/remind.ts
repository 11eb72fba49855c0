// Reminds people of what is still out of its usual state: a comment on the issue and a message in Slack for each reminder.
// Must never say one reminder twice: each carries the number of its record, and is looked for first.

import { commentOnce } from '#adapters/github/comments';
import { postOnce } from '#adapters/slack';
import { actWithEnd } from '#core/incident/put-back';
import type { Incident } from '#core/ledger/replay';
import { reminderComment, reminderMarker, reminderMessage } from '#core/messages/reminder';
import { must, NotNowError, PermanentError } from './failures.ts';
import type { Performed, World } from './world.ts';

/** What was reminded of may have been undone meanwhile. */
const GONE: Performed = { facts: [], result: 'nothing is out of its usual state any more' };

export async function remindIssue({ repo }: World, incident: Incident): Promise<Performed> {
  const reminded = must(incident.latest['putback.reminded'], 'reminder');
  const act = actWithEnd(incident);
  if (!act) return GONE;
  const { number } = must(incident.issue, 'issue');
  const marker = reminderMarker(incident.key, reminded.seq);
  const comment = `${reminderComment(act, reminded)}\n${marker}`;
  return { facts: [], result: await commentOnce(repo, number, comment, marker) };
}

export async function remindSlack({ config }: World, incident: Incident): Promise<Performed> {
  const reminded = must(incident.latest['putback.reminded'], 'reminder');
  const act = actWithEnd(incident);
  if (!config.slack) return { facts: [], result: 'Slack is not configured' };
  if (!act) return GONE;
  const sent = await postOnce(
    config.slack,
    `${incident.key} reminder ${reminded.seq}`,
    reminderMessage(incident, act, reminded),
  );
  // Not the bare place of a message: that would be taken for the incident's own.
  if (sent.ok) return { facts: [], result: `reminded at ${sent.ts}` };
  if (sent.kind === 'never') throw new PermanentError(sent.reason);
  throw sent.kind === 'later' ? new NotNowError(sent.reason) : new Error(sent.reason);
}
