// What Vigil says on a pull request that was closed or opened again: what that meant, and how to go on.
// Must never promise that opening it again brings an approval back.
import type { Incident } from '#core/ledger/replay';
import { mention, told } from './outside.ts';
import { ending } from './words.ts';

function how({ issue }: Incident): string {
  return `\`/vigil retry\`${issue ? ` on #${issue.number}` : ''} begins a new attempt, with a pull request of its own.`;
}

/** Why a proposal's pull request is closed. */
export function closedWith(incident: Incident): string {
  const over = incident.stage === 'RESOLVED';
  return `Closed: ${told(ending(incident), 800)} Nothing of this pull request runs any more${over ? '.' : `; opening it again changes nothing. ${how(incident)}`}`;
}

/** Somebody opened it again after that. */
export function closedAgain(incident: Incident, number: number): string {
  const current = incident.records.findLast(({ type }) => type === 'pull.opened');
  const other =
    current?.type === 'pull.opened' && current.data.number !== number ? current.data.number : null;
  return other === null
    ? `Opening this again brings nothing back, so it is closed. What was decided: ${told(ending(incident), 800)} ${how(incident)}`
    : `This pull request belongs to an attempt that is over, so it is closed again. What is proposed now is #${other}.`;
}

/** Somebody who may not end anything closed it. */
export function openedAgain(by: string): string {
  return `${mention(by)} closed this, but only a person with write access rejects a remediation by closing it; it is open again.`;
}
