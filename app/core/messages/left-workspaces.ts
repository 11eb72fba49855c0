// What people hear of a workspace that outlives its script. Must never say that it is gone: only a proof on the ledger says that.
import { leftAsTold } from '#core/incident/left-workspaces';
import { strays } from '#core/incident/running';
import type { Incident } from '#core/ledger/replay';
import { link } from '#core/text/markdown';
import { code } from './outside.ts';

/** One sentence for each, in Markdown, with the address of its page. */
export function leftWords(incident: Incident): string[] {
  const unseen = strays(incident).map(({ workspace }) => workspace);
  return leftAsTold(incident).map(({ workspace, url }) => {
    const why = unseen.includes(workspace)
      ? 'and nobody has seen its script end'
      : 'although its script is over';
    return `Workspace ${code(workspace)} is still there, ${why}; it is being removed.${url ? ` ${link('Its page in Coder', url)}.` : ''}`;
  });
}
