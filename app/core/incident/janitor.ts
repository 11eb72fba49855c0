// Which workspaces of this account may be ended because no open incident owns them, and why the others stay.
// Must never end what a script may be at work in, nor what does not bear a name of Vigil's: whoever made that knows what it is for.
import type { Incident } from '#core/ledger/replay';
import { isAtWork, isLeft, LONGEST_RUN_S, standingOnLedger } from './left-workspaces.ts';

/** What the ledger holds of the incident that a workspace is named after: a reason where it cannot be read. */
export type Owner = { ok: true; incident: Incident | null } | { ok: false; reason: string } | null;
export type Judgement = { ends: boolean; because: string };

const stays = (because: string): Judgement => ({ ends: false, because });
const ends = (because: string): Judgement => ({ ends: true, because });

/** `owner` is null when the name is not Vigil's. `since`: when the workspace was made, or null when its place does not say. */
export function judgeWorkspace(
  workspace: { name: string; since: string | null },
  owner: Owner,
  now: Date,
): Judgement {
  if (owner === null) return stays('its name is not one that Vigil gives to the workspace of an incident');
  if (!owner.ok) return stays(`the ledger of its incident cannot be believed: ${owner.reason}`);
  const { incident } = owner;
  const { name, since } = workspace;
  if (incident && isAtWork(incident, name)) return stays('its script is at work');
  const known = incident && standingOnLedger(incident).find((one) => one.name === name);
  if (incident && known) {
    if (!isLeft(incident, known, now))
      return stays(known.over === null ? 'its script may be at work' : 'its job may still be taking it away');
    return ends(
      known.over === null
        ? 'its script was started longer ago than any may last'
        : 'its script is over or lost, and nobody has confirmed that it is gone',
    );
  }
  const age = since === null ? Number.NaN : (now.getTime() - Date.parse(since)) / 1000;
  if (Number.isNaN(age))
    return stays('its place does not say how old it is, and the ledger says nothing of it');
  if (age < LONGEST_RUN_S) return stays('it is young, and the ledger may not have heard of it yet');
  return ends('the ledger has no script in it, and it is older than any may last');
}
