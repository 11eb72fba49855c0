// The effects, one function for each: look first, write what is missing, return the facts that follow.
// Must never be called without a claim in the ledger, and must be safe to call again after a crash at any point.

import { dispatchOnce, openIssueOnce, syncComment, syncIssue } from '#adapters/github/api';
import { closePullOnce, mergePullOnce } from '#adapters/github/pulls';
import { noteOnce, resolveIncident } from '#adapters/pagerduty';
import { postOnce, updateMessage } from '#adapters/slack';
import { confirmLink } from '#core/gate/confirm';
import { type Effect, type EffectKind, effectName } from '#core/incident/due';
import { type Incident, latestOf } from '#core/ledger/replay';
import { noteMarker, pagerdutyNote, resolution } from '#core/messages/chat';
import { issueBody, issueLabels, issueTitle, marker, statusComment } from '#core/messages/issue';
import { mergeMessage } from '#core/messages/pull';
import { observePull } from './approve.ts';
import { must, NotNowError, PermanentError } from './failures.ts';
import { judgeNow } from './judge-proposal.ts';
import { proposeRunbook } from './learn.ts';
import { openProposal, postCheck } from './propose.ts';
import { confirmBase, slackMessageOf } from './slack-message.ts';
import type { Performed, World } from './world.ts';

type Perform = (world: World, incident: Incident) => Promise<Performed>;

function orFail<T>(done: { ok: true; value: T } | { ok: false; reason: string; permanent: boolean }): T {
  if (done.ok) return done.value;
  throw done.permanent ? new PermanentError(done.reason) : new NotNowError(done.reason);
}

const performers: Record<EffectKind, Perform> = {
  'issue.open': async ({ repo }, incident) => {
    const issue = await openIssueOnce(repo, {
      title: issueTitle(incident),
      body: issueBody(incident),
      labels: issueLabels(incident, []),
      marker: marker('issue', incident.key),
      since: incident.openedAt,
    });
    return { facts: [{ type: 'issue.opened', data: issue }], result: `#${issue.number}` };
  },

  'respond.dispatch': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'respond', incident);
    return { facts: [{ type: 'investigation.started', data: { run } }], result: String(run.id) };
  },

  'respond.again': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'respond', incident, { again: String(incident.generation) });
    return { facts: [], result: run.url };
  },

  judge: judgeNow,

  'pull.open': openProposal,
  'check.ask': async (world, incident) => {
    const pull = must(latestOf(incident, 'pull.opened'), 'pull request');
    return postCheck(world, incident, pull.head, 'action_required');
  },

  'check.post': allow,
  'check.tell': allow,

  'issue.propose': (world, incident) => syncAll(world, incident),
  'issue.execute': async (world, incident) => {
    const result = await sync(world, incident);
    await slackToo(world, incident);
    return { facts: [], result };
  },
  'issue.describe': async (world, incident) => ({ facts: [], result: await sync(world, incident) }),
  'issue.reopen': async (world, incident) => {
    const result = await sync(world, incident);
    await slackToo(world, incident, postSlack);
    return { facts: [], result };
  },
  'issue.close': (world, incident) => syncAll(world, incident),
  'issue.tell': async (world, incident) => {
    const told = await syncAll(world, incident);
    await slackToo(world, incident);
    return told;
  },

  'pull.merge': async (world, incident) => {
    const pull = must(latestOf(incident, 'pull.opened'), 'pull request');
    const approved = must(latestOf(incident, 'remediation.approved'), 'approval');
    const merged = await mergePullOnce(world.repo, {
      number: pull.number,
      head: approved.head,
      title: mergeMessage(incident),
    });
    if (merged.ok)
      return {
        facts: [{ type: 'pull.merged', data: { sha: merged.sha, by: merged.by } }],
        result: merged.sha,
      };
    // Before it is tried again, or given up, everything is looked at: the proposal may have been taken back meanwhile.
    const since = (await observePull(world, incident)).filter(({ type }) => type !== 'merge.delayed');
    if (since.length === 0) throw merged.error;
    return { facts: since, result: merged.error.message };
  },

  'pull.close': async ({ repo }, incident) => {
    const pull = must(latestOf(incident, 'pull.opened'), 'pull request');
    return { facts: [], result: await closePullOnce(repo, pull.number) };
  },

  'remediate.dispatch': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'remediate', incident);
    return { facts: [], result: run.url };
  },

  'undo.dispatch': async ({ repo }, incident) => {
    const asked = must(incident.latest['undo.requested'], 'request to undo');
    const run = await dispatch(repo, 'remediate', incident, { undo: String(asked.seq) });
    return { facts: [], result: run.url };
  },

  'slack.post': postSlack,

  'slack.update': (world, incident) => updateSlack(world, incident),
  'slack.tell': (world, incident) => updateSlack(world, incident),
  'pagerduty.note': (world, incident) => note(world, incident, noteMarker(incident)),
  // The marker is named after the effect. So this note is another one than the note about the end of the incident.
  'pagerduty.tell': (world, incident) =>
    note(world, incident, `vigil:${incident.key} ${effectName(incident, 'pagerduty.tell')}`),

  'runbook.propose': proposeRunbook,

  'pagerduty.resolve': async ({ config }, incident) => ({
    facts: [],
    result: orFail(
      await resolveIncident(config.pagerduty, incident.opened.pagerduty.id, resolution(incident)),
    ),
  }),
};

