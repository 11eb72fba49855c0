// Where `vigil run` runs a script, said in one sentence before anybody agrees. Must never choose a place that was not said.
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { notLimited } from '#adapters/workspace/bubblewrap/limits';
import type { Stream } from '#adapters/workspace/bubblewrap/output';
import { bubblewrapWorkspaces } from '#adapters/workspace/bubblewrap/workspaces';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Workspaces } from '#adapters/workspace/port';
import type { Settings } from '#core/settings';
import { InputError } from './command.ts';

export type Place = {
  name: 'bubblewrap' | 'coder';
  workspaces: Workspaces;
  /** What a person should know of it. */
  sentence: string;
  /** What it does not hold back. */
  limits: readonly string[];
};
type Hear = (stream: Stream, line: string) => void;

/** This machine. The user's own directory: no other user can put a workspace there. */
export function hereOf(network: boolean, hear: Hear): Place {
  const dir = join(tmpdir(), `vigil-workspaces-${process.getuid?.() ?? 'own'}`);
  const reach = network
    ? 'with this machine’s whole network, loopback included (--network)'
    : 'without any network';
  return {
    name: 'bubblewrap',
    workspaces: bubblewrapWorkspaces({ dir, network: network ? 'shared' : 'none', hear }),
    sentence: `on this machine, closed off by bubblewrap: /usr to read, a home that ends with it, none of your files, variables and credentials, ${reach}`,
    limits: notLimited,
  };
}

/** Coder's template for trying things out, when vigil.yml names one; else null. No incident ever uses it. */
export function coderOf(settings: Settings | undefined, token: string | undefined, hear: Hear): Place | null {
  const tried = settings?.workspace.test_template;
  if (!settings || !tried) return null;
  if (!settings.coder) throw new InputError('vigil.yml names workspace.test_template and no coder.url');
  if (!token)
    throw new InputError(
      'vigil.yml names workspace.test_template: set CODER_API_TOKEN, or run it on this machine with --here',
    );
  const account = { api: settings.coder.url, token, ...tried, ttlMinutes: settings.workspace.ttl_minutes };
  return {
    name: 'coder',
    // Coder's log does not tell the two streams apart.
    workspaces: coderWorkspaces(account, undefined, (line) => hear('out', line)),
    sentence: `in a workspace of ${tried.template} at ${settings.coder.url}, which is deleted afterwards`,
    limits: [],
  };
}
