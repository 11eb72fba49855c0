// The bytes that Vigil itself proposes, and the way back to them: when they are on the branch again, when nobody can be known to
// have written what is there, and when people ask. Must never bring back anything but the newest proposal of Vigil's own.
import type { Fact, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';

type Withdrawn = Extract<Fact, { type: 'remediation.withdrawn' }>['data'];
type Push = NonNullable<Withdrawn['push']>;

/** The newest proposal of this attempt that no person pushed. */
export function ownProposal({ records, attempt }: Incident): Proposal | null {
  const record = records.findLast(
    (one) => one.attempt === attempt && one.type === 'remediation.proposed' && one.data.pushed === undefined,
  );
  return record?.type === 'remediation.proposed' ? record.data : null;
}

/** Whether a folder holds exactly the files of a proposal. */
export function sameFiles(a: Readonly<Record<string, string>>, b: Proposal['files']): boolean {
  const files = Object.entries(b).filter(([, text]) => text !== undefined);
  return files.length === Object.keys(a).length && files.every(([name, text]) => a[name] === text);
}

/** Withdraws what is proposed, and proposes Vigil's own bytes again. Empty: there are none in this attempt. */
export function ownAgain(incident: Incident, reason: string, push: Push): Fact[] {
  const own = ownProposal(incident);
  const rehearsed = latestOf(incident, 'remediation.rehearsed');
  if (!own || !rehearsed) return [];
  return [
    { type: 'remediation.withdrawn', data: { reason: reason.slice(0, 500), push } },
    { type: 'remediation.proposed', data: own },
    // A person's push cannot change verify.yml, so what was seen red is still what must turn green.
    { type: 'remediation.rehearsed', data: rehearsed },
  ];
}
