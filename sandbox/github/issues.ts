// Issues and their labels. A pull request is an issue too. https://docs.github.com/en/rest/issues/issues
import * as z from 'zod';
import { mayWrite, type Need } from './auth.ts';
import { addresses, associationOf, nodeId, reactionsTo } from './fields.ts';
import { type Actor, type Forge, type Issue, idOf, isoTime, type Pull } from './forge.ts';
import { ANY, type Call, page, REPO, route } from './http.ts';
import { userView, viaApp } from './people.ts';
import { created, missing, ok, type Reply, refuse } from './reply.ts';

/** "body is too long (maximum is 65536 characters)" is github.com's own answer; its documentation names no number. */
export const Body = z.string().max(65_536, 'is too long (maximum is 65536 characters)');
export const Title = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(256, 'is too long (maximum is 256 characters)');
const Label = z.string().min(1).max(50);
const NewIssue = z.object({ title: Title, body: Body.nullish(), labels: z.array(Label).default([]) });
const Edit = z.object({
  title: Title.optional(),
  body: Body.nullish(),
  labels: z.array(Label).optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
});
const Filter = z.object({
  state: z.enum(['open', 'closed', 'all']).default('open'),
  labels: z.string().default(''),
  creator: z.string().optional(),
  since: z.iso.datetime({ offset: true }).default('1970-01-01T00:00:00Z'),
  sort: z.enum(['created', 'updated']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

const labelView = ({ urls }: Forge, name: string) => ({
  ...{
    id: idOf(name),
    node_id: nodeId('Label', name),
    url: `${urls.repo}/labels/${encodeURIComponent(name)}`,
  },
  ...{ name, color: 'ededed', default: false, description: null },
});

export function issueView(forge: Forge, issue: Issue) {
  const { author, labelNames, pull, closedBy: _, ...plain } = issue;
  const html_url = `${forge.urls.web}/${pull ? 'pull' : 'issues'}/${issue.number}`;
  const pull_request = {
    url: `${forge.urls.repo}/pulls/${issue.number}`,
    html_url,
    diff_url: `${html_url}.diff`,
    patch_url: `${html_url}.patch`,
    merged_at: pull?.merged?.at ?? null,
  };
  const url = `${forge.urls.repo}/issues/${issue.number}`;
  return {
    ...plain,
    ...{ node_id: nodeId('Issue', issue.id), url, repository_url: forge.urls.repo },
    ...{ locked: false, active_lock_reason: null, reactions: reactionsTo(url) },
    ...{ assignee: null, assignees: [], milestone: null, author_association: associationOf(forge, author) },
    ...addresses(url, 'comments events labels=labels{/name}'),
    timeline_url: `${url}/timeline`,
    ...{ html_url, performed_via_github_app: viaApp(forge, author) },
    user: userView(forge, author),
    labels: labelNames.map((name) => labelView(forge, name)),
    comments: forge.state.comments.filter((comment) => comment.issue === issue.number).length,
    ...(pull ? { pull_request } : {}),
  };
}

/** Adds the next number to the repository: an issue, or a pull request when `pull` is given. */
export function addIssue<P extends Pull | null>(
  forge: Forge,
  { login }: Actor,
  { title, body, pull }: { title: string; body?: string | null | undefined; pull: P },
): Issue & { pull: P } {
  const now = isoTime();
  const issue = {
    ...{
      id: forge.nextId(),
      number: forge.state.issues.length + 1,
      title,
      body: body ?? null,
      author: login,
    },
    ...{ state: 'open' as const, state_reason: null, created_at: now, updated_at: now, closed_at: null },
    ...{ labelNames: [], closedBy: null, pull },
  };
  forge.state.issues.push(issue);
  return issue;
}

function announce(forge: Forge, actor: Actor, issue: Issue, action: string, more: object = {}): void {
  if (!issue.pull) forge.webhooks.emit('issues', { action, issue: issueView(forge, issue), ...more }, actor);
}

/** Labels that nobody made before come into being, as on GitHub. */
function setLabels(forge: Forge, actor: Actor, issue: Issue, labels: string[]): void {
  const before = issue.labelNames;
  issue.labelNames = [...new Set(labels)];
  issue.updated_at = isoTime();
  const tell = (action: string, name: string) =>
    announce(forge, actor, issue, action, { label: labelView(forge, name) });
  for (const name of issue.labelNames) if (!before.includes(name)) tell('labeled', name);
  for (const name of before) if (!issue.labelNames.includes(name)) tell('unlabeled', name);
}

/** Gives what of its texts changed, as events tell it. */
export function editIssue(forge: Forge, actor: Actor, issue: Issue, edit: z.infer<typeof Edit>) {
  const { title = issue.title, body = issue.body, state = issue.state } = edit;
  const changes = {
    ...(title === issue.title ? {} : { title: { from: issue.title } }),
    ...(body === issue.body ? {} : { body: { from: issue.body ?? '' } }),
  };
  const turned = state !== issue.state;
  Object.assign(issue, { title, body, state, updated_at: isoTime() });
  if (turned) {
    issue.closed_at = state === 'closed' ? issue.updated_at : null;
    issue.closedBy = state === 'closed' ? actor.login : null;
    const reason = edit.state_reason ?? (state === 'closed' ? 'completed' : 'reopened');
    issue.state_reason = issue.pull ? null : reason;
  }
  if (Object.keys(changes).length > 0) announce(forge, actor, issue, 'edited', { changes });
  if (turned) announce(forge, actor, issue, state === 'closed' ? 'closed' : 'reopened');
  if (edit.labels) setLabels(forge, actor, issue, edit.labels);
  return changes;
}

function select({ state }: Forge, filter: z.infer<typeof Filter>): Issue[] {
  const labels = filter.labels.split(',').filter(Boolean);
  const since = isoTime(Date.parse(filter.since));
  const found = state.issues.filter(
    (issue) =>
      (filter.state === 'all' || issue.state === filter.state) &&
      (filter.creator ?? issue.author) === issue.author &&
      issue.updated_at >= since &&
      labels.every((label) => issue.labelNames.includes(label.trim())),
  );
  const sorted =
    filter.sort === 'created' ? found : found.toSorted((a, b) => a.updated_at.localeCompare(b.updated_at));
  return filter.direction === 'asc' ? sorted : sorted.toReversed();
}

export const readIssues: Need = ['issues:read|pull_requests:read', 'read'];
export const writeIssues: Need = ['issues:write|pull_requests:write', 'read'];
const triage: Need = ['issues:write|pull_requests:write', 'write'];

/** A route about one issue, which is there. */
export function issueRoute<Schema extends z.ZodType>(
  signature: string,
  need: Need,
  schema: Schema,
  handle: (forge: Forge, issue: Issue, call: Call<z.infer<Schema>>) => Reply,
) {
  const [method, rest = ''] = signature.split(' ');
  return route(`${method} ${REPO}/issues/:number${rest}`, need, schema, (forge, call) => {
    const issue = forge.state.issues[call.number - 1];
    return issue ? handle(forge, issue, call) : missing;
  });
}
const labelsOf = (forge: Forge, issue: Issue) => ok(issue.labelNames.map((name) => labelView(forge, name)));

export const issueRoutes = [
  route(`POST ${REPO}/issues`, ['issues:write', 'read'], NewIssue, (forge, { actor, input }) => {
    const issue = addIssue(forge, actor, { ...input, pull: null });
    const labels = mayWrite(actor) ? input.labels : []; // others' labels are dropped in silence
    issue.labelNames = labels;
    announce(forge, actor, issue, 'opened');
    for (const name of labels) announce(forge, actor, issue, 'labeled', { label: labelView(forge, name) });
    return created(issueView(forge, issue));
  }),
  route(`GET ${REPO}/issues`, readIssues, Filter, (forge, call) =>
    page(call, select(forge, call.input), (some) => some.map((issue) => issueView(forge, issue))),
  ),
  issueRoute('GET', readIssues, ANY, (forge, issue) =>
    ok({
      ...issueView(forge, issue),
      closed_by: issue.closedBy === null ? null : userView(forge, issue.closedBy),
    }),
  ),
  issueRoute('PATCH', writeIssues, Edit, (forge, issue, { actor, input }) => {
    if (issue.author !== actor.login && !mayWrite(actor))
      return refuse(403, 'Must have write access to the repository');
    if (issue.pull && (input.state ?? issue.state) !== issue.state)
      return refuse(422, 'The sandbox opens and closes pull requests through the pulls API only');
    editIssue(forge, actor, issue, input);
    return ok(issueView(forge, issue));
  }),
  issueRoute('GET /labels', readIssues, ANY, (forge, issue) => labelsOf(forge, issue)),
  issueRoute(
    'POST /labels',
    triage,
    z.object({ labels: z.array(Label) }),
    (forge, issue, { actor, input }) => {
      setLabels(forge, actor, issue, [...issue.labelNames, ...input.labels]);
      return labelsOf(forge, issue);
    },
  ),
  issueRoute('DELETE /labels/:name{.+}', triage, ANY, (forge, issue, { actor, params }) => {
    const kept = issue.labelNames.filter((name) => name !== params['name']);
    if (kept.length === issue.labelNames.length) return refuse(404, 'Label does not exist');
    setLabels(forge, actor, issue, kept);
    return labelsOf(forge, issue);
  }),
];
