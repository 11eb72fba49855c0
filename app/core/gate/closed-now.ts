// What holds an open proposal up now that nobody could read when it was judged: a rule of the organisation with times.
// Must never take the place of the gate, which judges again right before the run; it only keeps people from approving into the void.
import { changesIn } from '#core/incident/changes';
import type { Judged } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { namesTime } from '#core/policy/organisation';
import { type Settings, serviceOf } from '#core/settings';
import type { Told } from '#core/trust/summary';
import { judgeScripts } from './judged-scripts.ts';
import { unagreed } from './unagreed.ts';

type Looked = { settings: Settings; past: readonly Told[]; now: Date };

/** The rule's sentence. Null: no rule came into force since, or there is nothing to judge. */
export function closedNow(
  incident: Incident,
  judged: Judged,
  { settings, past, now }: Looked,
): string | null {
  const proposal = latestOf(incident, 'remediation.proposed');
  const service = serviceOf(settings, incident.opened.service.id);
  if (!proposal || !service || !settings.policy.rules.some(namesTime)) return null;
  const again = judgeScripts(proposal, service, settings, now, changesIn(past));
  return unagreed(again.findings, judged.findings)[0]?.sentence ?? null;
}
