// What several subjects do before they check a rule: commit, open a pull request, start a run.
import { answer, until } from './rule.ts';
import type { Client, Target } from './target.ts';

type Rest = Client['rest'];
export const headOf = async (target: Target, branch: string): Promise<string> =>
  (await target.writer.rest.git.getRef({ ...target.at, ref: `heads/${branch}` })).data.object.sha;

/** A commit of these files on top of `parent`, on no branch yet. */
export async function commit(
  target: Target,
  rest: Rest,
  parent: string,
  files: Record<string, string>,
): Promise<string> {
  const { at } = target;
  const tree = await rest.git.createTree({
    ...{ ...at, base_tree: parent },
    tree: Object.entries(files).map(([path, content]) => ({ path, content, mode: '100644', type: 'blob' })),
  });
  const made = await rest.git.createCommit({
    ...at,
    message: target.unique('Change'),
    tree: tree.data.sha,
    parents: [parent],
  });
  return made.data.sha;
}

/** A new branch with one commit on top of `base`. */
export async function branch(target: Target, rest: Rest, base: string, files: Record<string, string>) {
  const name = target.unique('topic');
  const sha = await commit(target, rest, await headOf(target, base), files);
  await rest.git.createRef({ ...target.at, ref: `refs/heads/${name}`, sha });
  return { name, sha };
}

export type Proposal = { number: number; pull_number: number; head: string; branch: string };

/** A pull request into `base`, opened by `rest`, with one new file unless others are given. */
export async function propose(
  target: Target,
  rest: Rest,
  base: string,
  files: Record<string, string> = { [target.unique('file')]: 'one\n' },
): Promise<Proposal> {
  const { name, sha } = await branch(target, rest, base, files);
  const { data } = await rest.pulls.create({ ...target.at, title: `Add ${name}`, head: name, base });
  return { number: data.number, pull_number: data.number, head: sha, branch: name };
}

/** Merges into a rule's branch as soon as GitHub has worked out whether it can be. */
export async function merge({ at }: Target, rest: Rest, { pull_number }: Proposal, more: object = {}) {
  return answer(rest.pulls.merge({ ...at, pull_number, merge_method: 'squash', ...more }));
}

export const WORKFLOW = 'conformance.yml';

/** Dispatches the suite's workflow and gives the id of its run. */
export async function dispatch(
  target: Target,
  inputs: Record<string, string>,
  ref = 'main',
): Promise<number> {
  const { data } = await target.writer.client.request(
    'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches',
    { ...target.at, workflow_id: WORKFLOW, ref, inputs, return_run_details: true },
  );
  return (data as { workflow_run_id: number }).workflow_run_id;
}

/** The run once it is over, at this attempt. */
export const ended = (target: Target, run_id: number, attempt = 1) =>
  until(target, `the end of run ${run_id}`, async () => {
    const { data } = await target.writer.rest.actions.getWorkflowRun({ ...target.at, run_id });
    return data.status === 'completed' && data.run_attempt === attempt ? data : undefined;
  });

export async function jobsOf({ at, writer }: Target, run_id: number) {
  return (await writer.rest.actions.listJobsForWorkflowRun({ ...at, run_id })).data.jobs;
}
