// Does what the app owes an incident, one effect after the other, as if each went well. Must never know how an effect is done.
import { dueEffects } from '#core/incident/due';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { fact, withFacts } from './incidents.ts';

/** Facts that a performed effect brings about. */
const follows: Record<string, Fact[]> = {
  'issue.open': [fact('issue.opened')],
  'respond.dispatch': [fact('investigation.started')],
  judge: [fact('remediation.judged')],
  'pull.open': [fact('pull.opened')],
  'pull.merge': [fact('pull.merged')],
};

/** Does what is due, one effect after the other, until nothing is; gives their names and the state after them. */
export function settle(incident: Incident): { done: string[]; incident: Incident } {
  const done: string[] = [];
  for (let state = incident; ; ) {
    const next = dueEffects(state)[0];
    if (!next) return { done, incident: state };
    done.push(next.name);
    state = withFacts(state, [
      ...(follows[next.kind] ?? []),
      fact('effect.done', { effect: next.name, result: 'ok' }),
    ]);
    if (done.length > 30) throw new Error(`it never ends: ${done.join(' ')}`);
  }
}