/** The check of the approved head succeeds. It also says what the merge waits for, if there is anything. */
async function allow(world: World, incident: Incident): Promise<Performed> {
  const approved = must(latestOf(incident, 'remediation.approved'), 'approval');
  return postCheck(world, incident, approved.head, 'success');
}

async function postSlack(world: World, incident: Incident): Promise<Performed> {
  const { slack } = world.config;
  if (!slack) return { facts: [], result: 'Slack is not configured' };
  const sent = await postOnce(slack, incident.key, slackMessageOf(world, incident));
  if (!sent.ok) throw new Error(sent.reason);
  return { facts: [], result: sent.ts };
}

async function updateSlack(world: World, incident: Incident): Promise<Performed> {
  const { config } = world;
  const ts = incident.effects.get(effectName(incident, 'slack.post'));
  if (!config.slack || ts?.status !== 'done') return { facts: [], result: 'no message to update' };
  const sent = await updateMessage(config.slack, incident.key, ts.result, slackMessageOf(world, incident));
  if (!sent.ok) throw new Error(sent.reason);
  return { facts: [], result: sent.ts };
}

/** Updates the Slack message together with the issue, so that its buttons go when nothing is left to press. May fail. */
async function slackToo(world: World, incident: Incident, tell: Perform = updateSlack): Promise<void> {
  await tell(world, incident).catch((error: Error) =>
    world.log.warn({ incident: incident.key, reason: error.message }, 'Slack was not told'),
  );
}

async function note({ config }: World, incident: Incident, marker: string): Promise<Performed> {
  const words = pagerdutyNote(incident);
  const text = words.includes(marker) ? words : `${words}\n[${marker}]`;
  const noted = await noteOnce(config.pagerduty, incident.opened.pagerduty.id, text, marker);
  return { facts: [], result: orFail(noted) };
}

/** Dispatches a workflow once. The run is found again by its title (`run-name`), which depends only on the inputs. */
function dispatch(
  repo: World['repo'],
  workflow: 'respond' | 'remediate',
  incident: Incident,
  also: { again?: string; undo?: string } = {},
): ReturnType<typeof dispatchOnce> {
  const { key, attempt } = incident;
  const [what] = Object.entries(also);
  return dispatchOnce(
    repo,
    `${workflow}.yml`,
    { incident: key, attempt: String(attempt), ...also },
    `${workflow} ${key} attempt ${attempt}${what ? ` ${what.join(' ')}` : ''}`,
    incident.openedAt,
  );
}

async function sync({ repo, config }: World, incident: Incident): Promise<string> {
  const { number } = must(incident.issue, 'issue');
  return syncIssue(repo, number, {
    title: issueTitle(incident),
    body: issueBody(incident, confirmLink(confirmBase(config), incident)),
    labels: (present) => issueLabels(incident, present),
    closed: incident.stage === 'RESOLVED',
  });
}

async function syncAll(world: World, incident: Incident): Promise<Performed> {
  const { number } = must(incident.issue, 'issue');
  await syncComment(world.repo, number, statusComment(incident), marker('status', incident.key));
  return { facts: [], result: await sync(world, incident) };
}

export function perform(world: World, incident: Incident, effect: Effect): Promise<Performed> {
  return performers[effect.kind](world, incident);
}
