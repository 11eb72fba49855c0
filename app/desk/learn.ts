// When the fix that healed differs from its runbook, people are offered a new version of the runbook.
// Must never change a runbook without a pull request, and never offer a fix that was not verified.

import { readBlob } from '#adapters/git/source';
import { openPullOnce, pushFolderOnce } from '#adapters/github/pulls';
import { editRunbook } from '#core/learning/runbook-edit';
import { type Incident, latestOf } from '#core/ledger/replay';
import { runbookBody, runbookCommit, runbookTitle } from '#core/messages/runbook';
import { sha256 } from '#core/text/hash';
import { must } from './failures.ts';
import type { Performed, World } from './world.ts';

/** Opens the pull request against the runbook, once. When there is none, the result says why. */
export async function proposeRunbook(world: World, incident: Incident): Promise<Performed> {
  const proposal = must(latestOf(incident, 'remediation.proposed'), 'proposal');
  const none = (result: string): Performed => ({ facts: [], result });
  const { runbook } = proposal;
  if (!runbook) return none('it has no runbook');
  const { commit: base } = await world.source();
  const text = await readBlob(world.clone, base, runbook.path);
  if (text === null || sha256(text) !== runbook.sha256) return none('the runbook is another one by now');
  const edited = editRunbook(text, proposal.files, proposal.parameters);
  if (!edited.ok) return none(edited.reason);
  const branch = `vigil/runbook/${incident.key}/${incident.attempt}`;
  const [folder = '', name = ''] = runbook.path.split(/\/(?=[^/]*$)/);
  await pushFolderOnce(world.repo, {
    branch,
    base,
    onto: null,
    folder,
    files: { [name]: edited.text },
    gone: [],
    message: runbookCommit(incident, proposal),
  });
  const pull = await openPullOnce(world.repo, {
    branch,
    title: runbookTitle(incident, proposal),
    body: () => runbookBody(incident, proposal, edited.changed),
  });
  return none(`#${pull.number}`);
}
