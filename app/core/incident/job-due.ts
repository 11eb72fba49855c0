// Whether a job has something to do. Must never look at anything but the ledger, so that a re-run, another runner or a run that comes
// late gets the same answer.
import type { Poster } from '#core/ledger/lifecycle';
import { type Incident, latestOf } from '#core/ledger/replay';
import { phaseOf } from './measured.ts';
import { undoDue } from './running.ts';

export type Job = Exclude<Poster, 'app'>;
type Due = { due: true } | { due: false; reason: string };

const no = (reason: string): Due => ({ due: false, reason });

/** Whether a job's step is due. A job that is not due ends green and says why. */
export function jobDue(incident: Incident | null, job: Job, attempt: number): Due {
  if (!incident) return no('the ledger has no such incident');
  if (incident.attempt !== attempt)
    return no(`attempt ${attempt} is over; the incident is at attempt ${incident.attempt}`);
  const at = (...stages: string[]): Due =>
    stages.includes(incident.stage) ? { due: true } : no(`nothing to do in ${incident.stage}`);
  switch (job) {
    case 'orient':
      // TRIGGERED: the app may have died after it dispatched this run and before it wrote that down.
      return at('TRIGGERED', 'INVESTIGATING', 'HYPOTHESIS_RECEIVED');
    case 'decide':
      return latestOf(incident, 'remediation.proposed')
        ? no('a remediation is proposed already')
        : at('SYNTHESIZING');
    case 'measure':
      return phaseOf(incident) ? { due: true } : no('nobody is about to look whether it is red or green');
    case 'rehearse':
      if (!latestOf(incident, 'remediation.proposed')) return no('there is no proposal to rehearse');
      return latestOf(incident, 'remediation.rehearsed')
        ? no('the symptom was seen already')
        : at('SYNTHESIZING');
    case 'execute':
      return latestOf(incident, 'remediation.started')
        ? no('the script was started already and never runs twice')
        : at('SYNTHESIZING');
    case 'load':
    case 'verify':
      return at('VERIFYING');
    case 'undo':
      return undoDue(incident) ? { due: true } : no('there is nothing to undo');
    case 'conclude':
      return latestOf(incident, 'incident.learned') ? no('already concluded') : at('RESOLVED', 'ESCALATED');
  }
}
