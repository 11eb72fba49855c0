// The outward effects, one function each: look first, write what is missing, return the facts that follow.
// Must never be called without a claim in the ledger, and must be safe to call again after a crash at any point.

import { fetchBranch } from '#adapters/git';
import { dispatchOnce, openIssueOnce, postCheckOnce, syncComment, syncIssue } from '#adapters/github';
import { noteOnce, resolveIncident } from '#adapters/pagerduty';
import { closePullOnce, mergePullOnce, openPullOnce, pushFolderOnce } from '#adapters/pulls';
import { postOnce, updateMessage } from '#adapters/slack';
import { readFolder } from '#adapters/source';
import { type Effect, type EffectKind, effectName } from '#core/due';
import type { Fact } from '#core/facts';
import { gitTreeId } from '#core/hash';
import { remediationBranch, remediationFolder } from '#core/incident-key';
import type { Proposal } from '#core/judgement';
import { noteMarker, pagerdutyNote, resolution, slackMessage } from '#core/messages/chat';
import { issueBody, issueLabels, issueTitle, marker, statusComment } from '#core/messages/issue';
import { checkOutput, commitMessage, mergeMessage, pullBody, pullTitle } from '#core/messages/pull';
import { type Incident, known } from '#core/replay';
import { lookAtPull } from './approve.ts';
import { PermanentError } from './failures.ts';
import { judgeNow } from './judge.ts';
import type { World } from './world.ts';

export type Performed = { facts: Fact[]; result: string };
type Perform = (world: World, incident: Incident) => Promise<Performed>;

function must<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new PermanentError(`the ledger holds no ${what}`);
  return value;
}

function orFail<T>(done: { ok: true; value: T } | { ok: false; reason: string; permanent: boolean }): T {
  if (done.ok) return done.value;
  throw done.permanent ? new PermanentError(done.reason) : new Error(done.reason);
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

  judge: judgeNow,

  'pull.open': async (world, incident) => {
    const proposal = must(known(incident, 'remediation.proposed'), 'proposal');
    const judged = must(known(incident, 'remediation.judged'), 'judgement');
    const branch = remediationBranch(incident.key, incident.attempt);
    if (!proposal.pushed) await pushProposal(world, incident, proposal, branch);
    const pull = await openPullOnce(world.repo, {
      branch,
      title: pullTitle(incident, proposal),
      body: pullBody(incident, proposal, judged),
    });
    // What was judged is what was read; if somebody pushed again since, the next look finds another head and asks anew.
    const head = proposal.pushed?.head ?? pull.head;
    return {
      facts: [{ type: 'pull.opened', data: { ...pull, head, branch, digest: judged.digest } }],
      result: `#${pull.number}`,
    };
  },

  'check.post': async ({ repo }, incident) => {
    const approved = must(known(incident, 'remediation.approved'), 'approval');
    const { title, summary } = checkOutput(incident);
    await postCheckOnce(repo, {
      name: 'vigil/approval',
      head: approved.head,
      conclusion: 'success',
      externalId: `${incident.key}:${approved.head}:${approved.digest}`,
      title,
      summary,
    });
    return { facts: [], result: 'success' };
  },

  'issue.propose': (world, incident) => syncAll(world, incident),
  'issue.execute': async ({ repo }, incident) => ({ facts: [], result: await sync(repo, incident) }),
  'issue.describe': async ({ repo }, incident) => ({ facts: [], result: await sync(repo, incident) }),
  'issue.close': (world, incident) => syncAll(world, incident),
  'issue.undone': (world, incident) => syncAll(world, incident),

  'pull.merge': async (world, incident) => {
    const pull = must(known(incident, 'pull.opened'), 'pull request');
    const approved = must(known(incident, 'remediation.approved'), 'approval');
    const merged = await mergePullOnce(world.repo, {
      number: pull.number,
      head: approved.head,
      title: mergeMessage(incident),
    });
    if (!merged.ok) {
      const since = await lookAtPull(world, incident);
      if (since.length === 0) throw new PermanentError(merged.reason);
      return { facts: since, result: merged.reason };
    }
    return { facts: [{ type: 'pull.merged', data: { sha: merged.sha, by: merged.by } }], result: merged.sha };
  },

  'pull.close': async ({ repo }, incident) => {
    const pull = must(known(incident, 'pull.opened'), 'pull request');
    return { facts: [], result: await closePullOnce(repo, pull.number) };
  },

  'remediate.dispatch': async ({ repo }, incident) => {
    const run = await dispatch(repo, 'remediate', incident);
    return { facts: [], result: run.url };
  },

  'slack.post': async ({ config }, incident) => {
    if (!config.slack) return { facts: [], result: 'Slack is not configured' };
    const sent = await postOnce(config.slack, incident.key, slackMessage(incident));
    if (!sent.ok) throw new Error(sent.reason);
    return { facts: [], result: sent.ts };
  },

  'slack.update': async ({ config }, incident) => {
    const ts = incident.effects.get(effectName(incident, 'slack.post'));
    if (!config.slack || ts?.status !== 'done') return { facts: [], result: 'no message to update' };
    const sent = await updateMessage(config.slack, incident.key, ts.result, slackMessage(incident));
    if (!sent.ok) throw new Error(sent.reason);
    return { facts: [], result: sent.ts };
  },

  'pagerduty.note': async ({ config }, incident) => ({
    facts: [],
    result: orFail(
      await noteOnce(
        config.pagerduty,
        incident.opened.pagerduty.id,
        pagerdutyNote(incident),
        noteMarker(incident),
      ),
    ),
  }),

  'pagerduty.resolve': async ({ config }, incident) => ({
    facts: [],
    result: orFail(
      await resolveIncident(config.pagerduty, incident.opened.pagerduty.id, resolution(incident)),
    ),
  }),
};

