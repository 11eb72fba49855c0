// Comments on issues and pull requests. https://docs.github.com/en/rest/issues/comments
import * as z from 'zod';
import { mayWrite } from './auth.ts';
import { associationOf, nodeId, reactionsTo } from './fields.ts';
import { type Actor, type Comment, type Forge, type Issue, isoTime } from './forge.ts';
import { ANY, page, REPO, route } from './http.ts';
import { Body, issueRoute, issueView, readIssues, writeIssues } from './issues.ts';
import { userView, viaApp } from './people.ts';
import { created, missing, ok, refuse } from './reply.ts';

/** 2,500 comments an issue, then 403: reported for github.com; its documentation names no number. */
const MOST = 2500;
const Text = z.object({ body: Body.min(1, "can't be blank") });

function commentView(forge: Forge, { author, issue, reactions, ...plain }: Comment) {
  const place = forge.state.issues[issue - 1]?.pull ? 'pull' : 'issues';
  const html_url = `${forge.urls.web}/${place}/${issue}#issuecomment-${plain.id}`;
  const issue_url = `${forge.urls.repo}/issues/${issue}`;
  const url = `${forge.urls.repo}/issues/comments/${plain.id}`;
  const about = {
    node_id: nodeId('IssueComment', plain.id),
    author_association: associationOf(forge, author),
    ...{ reactions: reactionsTo(url, reactions), performed_via_github_app: viaApp(forge, author) },
  };
  return { ...plain, ...about, url, html_url, issue_url, user: userView(forge, author) };
}

function announce(forge: Forge, actor: Actor, comment: Comment, action: string, more = {}): void {
  const issue = forge.state.issues[comment.issue - 1];
  if (!issue) throw new Error(`comment ${comment.id} belongs to no issue`);
  const payload = { action, issue: issueView(forge, issue), comment: commentView(forge, comment), ...more };
  forge.webhooks.emit('issue_comment', payload, actor);
}

export function addComment(forge: Forge, actor: Actor, issue: Issue, body: string): Comment {
  const now = isoTime();
  const { login: author } = actor;
  const comment = {
    id: forge.nextId(),
    body,
    created_at: now,
    updated_at: now,
    author,
    issue: issue.number,
    reactions: [],
  };
  forge.state.comments.push(comment);
  issue.updated_at = now;
  announce(forge, actor, comment, 'created');
  return comment;
}

/** What people and apps show under a comment; each of them each kind once. */
const Reaction = z.object({
  content: z.enum(['+1', '-1', 'laugh', 'confused', 'heart', 'hooray', 'rocket', 'eyes']),
});

export const commentRoutes = [
  // https://docs.github.com/en/rest/reactions/reactions#create-reaction-for-an-issue-comment
  route(`POST ${REPO}/issues/comments/:number/reactions`, writeIssues, Reaction, (forge, call) => {
    const comment = forge.state.comments.find(({ id }) => id === call.number);
    if (!comment) return missing;
    const [author, { content }] = [call.actor.login, call.input];
    const known = comment.reactions.find((one) => one.author === author && one.content === content);
    const reaction = known ?? { id: forge.nextId(), content, created_at: isoTime(), author };
    if (!known) comment.reactions.push(reaction);
    const { author: _, ...plain } = reaction;
    const view = { ...plain, node_id: nodeId('Reaction', reaction.id), user: userView(forge, author) };
    return known ? ok(view) : created(view);
  }),
  route(`GET ${REPO}/issues/comments/:number`, readIssues, ANY, (forge, { number }) => {
    const comment = forge.state.comments.find(({ id }) => id === number);
    return comment ? ok(commentView(forge, comment)) : missing;
  }),
  route(`PATCH ${REPO}/issues/comments/:number`, writeIssues, Text, (forge, { actor, number, input }) => {
    const comment = forge.state.comments.find(({ id }) => id === number);
    if (!comment) return missing;
    if (comment.author !== actor.login && !mayWrite(actor))
      return refuse(403, 'Must have write access to the repository');
    const changes = { body: { from: comment.body } };
    Object.assign(comment, { body: input.body, updated_at: isoTime() }); // the first author stays its author
    announce(forge, actor, comment, 'edited', { changes });
    return ok(commentView(forge, comment));
  }),
  issueRoute(
    'GET /comments',
    readIssues,
    z.object({ since: z.string().default('') }),
    (forge, issue, call) => {
      const all = forge.state.comments.filter(
        (one) => one.issue === issue.number && one.updated_at >= call.input.since,
      );
      return page(call, all, (some) => some.map((comment) => commentView(forge, comment)));
    },
  ),
  issueRoute('POST /comments', writeIssues, Text, (forge, issue, { actor, input }) => {
    const present = forge.state.comments.filter((one) => one.issue === issue.number);
    if (present.length >= MOST)
      return refuse(403, `Commenting is disabled on issues with more than ${MOST} comments`);
    return created(commentView(forge, addComment(forge, actor, issue, input.body)));
  }),
];
