// One short sentence about a record, for a timeline on a terminal. It has no formatting.
// Must never let through what a reader cannot see or what steers a terminal, because titles and reasons come from outside.
import type { FactDataOf } from '#core/ledger/facts';
import type { Actor, LedgerRecord } from '#core/ledger/record';
import { shorten } from '#core/text/cut';
import { visible } from '#core/text/untrusted';
import { seconds, serviceOf, titleOf } from './words.ts';

/** What the record says, on one line of at most 160 characters. Empty when the name of the fact says everything. */
export function sentence(record: LedgerRecord): string {
  const line = visible(say(record)).replace(/\s+/g, ' ').trim();
  return shorten(line, 160);
}

export function actorName(actor: Actor): string {
  if (actor.kind === 'app') return 'app';
  return actor.kind === 'job' ? `${actor.job} (run ${actor.run})` : `@${actor.login}`;
}

function changes({ title, urgency, priority, service }: FactDataOf<'alert.changed'>): string {
  return [
    ...(title === undefined ? [] : [`title ${title}`]),
    ...(urgency === undefined ? [] : [`urgency ${urgency}`]),
    ...(priority === undefined ? [] : [`priority ${priority ?? 'none'}`]),
    ...(service === undefined ? [] : [`service ${service.name}`]),
  ].join(', ');
}

function say(record: LedgerRecord): string {
  switch (record.type) {
    case 'incident.opened':
      return `${titleOf(record.data)} (${serviceOf(record.data)}, ${record.data.pagerduty.id})${record.data.sample ? ', sample history' : ''}`;
    case 'issue.opened':
      return `#${record.data.number} ${record.data.url}`;
    case 'investigation.started':
    case 'synthesis.started':
      return record.data.run.url;
    case 'evidence.gathered':
      return `${record.data.items.length} items${record.data.missing.map(({ source }) => `, ${source} missing`).join('')}`;
    case 'hypothesis.received':
      return `${record.data.source}: ${record.data.text}`;
    case 'context.retrieved':
      return record.data.matches.length === 0
        ? 'no runbook matches'
        : record.data.matches.map(({ runbook, score }) => `${runbook} ${score} of 100`).join(', ');
    case 'remediation.proposed':
      return `${record.data.kind} on ${record.data.target} by ${record.data.by}, risk ${record.data.risk}`;
    case 'remediation.judged':
      return `policy ${record.data.verdict}, risk ${record.data.risk}, confidence ${record.data.confidence.value}, ${record.data.lane} lane, digest ${record.data.digest.slice(0, 12)}`;
    case 'pull.opened':
      return `#${record.data.number} ${record.data.url}, digest ${record.data.digest.slice(0, 12)}`;
    case 'remediation.approved':
      return `digest ${record.data.digest.slice(0, 12)} by ${record.data.lane === 'auto' ? 'the auto lane' : record.data.by.join(' and ')}, until ${record.data.expires}`;
    case 'pull.pushed':
      return `${record.data.head.slice(0, 12)} by ${record.data.by}`;
    case 'stop.requested':
    case 'review.discounted':
    case 'remediation.rejected':
      return `by ${record.data.by}: ${record.data.reason}`;
    case 'merge.delayed':
      return record.data.reason ?? 'it waits for nothing any more';
    case 'pull.merged':
      return `${record.data.sha.slice(0, 12)} by ${record.data.by}`;
    case 'remediation.started':
      return `digest ${record.data.digest.slice(0, 12)} in ${record.data.workspace}, ${record.data.run.url}`;
    case 'remediation.finished':
    case 'undo.finished':
      return `${record.data.outcome}, exit code ${record.data.exit ?? 'unknown'}, ${seconds(record.data.ms)}`;
    case 'undo.started':
    case 'workspace.deleted':
    case 'workspace.left':
      return record.data.workspace;
    case 'alert.described':
    case 'alert.joined':
      return titleOf(record.data);
    case 'alert.changed':
      return changes(record.data);
    case 'incident.moved':
      return `from ${record.data.from} to ${record.data.to}`;
    case 'incident.merged':
      return `into ${record.data.into}`;
    case 'recovery.refuted':
      return record.data.worse ? `worse: ${record.data.worse}` : record.data.reason;
    case 'alert.resolved':
      return `by ${record.data.by}`;
    case 'incident.escalated':
      return `${record.data.code}: ${record.data.reason}`;
    case 'incident.learned':
      return `effectiveness ${record.data.effectiveness}: ${record.data.summary}`;
    case 'putback.due':
      return record.data.by ? `asked for by ${record.data.by}` : record.data.because;
    case 'putback.reminded':
      return `${record.data.because}${record.data.last ? ', the last time' : ''}`;
    case 'putback.kept':
      return `by ${record.data.by}: ${record.data.reason}`;
    case 'undo.requested':
    case 'issue.closed':
    case 'incident.retried':
      return `by ${record.data.by}`;
    case 'effect.claimed':
      return `${record.data.effect} by ${record.data.owner.split('@')[0]}`;
    case 'effect.done':
      return `${record.data.effect} ${record.data.result}`;
    case 'effect.failed':
      return `${record.data.effect}: ${record.data.reason}`;
    default:
      return 'reason' in record.data ? record.data.reason : '';
  }
}
