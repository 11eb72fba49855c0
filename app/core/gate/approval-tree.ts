// The whole approval tree of a remediation: both lanes and the gate in front of the run, each condition with its reason.
// Must never call a condition met when nobody could look at it.

import { allOf, condition, type Decision, unseen } from '#core/decision';
import type { Incident } from '#core/ledger/replay';
import { latestOf } from '#core/ledger/replay';
import { eitherLane } from './approval.ts';

/** `human` is null where the reviews on GitHub cannot be seen. Then the tree tells what approval the ledger holds. */
export function wholeTree(
  incident: Incident,
  parts: { auto: Decision; human: Decision | null; gate: Decision; draft?: boolean },
): Decision {
  const gate = allOf('gate of the job that runs it', [
    ...parts.gate.children,
    unseen('red again', 'the job looks at the service right before the run'),
    unseen('a workspace can be had', 'the job asks Coder right before the run'),
  ]);
  return allOf('may this remediation run', [
    eitherLane(parts.auto, parts.human ?? fromLedger(incident)),
    // A draft is a hold by whoever made it one.
    ...(parts.draft ? [condition('no draft', false, 'the pull request is a draft')] : []),
    gate,
  ]);
}

function fromLedger(incident: Incident): Decision {
  const approved = latestOf(incident, 'remediation.approved');
  const reviews = unseen(
    'reviews as they are now',
    'they are on GitHub, not in git; ask with `/vigil explain`',
  );
  if (approved?.lane !== 'human') return { ...reviews, name: 'approved by people', children: [reviews] };
  return {
    name: 'approved by people',
    ok: true,
    reason: 'the ledger holds an approval',
    children: [
      condition(
        'approved when the app looked',
        true,
        `by ${approved.by.map((login) => `@${login}`).join(' and ')} until ${approved.expires}`,
      ),
      reviews,
    ],
  };
}
