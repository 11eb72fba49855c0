// Judges past proposals again by today's policy and settings, to show what a change of rules would have changed.
// Must never say that today's rules approve something when that also depends on the runbook, the plan or people.
import type { Proved } from '#core/ledger/audit';
import type { Judged } from '#core/ledger/facts';
import { latestOf } from '#core/ledger/replay';
import type { Change } from '#core/policy/cool-down';
import { type Settings, serviceOf } from '#core/settings';
import { judgeScripts } from './judged-scripts.ts';

type Opinion = Pick<Judged, 'verdict' | 'risk' | 'lane'>;

export type Rejudged = {
  incident: string;
  attempt: number;
  at: string;
  /** Made up for a demonstration. */
  sample: boolean;
  kind: string;
  was: Opinion;
  today: Opinion;
  change: 'same' | 'stricter' | 'laxer';
  /** What today's policy finds. */
  findings: Judged['findings'];
};

/** Findings about more than the scripts. They are kept, because today's files cannot tell whether they still hold. */
const kept = new Set(['unsafe-check', 'not-the-runbook', 'foreign-runbook']);

/**
 * Judges every judgement of a proved trail again, as of its own time and after what had been changed by then (`changes`, of the whole
 * ledger), so that rules with times count as they did then.
 * A proposal can only lose the auto lane here: whether one that went to people would earn it today is not computed.
 */
export function rejudge(
  trail: readonly Proved[],
  settings: Settings,
  changes: readonly Change[] = [],
): Rejudged[] {
  return trail.flatMap(({ record, incident }): Rejudged[] => {
    const proposal = latestOf(incident, 'remediation.proposed');
    if (record.type !== 'remediation.judged' || !proposal) return [];
    const first = record.data;
    const service = serviceOf(settings, incident.opened.service.id);
    const before = changes.filter(({ at }) => Date.parse(at) < Date.parse(record.at));
    const again = service
      ? judgeScripts(proposal, service, settings, new Date(record.at), before)
      : { verdict: 'refuse' as const, risk: 'HIGH' as const, findings: [gone(incident.opened.service.id)] };
    const still = first.findings.filter(({ code }) => kept.has(code));
    const verdict = still.length > 0 ? 'refuse' : again.verdict;
    const { auto } = settings;
    const autonomous =
      first.lane === 'auto' &&
      verdict === 'allow' &&
      again.risk === 'LOW' &&
      auto.enabled &&
      !auto.freeze &&
      first.confidence.value >= auto.confidence;
    const was: Opinion = { verdict: first.verdict, risk: first.risk, lane: first.lane };
    const today: Opinion = { verdict, risk: again.risk, lane: autonomous ? 'auto' : 'human' };
    return [
      {
        incident: incident.key,
        attempt: record.attempt,
        at: record.at,
        sample: incident.opened.sample === true,
        kind: proposal.kind,
        was,
        today,
        change: changeOf(was, today),
        findings: [...again.findings, ...still],
      },
    ];
  });
}

const gone = (id: string): Judged['findings'][number] => ({
  file: 'vigil.yml',
  line: 1,
  code: 'no-inventory',
  sentence: `The service ${id} is no longer in the inventory.`,
});

const strictness = {
  ...{ allow: 0, review: 1, refuse: 2 },
  ...{ LOW: 0, MEDIUM: 1, HIGH: 2 },
  ...{ auto: 0, human: 1 },
};

/** The verdict counts before the lane, the lane before the risk. */
function changeOf(was: Opinion, today: Opinion): Rejudged['change'] {
  for (const part of ['verdict', 'lane', 'risk'] as const) {
    const difference = strictness[today[part]] - strictness[was[part]];
    if (difference !== 0) return difference > 0 ? 'stricter' : 'laxer';
  }
  return 'same';
}
