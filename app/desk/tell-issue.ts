// Brings the incident's issue and its status comment up to date. What GitHub refuses of it is told where it can be told, and stops
// nothing else. Must never write over people's words.
import { syncComment, syncIssue, type Wanted } from '#adapters/github/issues';
import { confirmLink } from '#core/gate/confirm';
import { type EffectKind, effectName } from '#core/incident/due';
import { foresee, type Incident } from '#core/ledger/replay';
import { issueRefused } from '#core/messages/failure-words';
import {
  isOwnLine,
  issueBody,
  issueLabels,
  issueTitle,
  issueTitles,
  marker,
  statusComment,
} from '#core/messages/issue';
import { withOwnPart } from '#core/messages/own-part';
import { APP } from './claims.ts';
import { failureFacts, must, PermanentError } from './failures.ts';
import { confirmBase } from './slack-message.ts';
import { slackToo } from './tell-slack.ts';
import type { Performed, World } from './world.ts';

/** Title, text, label and state; `comment`: the status comment too. Throws with what was refused, after the rest is done. */
export async function tellIssue(
  world: World,
  incident: Incident,
  kind: EffectKind,
  { comment, ends = false }: { comment: boolean; ends?: boolean },
): Promise<Performed> {
  const { repo, config } = world;
  const { number } = must(incident.issue, 'issue');
  const said = comment
    ? await syncComment(repo, number, statusComment(incident), marker('status', incident.key))
    : null;
  const confirm = confirmLink(confirmBase(config), incident);
  const part = issueBody(incident, confirm, said ? said.refused.length > 0 : undefined);
  const { result, refused } = await syncIssue(repo, number, {
    title: { now: issueTitle(incident), own: issueTitles(incident) },
    body: (present) => withOwnPart(present, part, isOwnLine),
    labels: (present) => issueLabels(incident, present),
    state: stateOf(incident, ends),
  });
  const all = [...(said?.refused ?? []), ...refused];
  if (all.length === 0) return { facts: [], result };
  const failure = new PermanentError(issueRefused(all));
  await slackToo(world, withFailure(world, incident, kind, failure.message));
  throw failure;
}

/** When an incident is handed to people its issue is open; after that they may close it, and it stays closed. */
function stateOf({ stage }: Incident, ends: boolean): Wanted['state'] {
  if (stage === 'RESOLVED') return 'closed';
  return stage === 'ESCALATED' && !ends ? 'as it is' : 'open';
}

/** The incident as it is once this failure is written down: what else is told now tells of it. */
function withFailure(world: World, incident: Incident, kind: EffectKind, reason: string): Incident {
  const effect = { kind, name: effectName(incident, kind) };
  const facts = failureFacts(incident, effect, { final: true, reason, waits: null });
  const after = foresee(incident, facts, world.now().toISOString(), APP);
  return after.ok ? after.incident : incident;
}
