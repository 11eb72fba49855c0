// Incidents whose fix has an end: more pods for a while, with or without an undo. Built by facts that the lifecycle allows.
// It must never say that an act is due: that is what the tests ask.
import type { Fact, FactDataOf } from '#core/ledger/facts';
import type { PutBack } from '#core/ledger/put-back-facts';
import type { Incident } from '#core/ledger/replay';
import { fact, incidentOf, untilMerged, untilProposed, untilSynthesizing } from './incidents.ts';

export const QUIET: PutBack = { quiet_for: '2h', by: 'vigil' };
export const UNTIL: PutBack = { until: '4h', by: 'vigil' };
const files = { 'fix.sh': 'a', 'verify.yml': 'c', 'remediation.yml': 'd' };
/** One lasts, two do not. */
export const effects = [
  { kind: 'scale', target: 'deployment/orders', selfRestoring: false },
  { kind: 'read', target: null, selfRestoring: true },
  { kind: 'cache.purge', target: null, selfRestoring: true },
];

type How = { end?: PutBack | undefined; undo?: boolean; judged?: Partial<FactDataOf<'remediation.judged'>> };
const merged = ({ end, undo = true, judged = {} }: How): Fact[] => [
  ...untilSynthesizing,
  fact('remediation.proposed', { files: undo ? { ...files, 'undo.sh': 'b' } : files, kind: 'scale' }),
  ...untilProposed.slice(untilSynthesizing.length + 1),
  fact('remediation.judged', { effects, ...(end ? { put_back: end } : {}), ...judged }),
  ...untilMerged.slice(untilProposed.length + 1),
];
/** A script that was started. */
export const ran = (how: How, ...rest: Fact[]): Incident =>
  incidentOf([...merged(how), fact('remediation.started'), ...rest]);
/** A fix that helped. */
export const healed = (how: How = { end: QUIET }, ...rest: Fact[]): Incident =>
  ran(how, fact('remediation.finished'), fact('recovery.confirmed'), ...rest);
