// Replicas of the app, as far as the ledger sees them: clones of one bare repository, and what they like to write.
// For tests only. It must never write to the ledger past its adapter.
import { join } from 'node:path';
import { type Decide, type Ledger, openLedger } from '#adapters/git/ledger';
import { dueEffects } from '#core/incident/due';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import type { Fact } from '#core/ledger/facts';
import { incidentDirectory } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';
import { fact, KEY, OPENED, untilVerifying } from './incidents.ts';
import type { Repository } from './repository.ts';

export const replica = (repository: Repository, name: string, told: string[] = []): Promise<Ledger> =>
  openLedger({
    dir: join(repository.dir, name),
    url: repository.origin,
    credentials: async () => null,
    tell: (sentence) => void told.push(sentence),
  });

/** Writes these facts whatever the state is. */
export const say =
  (...facts: Fact[]): Decide =>
  () => ({ facts, actor: { kind: 'app' }, at: OPENED });

/** Opens the incident unless somebody has. */
export const opening =
  (key = KEY): Decide =>
  (incident, view) =>
    incident ? { standDown: 'it is open already' } : say(fact('incident.opened', { key }))(incident, view);

export const joined = (event: string): Fact => fact('alert.joined', { event });

export const eventsOf = (incident: Incident | null): string[] =>
  incident?.records.flatMap((record) => (record.type === 'alert.joined' ? [record.data.event] : [])) ?? [];

/** Path of a record's file on the ledger branch. */
export const pathOf = (name: string, key = KEY): string => `${incidentDirectory(key)}/${name}`;

/** Paths of an incident's records as the remote has them. */
export const filesOf = (repository: Repository, key = KEY): string[] =>
  repository.git('ls-tree', '-r', '--name-only', LEDGER_BRANCH, `${incidentDirectory(key)}/`).split('\n');

/** An incident that went all its way and to which nothing is owed. */
export async function healed(ledger: Ledger, key = KEY): Promise<Incident> {
  const facts = untilVerifying.map((one) =>
    one.type === 'incident.opened' ? fact('incident.opened', { key }) : one,
  );
  let done = await ledger.append(key, say(...facts, fact('recovery.confirmed'), fact('incident.learned')));
  for (let tries = 0; tries < 40 && done.ok; tries++) {
    const [next] = dueEffects(done.incident);
    if (!next) return done.incident;
    done = await ledger.append(key, say(fact('effect.done', { effect: next.name, result: 'told' })));
  }
  throw new Error('the incident never ends');
}
