// Looks at start and once a day for what would else be found in the middle of an incident: a workflow that is disabled, a way of
// merging that is switched off. Must never change anything, and must never keep the app from its work.
import { mergeMethods, workflowState } from '#adapters/github/readiness';
import { foreseen } from '#core/messages/github-answers';
import type { World } from './world.ts';

/** A sentence for each thing that people should change before an alert rings. */
export async function troublesAhead(repo: World['repo']): Promise<string[]> {
  const files = ['respond.yml', 'remediate.yml', 'watch.yml'];
  const states = await Promise.all(files.map((file) => workflowState(repo, file)));
  const workflows = files.flatMap((file, index) => {
    const state = states[index];
    if (state === 'active') return [];
    return state === 'absent' ? foreseen.absent(file) : foreseen.disabled(file, state ?? '');
  });
  const { squash, merge, rebase } = await mergeMethods(repo);
  if (squash) return workflows;
  return [...workflows, merge || rebase ? foreseen.noSquash : foreseen.noMethod];
}

/** Tells the log. A look that fails is told too, and the next one comes tomorrow. */
export async function tellTroublesAhead({ repo, log }: Pick<World, 'repo' | 'log'>): Promise<void> {
  try {
    for (const sentence of await troublesAhead(repo)) log.error(sentence);
  } catch (error) {
    log.warn({ err: error }, 'it could not be looked at whether GitHub would let Vigil work');
  }
}
