// A push to a proposal. What counts is the folder at the new head: when it holds what was proposed, nobody wrote anything, and
// what people approved stays approved; other bytes become the proposal of whoever pushed them.
// Must never let a push change verify.yml, or anything outside the incident's folder.
import { load as parseYaml } from 'js-yaml';
import { fetchBranch } from '#adapters/git/clone';
import { readFolder } from '#adapters/git/source';
import type { PullFacts } from '#adapters/github/reviews';
import { ownAgain, ownProposal, sameFiles } from '#core/incident/own-bytes';
import { lastPull } from '#core/incident/pushes';
import { type Fact, type FactDataOf, Files, type Proposal } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { pushWords } from '#core/messages/pushes';
import { impossibleIn } from '#core/proposal/remediation';
import { lostPushes } from './lost-pushes.ts';
import type { World } from './world.ts';

type Bytes = NonNullable<FactDataOf<'remediation.withdrawn'>['push']>['bytes'];

export async function takeOver(world: World, incident: Incident, seen: PullFacts): Promise<Fact[]> {
  const proposal = latestOf(incident, 'remediation.proposed');
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  const pull = lastPull(incident);
  if (!proposal || !rehearsed || !pull) return [];
  // GitHub tells of each push once. When that was not heard, it is asked.
  const told = pusherOf(incident.records, incident.attempt, seen.head);
  const lost = told === null ? await lostPushes(world, incident, pull.branch) : [];
  const by =
    told ?? lost.find(({ type, data }) => type === 'pull.pushed' && data.head === seen.head)?.data.by ?? null;
  const withdrawal = (bytes: Bytes) => {
    const push = { by, head: seen.head, bytes };
    return { reason: pushWords(push, pull.head), push };
  };
  const giveUp = (reason: string): Fact[] => [
    ...lost,
    { type: 'remediation.withdrawn', data: withdrawal('new') },
    {
      type: 'incident.escalated',
      data: { code: 'bytes_changed', reason: `${by ? `@${by}` : 'Somebody'} ${reason}` },
    },
  ];
  const folder = remediationFolder(incident.key);
  if (seen.files.some((file) => !file.startsWith(`${folder}/`)))
    return giveUp('changed files outside the incident’s folder.');
  await fetchBranch(world.clone, pull.branch);
  const there = (await readFolder(world.clone, seen.head, folder)) ?? {};
  const own = ownProposal(incident);
  if (own && sameFiles(there, own.files)) {
    const { reason, push } = withdrawal(proposal.pushed ? 'back' : 'same');
    return [...lost, ...ownAgain(incident, reason, push)];
  }
  const next = (files: Files, pushed: { by: string; head: string }, bytes: Bytes): Fact[] => [
    ...lost,
    { type: 'remediation.withdrawn', data: withdrawal(bytes) },
    {
      type: 'remediation.proposed',
      data: { ...without(proposal), ...impossibleOf(files), by: 'person', pushed, confidence: null, files },
    },
    // verify.yml has the same bytes, so what was seen red is still what must turn green.
    { type: 'remediation.rehearsed', data: rehearsed },
  ];
  if (proposal.pushed && sameFiles(there, proposal.files))
    return next(proposal.files, { by: proposal.pushed.by, head: seen.head }, 'same');
  const files = Files.safeParse(there);
  if (!files.success) return giveUp('left a folder that is not a remediation.');
  if (files.data['verify.yml'] !== proposal.files['verify.yml'])
    return giveUp('changed verify.yml; what counts as red and green needs a new attempt.');
  const before = new Set(Object.values(proposal.files).flatMap((text) => text?.split('\n') ?? []));
  const secret = Object.entries(files.data).find(([, text = '']) => {
    const added = text.split('\n').filter((line) => !before.has(line));
    return world.redact(incident.key, added.join('\n')) !== added.join('\n');
  });
  if (secret)
    return giveUp(
      `pushed a ${secret[0]} that holds what looks like a secret or personal data; it was not copied.`,
    );
  return next(files.data, { by: by ?? 'unknown', head: seen.head }, 'new');
}

/** What is said of the undo stands in the files. What another proposal said of its own does not hold for these. */
const without = ({ impossible: _, ...proposal }: Proposal): Proposal => proposal;

function impossibleOf(files: Files): Pick<Proposal, 'impossible'> {
  try {
    const impossible = impossibleIn(parseYaml(files['remediation.yml']));
    return impossible === undefined ? {} : { impossible };
  } catch {
    // What is no YAML says nothing.
    return {};
  }
}

/** Who pushed this head, if GitHub's event has arrived. Only for words: whose review counts depends on all pushes. */
function pusherOf(records: Incident['records'], attempt: number, head: string): string | null {
  const push = records.findLast(
    (record) => record.type === 'pull.pushed' && record.attempt === attempt && record.data.head === head,
  );
  return push?.type === 'pull.pushed' ? push.data.by : null;
}
