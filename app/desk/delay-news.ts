// What keeps an open proposal from being merged, as facts: a draft is somebody's hold, and a rule of the organisation has its times.
// Must never tell the same thing twice, nor take back what somebody else said: GitHub's own rules have their delays too.
import { delayOf } from '#core/incident/merging';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { waits } from '#core/messages/github-answers';

/**
 * What people hear: once for each rule, since its sentence may say another minute each time, and again when it is over. `closed`: the
 * sentence of a rule that holds now. An approval stays what it is.
 */
export function delayNews(incident: Incident, draft: boolean, closed: string | null): Fact[] {
  const told = delayOf(incident);
  const reason = draft ? waits.draft : closed === null ? null : waits.organisation(closed);
  const own = told === waits.draft || (told !== null && subject(told) !== null);
  if (reason === null) return own ? [{ type: 'merge.delayed', data: { reason } }] : [];
  const same =
    told === reason || (told !== null && subject(told) !== null && subject(told) === subject(reason));
  return same ? [] : [{ type: 'merge.delayed', data: { reason } }];
}

const subject = (reason: string): string | null =>
  /^the rule [a-z][a-z0-9-]* of vigil\.yml/.exec(reason)?.[0] ?? null;
