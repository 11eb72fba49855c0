// Issues and their labels. A pull request is an issue too. https://docs.github.com/en/rest/issues/issues
import * as z from 'zod';
import { mayWrite } from './auth.ts';
import { type Actor, type Forge, type Issue, idOf, isoTime, type Pull } from './forge.ts';
import { created, missing, ok, page, REPO, refuse, route } from './http.ts';
import { association, userView } from './people.ts';

/** "body is too long (maximum is 65536 characters)" is github.com's own answer; its documentation names no number. */
export const Body = z.string().max(65_536, 'is too long (maximum is 65536 characters)');
export const Title = z
  .string()
  .trim()
  .min(1, 'is missing')
  .max(256, 'is too long (maximum is 256 characters)');
const Label = z
  .union([z.string(), z.object({ name: z.string() }).transform(({ name }) => name)])
  .pipe(z.string().min(1).max(50));
const Labels = z.union([
  z.array(Label),
  z.object({ labels: z.array(Label) }).transform(({ labels }) => labels),
]);
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
  labels: z.string().optional(),
  creator: z.string().optional(),
  since: z.iso.datetime({ offset: true }).optional(),
  sort: z.enum(['created', 'updated', 'comments']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

export const issueUrl = (forge: Forge, number: number) =>
  `${forge.urls.api}/repos/${forge.options.owner}/${forge.options.repo}/issues/${number}`;

export const labelView = (forge: Forge, name: string) => ({
  id: idOf(name),
  node_id: `L_${idOf(name)}`,
  name,
  color: 'ededed',
  default: false,
  description: null,
  url: `${forge.urls.api}/repos/${forge.options.owner}/${forge.options.repo}/labels/${encodeURIComponent(name)}`,
});

export function issueView(forge: Forge, issue: Issue) {
  const url = issueUrl(forge, issue.number);
  const html_url = `${forge.urls.web}/${issue.pull ? 'pull' : 'issues'}/${issue.number}`;
  return {
    id: issue.id,
    node_id: `I_${issue.id}`,
    url,
    html_url,
    comments_url: `${url}/comments`,
    number: issue.number,
    title: issue.title,
    body: issue.body,
    user: userView(forge, issue.author),
    author_association: association(forge, issue.author),
    labels: issue.labels.map((name) => labelView(forge, name)),
    state: issue.state,
    state_reason: issue.stateReason,
    locked: false,
    assignees: [],
    comments: forge.state.comments.filter((comment) => comment.issue === issue.number).length,
    created_at: issue.createdAt,
    updated_at: issue.updatedAt,
    closed_at: issue.closedAt,
    ...(issue.pull
      ? {
          pull_request: {
            url: url.replace('/issues/', '/pulls/'),
            html_url,
            merged_at: issue.pull.merged?.at ?? null,
          },
        }
      : {}),
  };
}

/** Adds the next number to the repository: an issue, or a pull request when `pull` is given. */
export function addIssue(
  forge: Forge,
  actor: Actor,
  { title, body, pull = null }: { title: string; body?: string | null | undefined; pull?: Pull | null },
): Issue {
  const now = isoTime();
  const number = forge.state.issues.length + 1;
  const issue: Issue = {
    id: forge.nextId(),
    number,
    title,
    body: body ?? null,
    author: actor.login,
    labels: [],
    state: 'open',
    stateReason: null,
    createdAt: now,
    updatedAt: now,
    closedAt: null,
    pull,
  };
  forge.state.issues.push(issue);
  return issue;
}

const announce = (forge: Forge, actor: Actor, issue: Issue, action: string, more: object = {}) => {
  if (!issue.pull) forge.webhooks.emit('issues', { action, issue: issueView(forge, issue), ...more }, actor);
};

function setLabels(forge: Forge, actor: Actor, issue: Issue, labels: string[]): void {
  const before = issue.labels;
  issue.labels = [...new Set(labels)];
  issue.updatedAt = isoTime();
  for (const name of issue.labels) forge.state.labels.add(name); // unknown labels come into being, as on GitHub
  const changed = (action: string, names: string[]) => {
    for (const name of names) announce(forge, actor, issue, action, { label: labelView(forge, name) });
  };
  changed(
    'labeled',
    issue.labels.filter((name) => !before.includes(name)),
  );
  changed(
    'unlabeled',
    before.filter((name) => !issue.labels.includes(name)),
  );
}

export function editIssue(forge: Forge, actor: Actor, issue: Issue, edit: z.infer<typeof Edit>): void {
  const changes = {
    ...(edit.title !== undefined && edit.title !== issue.title ? { title: { from: issue.title } } : {}),
    ...(edit.body !== undefined && edit.body !== issue.body ? { body: { from: issue.body } } : {}),
  };
  const state = edit.state ?? issue.state;
  const turned = state !== issue.state;
  Object.assign(issue, {
    title: edit.title ?? issue.title,
    body: edit.body === undefined ? issue.body : edit.body,
    updatedAt: isoTime(),
  });
  if (turned) {
    const closed = state === 'closed';
    Object.assign(issue, {
      state,
      closedAt: closed ? isoTime() : null,
      stateReason: issue.pull ? null : (edit.state_reason ?? (closed ? 'completed' : 'reopened')),
    });
  }
  if (Object.keys(changes).length > 0) announce(forge, actor, issue, 'edited', { changes });
  if (turned) announce(forge, actor, issue, state === 'closed' ? 'closed' : 'reopened');
  if (edit.labels) setLabels(forge, actor, issue, edit.labels);
}

function select({ state }: Forge, filter: z.infer<typeof Filter>): Issue[] {
  const wanted = filter.labels?.split(',').map((label) => label.trim().toLowerCase()) ?? [];
  const since = filter.since ? isoTime(Date.parse(filter.since)) : '';
  const found = state.issues.filter(
    (issue) =>
      (filter.state === 'all' || issue.state === filter.state) &&
      (!filter.creator || issue.author === filter.creator) &&
      issue.updatedAt >= since &&
      wanted.every((label) => issue.labels.some((name) => name.toLowerCase() === label)),
  );
  const talk = (issue: Issue) => state.comments.filter((comment) => comment.issue === issue.number).length;
  const order = {
    created: () => 0,
    updated: (a: Issue, b: Issue) => a.updatedAt.localeCompare(b.updatedAt),
    comments: (a: Issue, b: Issue) => talk(a) - talk(b),
  };
  const sorted = found.toSorted((a, b) => order[filter.sort](a, b) || a.number - b.number);
  return filter.direction === 'asc' ? sorted : sorted.toReversed();
}

const read = ['issues:read|pull_requests:read', 'read'] as const;
const write = ['issues:write|pull_requests:write', 'read'] as const;
const triage = ['issues:write|pull_requests:write', 'write'] as const;
const find = ({ state }: Forge, number: number) => state.issues[number - 1];
const labelsOf = (forge: Forge, { labels }: Issue) => ok(labels.map((name) => labelView(forge, name)));

export const issueRoutes = [
  route(`POST ${REPO}/issues`, ['issues:write', 'read'], NewIssue, (forge, { actor, input }) => {
    const issue = addIssue(forge, actor, input);
    if (mayWrite(actor)) issue.labels = [...new Set(input.labels)]; // others' labels are dropped in silence
    for (const name of issue.labels) forge.state.labels.add(name);
    announce(forge, actor, issue, 'opened');
    for (const name of issue.labels)
      announce(forge, actor, issue, 'labeled', { label: labelView(forge, name) });
    return created(issueView(forge, issue));
  }),
  route(`GET ${REPO}/issues`, read, Filter, (forge, call) =>
    page(call, select(forge, call.input), (some) => some.map((issue) => issueView(forge, issue))),
  ),
  route(`GET ${REPO}/issues/:number`, read, z.unknown(), (forge, { number }) => {
    const issue = find(forge, number);
    return issue ? ok(issueView(forge, issue)) : missing;
  }),
  route(`PATCH ${REPO}/issues/:number`, write, Edit, (forge, { actor, number, input }) => {
    const issue = find(forge, number);
    if (!issue) return missing;
    if (issue.author !== actor.login && !mayWrite(actor))
      return refuse(403, 'Must have write access to the repository');
    editIssue(forge, actor, issue, input);
    return ok(issueView(forge, issue));
  }),
  route(`GET ${REPO}/issues/:number/labels`, read, z.unknown(), (forge, { number }) => {
    const issue = find(forge, number);
    return issue ? labelsOf(forge, issue) : missing;
  }),
  route(`POST ${REPO}/issues/:number/labels`, triage, Labels, (forge, { actor, number, input }) => {
    const issue = find(forge, number);
    if (!issue) return missing;
    setLabels(forge, actor, issue, [...issue.labels, ...input]);
    return labelsOf(forge, issue);
  }),
  route(
    `DELETE ${REPO}/issues/:number/labels/:name{.+}`,
    triage,
    z.unknown(),
    (forge, { actor, number, params }) => {
      const issue = find(forge, number);
      if (!issue?.labels.includes(params['name'] ?? '')) return refuse(404, 'Label does not exist');
      setLabels(
        forge,
        actor,
        issue,
        issue.labels.filter((name) => name !== params['name']),
      );
      return labelsOf(forge, issue);
    },
  ),
  route(`GET ${REPO}/labels`, read, z.unknown(), (forge, call) =>
    page(
      call,
      [...forge.state.labels].map((name) => labelView(forge, name)),
    ),
  ),
  route(`POST ${REPO}/labels`, triage, z.object({ name: Label }), (forge, { input }) => {
    if (forge.state.labels.has(input.name))
      return refuse(422, 'Validation Failed', [{ resource: 'Label', code: 'already_exists', field: 'name' }]);
    forge.state.labels.add(input.name);
    return created(labelView(forge, input.name));
  }),
];
