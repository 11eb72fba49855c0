// Where the commands of a plan run for `vigil verify`: in Coder's template that reads, or on this machine where that is said. Must never
// choose this machine by itself: a command there would answer for another place than a job's.
import { randomBytes } from 'node:crypto';
import { commandsInCoder } from '#adapters/workspace/commands/coder';
import type { Commands } from '#adapters/workspace/commands/workspace';
import type { Settings } from '#core/settings';
import { hereOf } from './run-place.ts';

/** As the command line and vigil.yml say it. `here`: on this machine, with or without its network. */
export type CommandPlace = {
  readonly settings: Settings | null;
  readonly token: string | undefined;
  readonly here: boolean;
  readonly network: boolean;
};
type Told = Pick<Commands, 'redact' | 'tell' | 'warn'>;
const HERE_S = 900;

/** For one plan's looks. */
export function commandsFor(
  { settings, token, here, network }: CommandPlace,
  file: string,
  told: Told,
): Commands | { readonly none: string } {
  const about = {
    ...told,
    name: () => `vigil-look-${randomBytes(5).toString('hex')}`,
    from: { incident: 'verify', commit: '0'.repeat(40), path: file },
  };
  if (here)
    return {
      ...about,
      place: (hear) => hereOf(network, (_, line) => hear(line)).workspaces,
      lasts_s: HERE_S,
    };
  const cure = 'or run commands on this machine with --here';
  const place = settings
    ? commandsInCoder(settings, token ?? null, about)
    : { none: 'there is no vigil.yml that names a place for commands' };
  return 'none' in place ? { none: `${place.none}; set it and CODER_API_TOKEN, ${cure}` } : place;
}
