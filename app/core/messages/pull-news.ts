// What the pull request says to those who review when something has happened to it. One comment for all that is new.
// Must never say that a review counts: only the check does.
import type { FactDataOf } from '#core/ledger/facts';
import type { LedgerRecord } from '#core/ledger/record';
import { mention, told } from './outside.ts';
import { meaningOf } from './pushes.ts';

/** `news`: the records since people were last told, in order. */
export function pullNewsText(news: readonly LedgerRecord[]): string {
  return news
    .flatMap((record) => {
      if (record.type === 'remediation.withdrawn') return [withdrawn(record.data)];
      if (record.type !== 'review.discounted') return [];
      const { by, head, reason } = record.data;
      return [
        `${mention(by)}: your word on ${head.slice(0, 7)} has no effect, since ${told(reason, 300)}. An approval is a review of the newest commit by somebody with write access who did not write it.`,
      ];
    })
    .join('\n\n');
}

function withdrawn({ reason, push }: FactDataOf<'remediation.withdrawn'>): string {
  if (!push || push.bytes === 'unknown') return `**Asked anew**: ${told(reason, 400)}. ${meaningOf(push)}`;
  const who = push.by ? mention(push.by) : 'Somebody';
  return `${who} pushed ${push.head.slice(0, 7)}. ${meaningOf(push)}`;
}
