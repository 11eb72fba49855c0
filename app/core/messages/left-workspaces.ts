// What people hear of a workspace that outlives its script. Must never say that it is gone: only a proof on the ledger says that.
import { leftAsTold } from '#core/incident/left-workspaces';
import { strays } from '#core/incident/running';
import type { Incident } from '#core/ledger/replay';
import { link } from '#core/text/markdown';
import { code } from './outside.ts';

/** One sentence for each, in Markdown, with the address of its page. */
export function leftWords(incident: Incident): string[] {
  const unseen = strays(incident).map(({ workspace }) => workspace);
  return leftAsTold(incident).map(({ workspace, url, times }) => {
    const why = unseen.includes(workspace)
      ? 'and nobody has seen its script end'
      : 'although its script is over';
    const does =
      times > 1
        ? 'it could not be removed yet. The runs of the workflow `watch` say why; somebody may have to remove it by hand.'
        : 'it is being removed.';
    const where = url ? ` ${link('Its page in Coder', url)}.` : '';
    return `Workspace ${code(workspace)} is still there, ${why}; ${does}${where}`;
  });
}
