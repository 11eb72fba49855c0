// Comments on issues and pull requests. https://docs.github.com/en/rest/issues/comments
import * as z from 'zod';
import { mayWrite } from './auth.ts';
import { type Actor, type Comment, type Forge, type Issue, isoTime } from './forge.ts';
import { created, missing, nothing, ok, page, REPO, refuse, route } from './http.ts';
import { Body, issueUrl, issueView } from './issues.ts';
import { association, userView } from './people.ts';

/** 2,500 comments an issue, then 403: reported for github.com; its documentation names no number. */
const MOST = 2500;

export function commentView(forge: Forge, { id, issue, author, body, createdAt, updatedAt }: Comment) {
  const url = issueUrl(forge, issue);
  const html_url = `${forge.urls.web}/${forge.state.issues[issue - 1]?.pull ? 'pull' : 'issues'}/${issue}#issuecomment-${id}`;
  return {
    id,
    node_id: `IC_${id}`,
    url: url.replace(/\d+$/, `comments/${id}`),
    issue_url: url,
    html_url,
    body,
    user: userView(forge, author),
    author_association: association(forge, author),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}

function announce(forge: Forge, actor: Actor, action: string, issue: Issue, comment: Comment, more = {}) {
  forge.webhooks.emit(
    'issue_comment',
    { action, issue: issueView(forge, issue), comment: commentView(forge, comment), ...more },
    actor,
  );
}

export function addComment(forge: Forge, actor: Actor, issue: Issue, body: string): Comment {
  const now = isoTime();
  const comment = {
    id: forge.nextId(),
    issue: issue.number,
    author: actor.login,
    body,
    createdAt: now,
    updatedAt: now,
  };
  forge.state.comments.push(comment);
  issue.updatedAt = now;
  announce(forge, actor, 'created', issue, comment);
  return comment;
}

const read = ['issues:read|pull_requests:read', 'read'] as const;
const write = ['issues:write|pull_requests:write', 'read'] as const;
const Text = z.object({ body: Body.min(1, "can't be blank") });
function find({ state }: Forge, id: number) {
  const comment = state.comments.find((one) => one.id === id);
  const issue = comment && state.issues[comment.issue - 1];
  return comment && issue ? { comment, issue } : undefined;
}

export const commentRoutes = [
  route(`GET ${REPO}/issues/comments/:number`, read, z.unknown(), (forge, { number }) => {
    const found = find(forge, number);
    return found ? ok(commentView(forge, found.comment)) : missing;
  }),
  route(`PATCH ${REPO}/issues/comments/:number`, write, Text, (forge, { actor, number, input }) => {
    const found = find(forge, number);
    if (!found) return missing;
    const { comment, issue } = found;
    if (comment.author !== actor.login && !mayWrite(actor))
      return refuse(403, 'Must have write access to the repository');
    const changes = { body: { from: comment.body } };
    Object.assign(comment, { body: input.body, updatedAt: isoTime() });
    announce(forge, actor, 'edited', issue, comment, { changes });
    return ok(commentView(forge, comment));
  }),
  route(`DELETE ${REPO}/issues/comments/:number`, write, z.unknown(), (forge, { actor, number }) => {
    const found = find(forge, number);
    if (!found) return missing;
    const { comment, issue } = found;
    if (comment.author !== actor.login && !mayWrite(actor))
      return refuse(403, 'Must have write access to the repository');
    forge.state.comments = forge.state.comments.filter((one) => one !== comment);
    announce(forge, actor, 'deleted', issue, comment);
    return nothing;
  }),
  route(
    `GET ${REPO}/issues/:number/comments`,
    read,
    z.object({ since: z.string().default('') }),
    (forge, call) => {
      if (!forge.state.issues[call.number - 1]) return missing;
      const all = forge.state.comments.filter(
        (one) => one.issue === call.number && one.updatedAt >= call.input.since,
      );
      return page(call, all, (some) => some.map((comment) => commentView(forge, comment)));
    },
  ),
  route(`POST ${REPO}/issues/:number/comments`, write, Text, (forge, { actor, number, input }) => {
    const issue = forge.state.issues[number - 1];
    if (!issue) return missing;
    if (forge.state.comments.filter((one) => one.issue === number).length >= MOST)
      return refuse(403, 'Commenting is disabled on issues with more than 2500 comments');
    return created(commentView(forge, addComment(forge, actor, issue, input.body)));
  }),
];
