// Why a risk is what it is, in words: what each part says by itself, and which of these count.
// Must never leave a risk above LOW without a reason.
import { effects } from '#core/policy/effects';
import type { EffectKind, Risk, Verdict } from '#core/policy/types';
import { cut } from '#core/text/cut';

/** One part's opinion, and why, as a whole sentence. `weak`: it says nothing of its own; `cost`: it is what a change costs. */
export type Reason = { risk: Risk; why: string; weak?: true; cost?: true };

const order: Record<Risk, number> = { LOW: 0, MEDIUM: 1, HIGH: 2 };
const MOST_REASONS = 6;

export const worst = (risks: readonly Risk[]): Risk =>
  risks.reduce((a, b) => (order[b] > order[a] ? b : a), 'LOW');

/** What the policy says of one script. Costs come first: they say what an effect alone does not. */
export function reasonsOf({ verdict, risk, commands, costs = [] }: Verdict): Reason[] {
  const kinds = [...new Set(commands.map(({ effect }) => effect))].filter((effect) => effect !== 'read');
  return [
    ...costs.flatMap(({ risk: own, sentence }) =>
      own === null ? [] : [{ risk: own, why: sentence, cost: true as const }],
    ),
    ...kinds.map((effect) => ({ risk: effects[effect].risk, why: effectWords(effect) })),
    verdict === 'allow' ? { risk, why: 'The policy says so.', weak: true } : { risk, why: stricter[verdict] },
  ];
}

const stricter = { review: 'The policy wants a person to look.', refuse: 'The policy refuses it.' } as const;

function effectWords(effect: EffectKind): string {
  if (effect === 'unknown') return 'Nobody has described a command of it.';
  return effects[effect].selfRestoring
    ? `${effect} is ${effects[effect].risk} whatever it is done to.`
    : `${effect} lasts until somebody changes it back.`;
}

export const unsure: Reason = { risk: 'MEDIUM', why: 'It cannot be undone, or not for certain.' };

/** What its author says; a runbook, a model or a person may only raise it. */
export function saidBy(who: 'runbook' | 'model' | 'person', risk: Risk): Reason {
  const names = { runbook: 'Its runbook', model: 'The model', person: 'Its author' };
  return { risk, why: `${names[who]} says so.`, weak: true };
}

/** The reasons that make the risk what it is, most telling first. */
export function because(risk: Risk, reasons: readonly Reason[], changes: boolean): string[] {
  if (risk === 'LOW')
    return [changes ? 'What it changes is back where it was by itself.' : 'It changes nothing.'];
  const own = reasons.filter((one) => one.risk === risk);
  const telling = own.filter(({ weak }) => !weak);
  const all = (telling.length > 0 ? telling : own).map(({ why }) => cut(why, 500));
  return [...new Set(all)].slice(0, MOST_REASONS);
}
