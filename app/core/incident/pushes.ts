// The pushes and withdrawals of an attempt: when people were asked again, and who pushed to the branch under review.
// Must never believe a commit about who pushed it: a commit can name anybody.
import type { FactDataOf } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';

/** Who pushed on top of Vigil's own bytes, or why that is not known. */
export type Pushers = { known: true; logins: readonly string[] } | { known: false; reason: string };

const attemptOf = (incident: Incident) =>
  incident.records.filter((record) => record.attempt === incident.attempt);

/**
 * The newest withdrawal after which only newer reviews count: since when (ISO), and why. A push is none: what it changed has another
 * digest, and what it left as it was is what people approved.
 */
export function askedAnew(incident: Incident): { at: string; reason: string } | null {
  const record = attemptOf(incident).findLast(
    ({ type, data }) => type === 'remediation.withdrawn' && data.push === undefined,
  );
  return record?.type === 'remediation.withdrawn' ? { at: record.at, reason: record.data.reason } : null;
}

/** The newest withdrawal of this attempt, whatever it was for. */
export function lastWithdrawal(
  incident: Incident,
): ({ at: string } & FactDataOf<'remediation.withdrawn'>) | null {
  const record = attemptOf(incident).findLast(({ type }) => type === 'remediation.withdrawn');
  return record?.type === 'remediation.withdrawn' ? { at: record.at, ...record.data } : null;
}

/** The attempt's pull request as the ledger last knew it, even if its proposal was withdrawn. */
export function lastPull(incident: Incident): FactDataOf<'pull.opened'> | null {
  const record = attemptOf(incident).findLast(({ type }) => type === 'pull.opened');
  return record?.type === 'pull.opened' ? record.data : null;
}

/** The head of that pull request. The next proposal of the attempt goes on top of it. */
export function lastHead(incident: Incident): string | null {
  return lastPull(incident)?.head ?? null;
}

/** The pull request that the attempt before left open when the incident moved to another service. Null: there is none. */
export function leftPull({ records, latest, attempt }: Incident): number | null {
  if (!latest['incident.moved']) return null;
  const before = records.filter((record) => record.attempt === attempt - 1);
  const pull = before.findLast(({ type }) => type === 'pull.opened');
  const merged = before.some(({ type }) => type === 'pull.merged');
  return pull?.type === 'pull.opened' && !merged ? pull.data.number : null;
}

/** Every head of this attempt that held exactly the bytes, and was judged by exactly the rules, of this digest. */
export function headsOf(incident: Incident, digest: string): ReadonlySet<string> {
  return new Set(
    attemptOf(incident).flatMap((record) =>
      record.type === 'pull.opened' && record.data.digest === digest ? [record.data.head] : [],
    ),
  );
}

/** Whether somebody pushed after the present proposal was made. Then the branch may hold other bytes. */
export function pushedSince(incident: Incident): boolean {
  const records = attemptOf(incident);
  const proposed = records.findLast(({ type }) => type === 'remediation.proposed')?.seq ?? 0;
  return records.some(({ type, seq }) => type === 'pull.pushed' && seq > proposed);
}

/** What the records of an attempt say about the heads of its branch. */
function told(incident: Incident) {
  const own = new Set<string>();
  /** Heads that hold what a person had pushed before, byte for byte, and that person's head: whoever pushed them wrote nothing. */
  const same = new Map<string, string>();
  const pushes = new Map<string, { by: string; before: string }[]>();
  let pushed: FactDataOf<'remediation.proposed'>['pushed'];
  for (const record of attemptOf(incident)) {
    if (record.type === 'remediation.proposed') pushed = record.data.pushed;
    if (record.type === 'remediation.withdrawn' && record.data.push?.bytes === 'same' && pushed)
      if (record.data.push.head !== pushed.head) same.set(record.data.push.head, pushed.head);
    if (record.type === 'pull.opened' && !pushed) own.add(record.data.head);
    if (record.type === 'pull.pushed')
      pushes.set(record.data.head, [...(pushes.get(record.data.head) ?? []), record.data]);
  }
  return { own, same, pushes, taken: pushed?.head ?? null };
}

/**
 * Everybody who pushed between a commit with Vigil's own bytes and this head, by GitHub's events. If one event is missing, it is
 * not known who wrote what is under review, and then nobody's review may count.
 */
export function pushersOf(incident: Incident, head: string): Pushers {
  const { own, same, pushes, taken } = told(incident);
  const logins = new Set<string>();
  // A commit may have been pushed by several people, from several others: all of them count.
  const ahead = [head];
  const seen = new Set<string>();
  let begun = false;
  for (let at = ahead.pop(); at !== undefined; at = ahead.pop()) {
    // An older commit of Vigil's that somebody brought back is that person's choice, since Vigil has proposed others since.
    const ends = own.has(at) && !(at === head && at === taken);
    begun ||= ends;
    if (ends || seen.has(at)) continue;
    seen.add(at);
    const before = same.get(at);
    if (before !== undefined) {
      ahead.push(before);
      continue;
    }
    const known = pushes.get(at);
    if (!known) return { known: false, reason: `GitHub has not told who pushed ${at.slice(0, 7)}` };
    for (const push of known) {
      logins.add(push.by);
      ahead.push(push.before);
    }
  }
  // Pushes that lead from one to the other and never from a commit of Vigil's tell nothing of how it began.
  if (!begun) return { known: false, reason: `GitHub has not told who pushed ${head.slice(0, 7)}` };
  return { known: true, logins: [...logins] };
}

/** A commit of a pull request, and whom it names as its author and committer. */
export type Named = { sha: string; parents: readonly string[]; logins: readonly string[] };

/**
 * Whom the commits under review name. Bytes that are Vigil's own have no other author, whatever commits lie between; after a push
 * that left the bytes as they were, the commits before it are the ones that wrote them.
 */
export function committersOf(incident: Incident, head: string, commits: readonly Named[]): string[] {
  const { own, same, taken } = told(incident);
  if (own.has(head) && head !== taken) return [];
  const seen = new Set<string>();
  let at = head;
  for (let before = same.get(at); before !== undefined && !seen.has(at); before = same.get(at)) {
    seen.add(at);
    at = before;
  }
  const known = new Map(commits.map((commit) => [commit.sha, commit]));
  // A branch that was pushed by force may not hold the commit any more: then all of them count.
  if (!known.has(at)) return commits.flatMap(({ logins }) => logins);
  const reached = new Set<string>();
  for (const ahead = [at]; ahead.length > 0; ) {
    const sha = ahead.pop() ?? '';
    if (!known.has(sha) || reached.has(sha)) continue;
    reached.add(sha);
    ahead.push(...(known.get(sha)?.parents ?? []));
  }
  return commits.filter(({ sha }) => reached.has(sha)).flatMap(({ logins }) => logins);
}

/** Whether a pull request belongs to this incident, also when its proposal was withdrawn. */
export function isPullOf(incident: Incident, number: number): boolean {
  return incident.records.some((record) => record.type === 'pull.opened' && record.data.number === number);
}
