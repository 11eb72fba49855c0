// Somebody closed the issue of an incident that is still going on. Closing decides nothing: it is written down, so that the issue is
// opened again and says so. Must never let it end an incident, and never begin a quarrel without end with a bot.
import type { Incident } from '#core/ledger/replay';
import type { Desk } from './desk.ts';
import { incidentAt } from './of-number.ts';
import type { World } from './world.ts';

/** So often it is opened again in one attempt. */
const MOST = 5;

export async function closedIssue(
  world: World,
  desk: Pick<Desk, 'wake'>,
  number: number,
  closing: { by: string; at: string },
): Promise<void> {
  const incident = await incidentAt(world, number);
  if (incident?.issue?.number !== number) return;
  await world.ledger.append(incident.key, (now) => {
    const told = now ? closings(now) : [];
    return told.length >= MOST || told.some(({ at }) => at === closing.at)
      ? { standDown: 'it is known' }
      : { facts: [{ type: 'issue.closed', data: closing }], actor: { kind: 'app' }, at: world.now() };
  });
  desk.wake(incident.key);
}

const closings = ({ records, attempt }: Incident) =>
  records.flatMap((record) =>
    record.type === 'issue.closed' && record.attempt === attempt ? [record.data] : [],
  );
