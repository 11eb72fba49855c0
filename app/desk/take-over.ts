// A person pushed to a proposal: the approval of the old bytes ends, and the new bytes become that person's proposal.
// Must never let a push change verify.yml, or anything outside the incident's folder.
import { fetchBranch } from '#adapters/git/clone';
import { readFolder } from '#adapters/git/source';
import type { PullFacts } from '#adapters/github/reviews';
import { lastPull } from '#core/incident/pushes';
import { type Fact, Files } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { World } from './world.ts';

export async function takeOver(world: World, incident: Incident, seen: PullFacts): Promise<Fact[]> {
  const proposal = latestOf(incident, 'remediation.proposed');
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  const pull = lastPull(incident);
  if (!proposal || !rehearsed || !pull) return [];
  const by = pusherOf(incident, seen.head);
  const withdrawn: Fact = {
    type: 'remediation.withdrawn',
    data: {
      reason: `${by ? `@${by}` : 'somebody'} pushed ${seen.head.slice(0, 7)} over ${pull.head.slice(0, 7)}`,
    },
  };
  const giveUp = (reason: string): Fact[] => [
    withdrawn,
    {
      type: 'incident.escalated',
      data: { code: 'bytes_changed', reason: `${by ? `@${by}` : 'Somebody'} ${reason}` },
    },
  ];
  const folder = remediationFolder(incident.key);
  if (seen.files.some((file) => !file.startsWith(`${folder}/`)))
    return giveUp('changed files outside the incident’s folder.');
  await fetchBranch(world.clone, pull.branch);
  const files = Files.safeParse(await readFolder(world.clone, seen.head, folder));
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
  return [
    withdrawn,
    {
      type: 'remediation.proposed',
      data: {
        ...proposal,
        by: 'person',
        pushed: { by: by ?? 'unknown', head: seen.head },
        confidence: null,
        files: files.data,
      },
    },
    // verify.yml has the same bytes, so what was seen red is still what must turn green.
    { type: 'remediation.rehearsed', data: rehearsed },
  ];
}

/** Who pushed this head, if GitHub's event has arrived. Only for words: whose review counts depends on all pushes. */
function pusherOf(incident: Incident, head: string): string | null {
  const push = incident.records.findLast(
    (record) =>
      record.type === 'pull.pushed' && record.attempt === incident.attempt && record.data.head === head,
  );
  return push?.type === 'pull.pushed' ? push.data.by : null;
}
