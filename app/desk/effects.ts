// The effects, one function for each: look first, write what is missing, return the facts that follow.
// Must never be called without a claim in the ledger, and must be safe to call again after a crash at any point.

import { dispatchOnce, openIssueOnce } from '#adapters/github/api';
import { commentOnce } from '#adapters/github/comments';
import { closePullOnce, mergePullOnce } from '#adapters/github/pulls';
import { noteOnce, resolveIncident } from '#adapters/pagerduty';
import { type Effect, type EffectKind, effectName } from '#core/incident/due';
import { watchOwed } from '#core/incident/left-workspaces';
import { lastPull, leftPull } from '#core/incident/pushes';
import { type Incident, latestOf } from '#core/ledger/replay';
import { noteMarker, pagerdutyNote, progressNote, resolution } from '#core/messages/chat';
import { issueBody, issueLabels, issueTitle, marker } from '#core/messages/issue';
import { closedWith } from '#core/messages/left-pulls';
import { withOwnPart } from '#core/messages/own-part';
import { mergeMessage } from '#core/messages/pull';
import { observePull } from './approve.ts';
import { must, NotNowError, PermanentError, reasonOf } from './failures.ts';
import { judgeNow } from './judge-proposal.ts';
import { proposeRunbook } from './learn.ts';
import { openProposal, postCheck } from './propose.ts';
import { remindIssue, remindSlack } from './remind.ts';
import { tellIssue } from './tell-issue.ts';
import { tellPull } from './tell-pull.ts';
import { postSlack, slackToo, updateSlack } from './tell-slack.ts';
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
      body: withOwnPart(null, issueBody(incident)),
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

  // Another title than that of the run that failed, which would be found in its place.
  'respond.retry': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'respond', incident, { again: `${incident.generation} once more` });
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

  'issue.propose': (world, incident) => tellIssue(world, incident, 'issue.propose', { comment: true }),
  'issue.execute': async (world, incident) => {
    const told = await tellIssue(world, incident, 'issue.execute', { comment: false });
    await slackToo(world, incident);
    return told;
  },
  'issue.describe': (world, incident) => tellIssue(world, incident, 'issue.describe', { comment: false }),
  'issue.reopen': async (world, incident) => {
    const told = await tellIssue(world, incident, 'issue.reopen', { comment: false });
    await slackToo(world, incident, postSlack);
    return told;
  },
  'issue.close': (world, incident) =>
    tellIssue(world, incident, 'issue.close', { comment: true, ends: true }),
  'issue.tell': async (world, incident) => {
    const told = await tellIssue(world, incident, 'issue.tell', { comment: true });
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
    // Before it is tried again, or given up, everything is looked at: the proposal may have been taken back meanwhile, and what a bot
    // closed is open again soon.
    const since = (await observePull(world, incident)).filter(({ type }) => type !== 'merge.delayed');
    if (since.length === 0) throw merged.closed ? new NotNowError(merged.error.message) : merged.error;
    return { facts: since, result: reasonOf(merged.error) };
  },

  'pull.tell': tellPull,

  'pull.close': async (world, incident) => {
    const { number } = must(lastPull(incident), 'pull request');
    const result = await closePullOnce(world.repo, number);
    const marker = `<!-- vigil:closed ${incident.key} ${incident.attempt} -->`;
    await commentOnce(world.repo, number, `${closedWith(incident)}\n${marker}`, marker);
    return { facts: [], result };
  },

  'pull.leave': async ({ repo }, incident) => {
    const number = must(leftPull(incident), 'pull request of the attempt before');
    return { facts: [], result: await closePullOnce(repo, number) };
  },

  'remediate.dispatch': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'remediate', incident);
    return { facts: [], result: run.url };
  },

  'look.dispatch': async ({ repo }, incident) => {
    const asked = must(incident.latest['look.asked'], 'look that was asked for');
    const run = await dispatch(repo, 'remediate', incident, { look: String(asked.seq) });
    return { facts: [], result: run.url };
  },

  'undo.dispatch': async ({ repo }, incident) => {
    // The number of what asked for it is the name's end, so that each request begins one run.
    const asked = must(effectName(incident, 'undo.dispatch').split('.').at(-1), 'request to undo');
    const run = await dispatch(repo, 'remediate', incident, { undo: asked });
    return { facts: [], result: run.url };
  },

  'issue.remind': remindIssue,
  'slack.remind': remindSlack,

  // One run for all incidents of an hour: it looks at every workspace there is.
  'watch.dispatch': async ({ repo }, incident) => {
    const { at } = must(incident.records[watchOwed(incident) - 1], 'workspace that is left');
    const hour = `${at.slice(0, 13)}Z`;
    const run = await dispatchOnce(
      repo,
      'watch.yml',
      { hour },
      `watch ${hour}`,
      at.slice(0, 13).concat(':00:00Z'),
    );
    return { facts: [], result: run.url };
  },

  'slack.post': postSlack,

  'slack.update': updateSlack,
  'slack.tell': updateSlack,
  'pagerduty.progress': async ({ config }, incident) => {
    const marker = `vigil:${incident.key} ${effectName(incident, 'pagerduty.progress')}`;
    const text = progressNote(incident, marker);
    const noted = await noteOnce(config.pagerduty, incident.opened.pagerduty.id, text, marker);
    return { facts: [], result: orFail(noted) };
  },
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
  also: { again?: string; undo?: string; look?: string } = {},
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

export function perform(world: World, incident: Incident, effect: Effect): Promise<Performed> {
  return performers[effect.kind](world, incident);
}
