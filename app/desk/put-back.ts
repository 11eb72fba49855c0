// The timer of acts that are meant for a while: each sweep writes that one is due to be put back, or that people are reminded.
// Must never do more than write the fact. `append` decides again, on the newest state, so that no two replicas say it twice.
import type { View } from '#adapters/git/ledger';
import { holdOn } from '#core/incident/hold';
import { type Around, actWithEnd, putBackFact } from '#core/incident/put-back';
import type { Incident } from '#core/ledger/replay';
import { APP } from './claims.ts';
import type { World } from './world.ts';

/** One pass over what is open; an incident with an act that has an end stays open until its last reminder. */
export async function putBackInTime({ ledger, now }: Pick<World, 'ledger' | 'now'>): Promise<void> {
  const due = (incident: Incident, view: View): ReturnType<typeof putBackFact> =>
    putBackFact(incident, aroundOf(incident, view, now()));
  for (const { key } of [...ledger.open()].filter((incident) => due(incident, ledger) !== null)) {
    await ledger.append(key, (incident, view) => {
      const fact = incident && due(incident, view);
      return fact
        ? { facts: [fact], actor: APP, at: now() }
        : { standDown: 'nothing is to be put back', anyHead: true };
    });
  }
}

function aroundOf(incident: Incident, view: View, now: Date): Around {
  const target = actWithEnd(incident)?.target ?? '';
  return {
    others: view.open(),
    held: holdOn(view.held(), incident) !== null,
    leased: view.leaseHolder(target, incident.key) !== null,
    now,
  };
}
