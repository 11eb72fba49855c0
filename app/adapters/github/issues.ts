// The incident's issue and its status comment, kept as they should be. Each thing on the issue fails alone: a locked conversation or a
// label that is refused stops nothing else. Must never write over what people wrote there.
import type { IssuePart, Refused } from '#core/messages/failure-words';
import { at, type Repo } from './api.ts';
import { refusalOf } from './problem.ts';

/** What was done on the issue, and what GitHub did not take of it; each thing fails alone. */
export type Synced = { result: 'written' | 'same'; refused: Refused[] };
export type Wanted = {
  /** `own`: every title that Vigil can have given the issue so far. Any other title is somebody else's, and stays. */
  title: { now: string; own: readonly string[] };
  /** The body with Vigil's part in it, whatever else people wrote there. */
  body: (present: string | null) => string;
  labels: (present: string[]) => string[];
  /** `as it is`: what a person closed stays closed, what Vigil closed is opened again. */
  state: 'open' | 'closed' | 'as it is';
};

/** Makes title, body, labels and state what they should be. Only what differs is written; when nothing does, nothing is. */
export async function syncIssue(repo: Repo, number: number, want: Wanted): Promise<Synced> {
  const octokit = await repo.octokit();
  const one = { ...at(repo), issue_number: number };
  const read = await octokit.rest.issues.get(one).catch(refusalFor('issue'));
  if ('refused' in read) return { result: 'same', refused: [read.refused] };
  const { data } = read;
  const byPerson = data.state === 'closed' && data.closed_by?.login !== `${repo.appSlug}[bot]`;
  const changes = changesOf(data, want, byPerson);
  if (changes.length === 0) return { result: 'same', refused: [] };
  const all = Object.assign({}, ...changes.map(({ change }) => change));
  const written = await octokit.rest.issues.update({ ...one, ...all }).catch(refusalFor('issue'));
  if (!('refused' in written)) return { result: 'written', refused: [] };
  const { status } = written.refused;
  const [only] = changes;
  if (changes.length === 1 && only) return { result: 'same', refused: [{ what: only.what, status }] };
  const refused: Refused[] = [];
  for (const { what, change } of changes) {
    const alone = await octokit.rest.issues.update({ ...one, ...change }).catch(refusalFor(what));
    if ('refused' in alone) refused.push(alone.refused);
  }
  return { result: refused.length < changes.length ? 'written' : 'same', refused };
}

type Change = { what: IssuePart; change: object };
type Present = {
  title: string;
  body?: string | null | undefined;
  state: string;
  labels: (string | { name?: string | undefined })[];
};

function changesOf(
  { title, body = null, state, labels }: Present,
  want: Wanted,
  byPerson: boolean,
): Change[] {
  const present = labels.map((label) => (typeof label === 'string' ? label : (label.name ?? ''))).sort();
  const [text, names] = [want.body(body), want.labels(present)];
  const mayRename = want.title.own.some((own) => own.trim() === title.trim());
  const closed = want.state === 'closed' || (want.state === 'as it is' && byPerson);
  const turned = closed ? 'closed' : 'open';
  return [
    ...(mayRename && title !== want.title.now
      ? [{ what: 'title' as const, change: { title: want.title.now } }]
      : []),
    ...(body !== text ? [{ what: 'body' as const, change: { body: text } }] : []),
    ...(present.join() !== names.join() ? [{ what: 'labels' as const, change: { labels: names } }] : []),
    ...(state !== turned
      ? [
          {
            what: 'state' as const,
            change: { state: turned, ...(closed ? { state_reason: 'completed' } : {}) },
          },
        ]
      : []),
  ];
}

/** Takes a refusal for an answer, and throws what is none. */
function refusalFor(what: IssuePart): (error: unknown) => { refused: Refused } {
  return (error) => {
    const status = refusalOf(error);
    if (status === null) throw error;
    return { refused: { what, status } };
  };
}

/** Makes or changes the one comment with the marker, or leaves it alone. One that is deleted meanwhile is made again. */
export async function syncComment(repo: Repo, number: number, body: string, marker: string): Promise<Synced> {
  const octokit = await repo.octokit();
  const one = { ...at(repo), issue_number: number };
  const mine = await ownComment(repo, number, marker).catch(refusalFor('comment'));
  if (mine && 'refused' in mine) return { result: 'same', refused: [mine.refused] };
  if (mine?.body === body) return { result: 'same', refused: [] };
  if (mine) {
    const change = { ...at(repo), comment_id: mine.id, body };
    const edited = await octokit.rest.issues.updateComment(change).catch(refusalFor('comment'));
    if (!('refused' in edited)) return { result: 'written', refused: [] };
    if (edited.refused.status !== 404 && edited.refused.status !== 410)
      return { result: 'same', refused: [edited.refused] };
  }
  const made = await octokit.rest.issues.createComment({ ...one, body }).catch(refusalFor('comment'));
  return 'refused' in made ? { result: 'same', refused: [made.refused] } : { result: 'written', refused: [] };
}

async function ownComment(
  repo: Repo,
  number: number,
  marker: string,
): Promise<{ id: number; body: string } | null> {
  const octokit = await repo.octokit();
  for await (const page of octokit.paginate.iterator(octokit.rest.issues.listComments, {
    ...at(repo),
    issue_number: number,
    per_page: 100,
  })) {
    const mine = page.data.find(
      (comment) => comment.user?.login === `${repo.appSlug}[bot]` && comment.body?.includes(marker),
    );
    if (mine) return { id: mine.id, body: mine.body ?? '' };
  }
  return null;
}