/** Pushes the proposal's folder. A branch left by a run that died is used only if it holds exactly these bytes. */
async function pushProposal(
  world: World,
  incident: Incident,
  proposal: Proposal,
  branch: string,
): Promise<void> {
  const files = Object.fromEntries(
    Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  const folder = remediationFolder(incident.key);
  const { commit: base } = await world.source();
  const message = commitMessage(incident, proposal);
  // What an earlier attempt left in the folder and this proposal does not have must go: the folder is what is approved.
  const left = Object.keys((await readFolder(world.clone, base, folder)) ?? {});
  const gone = left.filter((name) => !(name in files));
  const pushed = await pushFolderOnce(world.repo, { branch, base, folder, files, gone, message });
  if (!pushed.existed) return;
  await fetchBranch(world.clone, branch);
  const there = await readFolder(world.clone, pushed.sha, folder);
  if (!there || gitTreeId(there) !== gitTreeId(files))
    throw new PermanentError(`branch ${branch} holds other bytes than the proposal`);
}

function dispatch(
  repo: World['repo'],
  workflow: 'respond' | 'remediate',
  incident: Incident,
): ReturnType<typeof dispatchOnce> {
  const { key, attempt } = incident;
  return dispatchOnce(
    repo,
    `${workflow}.yml`,
    { incident: key, attempt: String(attempt) },
    `${workflow} ${key} attempt ${attempt}`,
    incident.openedAt,
  );
}

async function sync(repo: World['repo'], incident: Incident): Promise<string> {
  const { number } = must(incident.issue, 'issue');
  return syncIssue(repo, number, {
    title: issueTitle(incident),
    body: issueBody(incident),
    labels: (present) => issueLabels(incident, present),
    closed: incident.stage === 'RESOLVED',
  });
}

async function syncAll({ repo }: World, incident: Incident): Promise<Performed> {
  const { number } = must(incident.issue, 'issue');
  await syncComment(repo, number, statusComment(incident), marker('status', incident.key));
  return { facts: [], result: await sync(repo, incident) };
}

export function perform(world: World, incident: Incident, effect: Effect): Promise<Performed> {
  return performers[effect.kind](world, incident);
}
