// What the second witness says of a proposal's scripts, put into the judgement. It must never make a judgement less careful, nor keep
// one that rests on a misreading.
import type { Judged } from '#core/ledger/facts';
import type { Testimony } from '#core/policy/second-witness';
import { cut } from '#core/text/cut';

/** A script that bash reads otherwise than Vigil is refused, and that is the first reason. */
export function withTestimonies(judged: Judged, testimonies: Readonly<Record<string, Testimony>>): Judged {
  const findings = Object.entries(testimonies).flatMap(([file, said]) =>
    said.is === 'disagrees'
      ? [{ file, line: 1, code: 'misread', sentence: cut(`${misreads(said.reason)}.`, 500) }]
      : [],
  );
  if (findings.length === 0) return judged;
  return {
    ...judged,
    verdict: 'refuse',
    risk: 'HIGH',
    lane: 'human',
    findings: [...findings, ...judged.findings],
  };
}

/** In a sentence about a file, for the judgement and for the job that runs it. */
export const misreads = (reason: string): string =>
  `Vigil may have misread it, so it does not run: ${reason}`;
