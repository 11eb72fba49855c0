// What the job `measure` saw for the job after it, of the same run. Must never let what another run saw, or what was seen before the
// proposal or the script's end, stand for a look: then nobody looked.
import type { Incident } from '#core/ledger/replay';
import { unseen } from '#core/verification/elsewhere';
import { keyedIn, measuredIn } from '#core/verification/needs-keys';
import type { Sample, VerifyPlan } from '#core/verification/plan';
import { MEASURED_MS } from './limits.ts';

/** Whether the next look is for red or for green. Null: nobody is about to look. */
export function phaseOf({ stage, latest }: Incident): 'red' | 'green' | null {
  if (stage === 'VERIFYING') return 'green';
  const proposed = stage === 'SYNTHESIZING' && latest['remediation.proposed'] !== undefined;
  return proposed && latest['remediation.rehearsed'] === undefined ? 'red' : null;
}

export type Measured = {
  readonly samples: Sample[];
  /** Why nothing was seen of what should have been. Earlier looks say nothing of now, then. */
  readonly missing: string | null;
};

/** What counts of it, for a job of this run. Of each check that nobody has seen there is a look that says so. */
export function measuredFor(
  incident: Incident,
  plan: VerifyPlan,
  phase: 'red' | 'green',
  run: number,
  now: number,
): Measured {
  const due = measuredIn(plan, phase);
  const since = incident.latest[phase === 'red' ? 'remediation.proposed' : 'remediation.finished']?.seq ?? 0;
  const record = incident.records.findLast(
    (one) =>
      one.type === 'symptom.measured' &&
      one.seq > since &&
      one.data.phase === phase &&
      one.actor.kind === 'job' &&
      one.actor.run === run,
  );
  const none = (missing: string): Measured => ({
    samples: due.map((check) => unseen(check, now, missing)),
    missing,
  });
  if (record?.type !== 'symptom.measured') return none(NOBODY);
  if (now - Date.parse(record.at) > MEASURED_MS) return none(LONG_AGO);
  const samples = record.data.samples.filter(({ check }) => keyedIn(plan).includes(check));
  const left = due.filter((check) => !samples.some((one) => one.check === check));
  return samples.length === 0
    ? none(NOBODY)
    : { samples: [...samples, ...left.map((check) => unseen(check, now, NOT_REACHED))], missing: null };
}

const NOBODY = 'the job measure, which has the keys, said nothing in this run';
const LONG_AGO = 'the job measure looked too long before this one';
const NOT_REACHED = 'the job measure ended before it looked at this';
