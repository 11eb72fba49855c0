// Replicas of the app, as far as the ledger sees them: clones of one bare repository, and what they like to write.
// For tests only. It must never write to the ledger past its adapter.
import { join } from 'node:path';
import { type Decide, type Ledger, openLedger } from '#adapters/ledger';
import type { Fact } from '#core/facts';
import { incidentDirectory } from '#core/incident-key';
import { LEDGER_BRANCH } from '#core/ledger/commit';
import type { Incident } from '#core/replay';
import { fact, KEY, OPENED } from './incidents.ts';
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
