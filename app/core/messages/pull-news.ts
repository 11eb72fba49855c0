// What the pull request says to those who review when something has happened to it. One comment for all that is new.
// Must never say that a review counts: only the check does.
import type { LedgerRecord } from '#core/ledger/record';
import { told } from './outside.ts';
import { meaningOf } from './pushes.ts';

/** `news`: the records since people were last told, in order. */
export function pullNewsText(news: readonly LedgerRecord[]): string {
  return news
    .flatMap((record) => {
      if (record.type === 'remediation.withdrawn')
        return [`**Asked anew**: ${told(record.data.reason, 400)}. ${meaningOf(record.data.push)}`];
      if (record.type !== 'review.discounted') return [];
      const { by, reason } = record.data;
      const who = /^[A-Za-z0-9-]+$/.test(by) ? `@${by}` : told(by, 60);
      return [
        `${who}: your review of ${record.data.head.slice(0, 7)} has no effect, since ${told(reason, 300)}. An approval is a review of the newest commit, by somebody else with write access.`,
      ];
    })
    .join('\n\n');
}
