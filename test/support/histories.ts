// Random legal histories of incidents, for property tests. It must never bypass the lifecycle: what it makes could have happened.
import * as fc from 'fast-check';
import { type Fact, factTypes } from '#core/ledger/facts';
import { step } from '#core/ledger/lifecycle';
import type { Actor, LedgerRecord } from '#core/ledger/record';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { fact, OPENED } from './incidents.ts';

const app: Actor = { kind: 'app' };
export const at = OPENED.toISOString();

/** At each step one of the facts that may happen now, some with text from anywhere. */
const choice = fc.record({ pick: fc.nat(), text: fc.string({ unit: 'binary', maxLength: 40 }) });
export const history = fc.array(choice, { minLength: 1, maxLength: 40 }).map((choices) => {
  const records: LedgerRecord[] = [];
  let incident: Incident | null = null;
  for (const { pick, text } of choices) {
    const record = nextRecord(incident, legal(incident, pick, text), at, app);
    const folded = fold(incident, record);
    if (!folded.ok) throw new Error(folded.reason);
    incident = folded.incident;
    records.push(record);
  }
  return records;
});

/** One of the facts that may happen now, chosen by `pick`; some carry the text. */
export function legal(incident: Incident | null, pick: number, text: string): Fact {
  const forms: Fact[] = [
    ...factTypes.map((type) => fact(type)),
    fact('remediation.finished', { ok: false, output: text }),
    fact('symptom.absent', { alert: 'firing', reason: text }),
    fact('alert.joined', { title: text }),
    fact('effect.failed', { effect: text, final: true }),
  ];
  const possible = forms.filter((form) => step(incident?.stage ?? null, form).ok);
  const chosen = possible[pick % possible.length];
  if (!chosen) throw new Error('nothing can happen');
  return chosen;
}
