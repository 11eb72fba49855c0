// Coder as the place where commands of checks run: a template of its own, whose identity and network only let them read. Must never take
// the template of scripts in its place.
import { jobSeconds, MOST_SCRIPT_S } from '#core/incident/limits';
import type { Settings } from '#core/settings';
import { coderWorkspaces } from '../coder/coder.ts';
import type { Commands } from './workspace.ts';

/** `from`: what the workspaces are for, as people read it in Coder. */
type About = Omit<Commands, 'place' | 'lasts_s'>;
const LEAST_S = 120;

/** With the token of a job or a person. Null: they have none. `none`: why there is no place. */
export function commandsInCoder(
  { coder, workspace }: Pick<Settings, 'coder' | 'workspace'>,
  token: string | null,
  about: About,
): Commands | { readonly none: string } {
  const { measure_template: reading, ttl_minutes: ttlMinutes } = workspace;
  if (!reading) return { none: 'vigil.yml names no workspace.measure_template, in which commands may run' };
  if (!coder) return { none: 'vigil.yml names workspace.measure_template and no coder.url' };
  if (token === null) return { none: 'there is no token of Coder here: docs/checks.md#command' };
  const setting = 'workspace.measure_template.version';
  const account = { api: coder.url, token, ...reading, setting, ttlMinutes };
  return {
    ...about,
    place: (hear) => coderWorkspaces(account, undefined, hear),
    // A workspace that Coder stops in the middle is one that was lost.
    lasts_s: Math.max(LEAST_S, Math.min(MOST_SCRIPT_S, ttlMinutes * 60 - jobSeconds.connect)),
  };
}
