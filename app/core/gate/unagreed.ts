// Rules of the organisation that hold now and did not when people were asked: a freeze that began, a target that was changed since.
// Must never count a rule as agreed to that nobody could read when the proposal was judged.
import type { Judged } from '#core/ledger/facts';
import { subjectOf } from '#core/policy/organisation';

type Findings = Judged['findings'];

/** Of the findings now, those of rules that are not among the findings then. A sentence may say another time: the rule's name counts. */
export function unagreed(now: Findings, then: Findings): Findings {
  const agreed = new Set(then.flatMap(({ sentence }) => subjectOf(sentence) ?? []));
  return now.filter(
    ({ code, sentence }) => code === 'organisation' && !agreed.has(subjectOf(sentence) ?? ''),
  );
}
