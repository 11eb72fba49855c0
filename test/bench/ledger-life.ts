// The life of one incident as the app writes it, from the alert to what was learned: facts, claims and what became of them.
// For the benchmark of the ledger. It must never hold a fact that the lifecycle would refuse.
import { dueEffects } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import { fold, type Incident, nextRecord } from '#core/ledger/replay';
import { fact, hex } from '../support/incidents.ts';

export const RECORDS = 36;
export const keyOf = (index: number): string => `pd-b${index.toString(36).padStart(6, '0')}`;

/** Real facts until nothing is due any more; alerts that joined fill them up to the number. */
export function lifeOf(key: string, index: number): Fact[] {
  const failed = index % 17 === 0;
  const block = hex(((index % 12) + 1).toString(16));
  const told: Fact[] = [
    fact('incident.opened', { key, title: `Alert ${'abcdefghijkl'[index % 12]} of the shop` }),
    claimed('issue.open#1'),
    fact('issue.opened', { number: 2 * index + 1 }),
    done('issue.open#1', `#${2 * index + 1}`),
    fact('investigation.started'),
    fact('evidence.gathered'),
    fact('hypothesis.received', {
      text: `Orders fail with 500 since release ${index}. ${'The cache. '.repeat(20)}`,
    }),
    fact('context.retrieved'),
    fact('synthesis.started'),
    fact('remediation.proposed', {
      runbook: { id: `shop-${index % 12}`, path: `runbooks/shop-${index % 12}.md`, sha256: hex('c'), block },
      files: {
        'fix.sh':
          `readonly SHOP='shop'\ncurl -fsS -X POST https://admin.shop.example/cache/purge?n=${index}\n`.repeat(
            4,
          ),
        'verify.yml': 'v: 1\nchecks: []\n'.repeat(20),
        'remediation.yml': `v: 1\nincident: ${key}\n`.repeat(20),
      },
    }),
    fact('remediation.rehearsed'),
    fact('remediation.judged'),
    fact('pull.opened', { number: 2 * index + 2 }),
    fact('remediation.approved', { lane: index % 3 === 0 ? 'auto' : 'human' }),
    done('check.post#1', 'posted'),
    fact('pull.merged'),
    fact('remediation.started'),
    fact('remediation.finished'),
    failed ? fact('recovery.refuted') : fact('recovery.confirmed'),
    fact('incident.learned'),
  ];
  let incident = told.reduce<Incident | null>(after, null);
  const owed: Fact[] = [];
  for (let [next] = dueEffects(incident as Incident); next; [next] = dueEffects(incident as Incident)) {
    const settled = done(next.name, 'told');
    owed.push(settled);
    incident = after(incident, settled);
  }
  const rest = RECORDS - told.length - owed.length;
  if (rest < 0) throw new Error(`the life of an incident has ${RECORDS - rest} facts, not ${RECORDS}`);
  const joined = Array.from({ length: rest }, (_, n) => fact('alert.joined', { event: `E${index}-${n}` }));
  return [...told.slice(0, 4), ...joined, ...told.slice(4), ...owed];
}

const claimed = (effect: string): Fact => fact('effect.claimed', { effect, owner: 'replica-1@boot' });
const done = (effect: string, result: string): Fact => fact('effect.done', { effect, result });

function after(incident: Incident | null, one: Fact): Incident {
  const folded = fold(incident, nextRecord(incident, one, '2026-11-03T03:00:00.000Z', { kind: 'app' }));
  if (!folded.ok) throw new Error(folded.reason);
  return folded.incident;
}
