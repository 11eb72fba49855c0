// Where `vigil run` runs a script, said in one sentence before anybody agrees. Must never choose a place that was not said.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notLimited } from '#adapters/workspace/bubblewrap/limits';
import type { Stream } from '#adapters/workspace/bubblewrap/output';
import { bubblewrapWorkspaces } from '#adapters/workspace/bubblewrap/workspaces';
import type { Workspaces } from '#adapters/workspace/port';

export type Place = {
  name: 'bubblewrap' | 'coder';
  workspaces: Workspaces;
  /** What a person should know of it. */
  sentence: string;
  limits: readonly string[];
  /** It tells every line as the script says it; otherwise the output comes at the end. */
  live: boolean;
};

/** This machine. The user's own directory: no other user can put a workspace there. */
export function hereOf(network: boolean, hear: (stream: Stream, line: string) => void): Place {
  const dir = join(tmpdir(), `vigil-workspaces-${process.getuid?.() ?? 'own'}`);
  const reach = network
    ? 'with this machine’s whole network, loopback included (--network)'
    : 'without any network';
  return {
    name: 'bubblewrap',
    workspaces: bubblewrapWorkspaces({ dir, network: network ? 'shared' : 'none', hear }),
    sentence: `on this machine, closed off by bubblewrap: /usr to read, a home that ends with it, none of your files, variables and credentials, ${reach}`,
    limits: notLimited,
    live: true,
  };
}
