// Which runbooks fit an incident, as a score from 0 to 100 with the reason. Text in, order out.
// A runbook of another service never matches, whatever the words say.
import type { FactDataOf } from './facts.ts';
import type { Runbook } from './runbook.ts';

export type Match = FactDataOf<'context.retrieved'>['matches'][number];
/** Below this score Vigil says that it has no runbook. */
export const PROPOSE_THRESHOLD = 60;

function words(text: string): Set<string> {
  return new Set(
    text
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z0-9]+/)
      .filter((word) => word.length > 2),
  );
}

function share(wanted: Set<string>, seen: Set<string>): number {
  if (wanted.size === 0) return 0;
  return [...wanted].filter((word) => seen.has(word)).length / wanted.size;
}

/** Runbooks of the service, best first. The alert's name counts; keywords only separate equals. */
export function matchRunbooks(
  runbooks: readonly Runbook[],
  incident: { service: string; title: string; text: string },
): Match[] {
  const title = words(incident.title);
  const all = words(`${incident.title} ${incident.text}`);
  return runbooks
    .filter((runbook) => runbook.service === incident.service)
    .map((runbook) => {
      const named = runbook.alerts
        .map((alert) => ({ alert, share: share(words(alert), title) }))
        .sort((a, b) => b.share - a.share)[0];
      const keywords = share(words(runbook.keywords.join(' ')), all);
      const score = Math.round(Math.max((named?.share ?? 0) * 98, keywords * 80) + keywords * 2);
      const why =
        named && named.share > 0
          ? `alert “${named.alert}”`
          : `${Math.round(keywords * 100)} % of its keywords`;
      return {
        runbook: runbook.id,
        title: runbook.title,
        sha256: runbook.sha256,
        score: Math.min(100, score),
        why,
      };
    })
    .filter((match) => match.score > 0)
    .sort((a, b) => b.score - a.score || (a.runbook < b.runbook ? -1 : 1))
    .slice(0, 5);
}
