// Reviews that count for nothing, as facts: who reviews without effect is told so, once for each person and head.
// Must never tell anybody twice.
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { type Reviewed, withoutEffect } from './reviews.ts';

const MOST = 20;

export function discounted(incident: Incident, input: Reviewed): Fact[] {
  return withoutEffect(input).flatMap(({ by, reason }) =>
    discountedFact(incident, input.pull.head, by, reason),
  );
}

/** The fact that tells one person; empty when they were told for this head. */
export function discountedFact(incident: Incident, head: string, by: string, reason: string): Fact[] {
  const told = incident.records.filter(
    (record) => record.type === 'review.discounted' && record.attempt === incident.attempt,
  );
  const known = told.some(
    ({ type, data }) =>
      type === 'review.discounted' && data.head === head && data.by.toLowerCase() === by.toLowerCase(),
  );
  // A crowd of strangers must not fill the ledger.
  if (known || told.length >= MOST) return [];
  return [{ type: 'review.discounted', data: { by, head, reason: reason.slice(0, 500) } }];
}
