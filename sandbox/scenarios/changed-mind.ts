// Bytes pushed after an approval: the approval is void, nothing runs, the new proposal asks again and needs somebody else.
// Sam's hold keeps the first approval from being carried out before Riley changes his mind.
import { latestOf } from '#core/ledger/replay';
import { asPerson, breakShop, comment, pushMore, review, ring } from '../people.ts';
import type { World } from '../world.ts';
import { issueState, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

const LINE = 'echo "Workers restarted, look at the queue"';

export const changedMind: Scenario = {
  name: 'changed-mind',
  about:
    'Riley approves while Sam holds it, then pushes another line; the approval is void and Sam has to look at the new bytes.',
  expected: 'RESOLVED',
  deadlineMs: 600_000,
  world: { pushes: [{ runbook: 'shop-worker-exhaustion', line: `${LINE}\n` }] },
  async begin(world) {
    await breakShop(world, 'workers');
    await ring(world, 'trigger', 'Order workers are exhausted', { queue: 'orders', waiting: 3 });
  },
  async people(world, record, incident) {
    const pull = latestOf(incident, 'pull.opened');
    if (!pull) return;
    const { number, branch } = pull;
    const again = incident.generation > 0;
    if (record.type === 'pull.opened') {
      if (again) return review(world, 'sam', number, 'APPROVE');
      return comment(world, 'sam', number, '/vigil hold I want to look at the queue first');
    }
    if (record.type === 'hold.set') return review(world, 'riley', number, 'APPROVE');
    if (record.type !== 'remediation.approved') return;
    if (again) return comment(world, 'sam', number, '/vigil release');
    const script = `remediations/${incident.key}/fix.sh`;
    await pushMore(world, 'riley', branch, script, `${LINE}\n`);
  },
  async verdicts(world, incident) {
    const approvals = incident.records.filter((record) => record.type === 'remediation.approved');
    const last = latestOf(incident, 'remediation.approved');
    const proposals = incident.records.filter((record) => record.type === 'remediation.proposed');
    const pushed = latestOf(incident, 'remediation.proposed')?.pushed;
    const output = latestOf(incident, 'remediation.finished')?.output ?? '';
    return [
      { what: 'the first proposal was withdrawn', ok: incident.generation === 1, played: true },
      {
        what: 'the new one is a person’s, and GitHub’s event says that Riley pushed it',
        ok: incident.records.some(
          ({ type, data }) => type === 'pull.pushed' && data.by === 'riley' && data.head === pushed?.head,
        ),
        played: true,
      },
      {
        what: 'each proposal has a digest of its own',
        ok:
          proposals.length === 2 &&
          new Set(approvals.map(({ data }) => data.digest)).size === approvals.length,
        played: true,
      },
      {
        what: 'only Sam’s review of the new bytes counted',
        ok: last?.lane === 'human' && last.by.join() === 'sam',
        played: true,
      },
      {
        what: 'the new bytes ran',
        ok: output.includes('look at the queue'),
        played: true,
      },
      {
        what: 'the runbook is offered Riley’s line, in a pull request of its own',
        ok: await runbookLearned(world, LINE),
        played: true,
      },
      { what: 'a person approved', ok: last?.lane === 'human' && last.by.length > 0 },
      { what: 'it ran once', ok: world.coder.workspaces().length === 1 },
      { what: 'the workspace is gone', ok: workspacesGone(world) },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
    ];
  },
};

/** Whether an open pull request adds the line to a runbook. */
async function runbookLearned(world: World, line: string): Promise<boolean> {
  const pulls = (await asPerson(world, 'riley', 'GET', '/pulls?state=open')) as { number: number }[];
  const files = await Promise.all(
    pulls.map(({ number }) => asPerson(world, 'riley', 'GET', `/pulls/${number}/files`)),
  );
  const changed = files.flat() as { filename: string; patch?: string }[];
  return changed.some(
    ({ filename, patch }) => filename.startsWith('runbooks/') && patch?.includes(`+${line}`),
  );
}
