// Tells those who review, on the pull request, what happened to it since they were last told: a push and what it means, a new
// question, a review that counts for nothing. Must never tell the same twice.
import { commentOnce } from '#adapters/github/comments';
import { effectName, pullNews } from '#core/incident/due';
import { lastPull } from '#core/incident/pushes';
import { type Incident, latestOf } from '#core/ledger/replay';
import { pullNewsText } from '#core/messages/pull-news';
import { must } from './failures.ts';
import { postCheck } from './propose.ts';
import type { Performed, World } from './world.ts';

export async function tellPull(world: World, incident: Incident): Promise<Performed> {
  const { number, head } = must(lastPull(incident), 'pull request');
  const name = effectName(incident, 'pull.tell');
  const since = toldUntil(incident);
  const news = incident.records.filter(
    ({ seq, attempt, type }) => attempt === incident.attempt && seq > since && pullNews.includes(type),
  );
  // The check first: where nobody can comment, it still says why.
  const asks = latestOf(incident, 'pull.opened') && !latestOf(incident, 'remediation.approved');
  const check = asks ? (await postCheck(world, incident, head, 'action_required')).result : 'no check';
  const marker = `<!-- vigil:${incident.key} ${name} -->`;
  const said = await commentOnce(world.repo, number, `${pullNewsText(news)}\n${marker}`, marker);
  return { facts: [], result: `${said}, ${check}` };
}

/** The number of the newest record that was told of already. */
function toldUntil({ effects, attempt }: Incident): number {
  const told = [...effects.values()].flatMap(({ name, status }) => {
    const [, of, seq] = /^pull\.tell#(\d+)\.(\d+)$/.exec(name) ?? [];
    return of === String(attempt) && status !== 'claimed' ? [Number(seq)] : [];
  });
  return Math.max(0, ...told);
}
