// The web pages of the sandbox GitHub, and what a reader may do there as one of its people. Must never do for a page what
// the REST API would refuse: both call the same functions. Whoever can open these pages can act as anybody on them.
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { html } from 'hono/html';
import * as z from 'zod';
import type { Html } from '../../page.ts';
import { refuseUnless } from '../auth.ts';
import { addComment } from '../comments.ts';
import { type Actor, type Forge, humansOf, type Issue, type PullRequest, pullsOf } from '../forge.ts';
import { merge } from '../merge.ts';
import { closePull } from '../pulls.ts';
import { ok, type Reply, refuse } from '../reply.ts';
import { submitReview } from '../reviews.ts';
import { commitPage, commitsPage, filePage, homePage } from './code.ts';
import { frame } from './frame.ts';
import { address, issueList, issuePage } from './issues.ts';
import { pullPage } from './pulls.ts';
import { environmentList, runList, runPage } from './runs.ts';

const Form = z.object({
  person: z.string(),
  head: z.string().optional(), // what the reader saw: reviews and merges are for that head
  body: z.string().max(65_536).default(''),
  action: z.enum(['comment', 'APPROVE', 'REQUEST_CHANGES', 'merge', 'close']),
});

async function act(
  forge: Forge,
  issue: Issue,
  { person, head, body, action }: z.infer<typeof Form>,
): Promise<Reply> {
  const found = humansOf(forge).find(({ login }) => login === person);
  if (!found) return refuse(401, 'Bad credentials');
  const actor: Actor = { kind: 'person', login: found.login, permission: found.permission };
  const writes = action === 'merge' || action === 'close';
  const refused = refuseUnless(actor, ['', writes ? 'write' : 'read']);
  if (refused) return refused;
  if (action === 'comment')
    return body ? ok(addComment(forge, actor, issue, body)) : refuse(422, "Body can't be blank");
  const pr = pullsOf(forge).find(({ number }) => number === issue.number);
  if (!pr || pr.state === 'closed')
    return refuse(422, 'Only open pull requests can be reviewed, merged or closed');
  const seen = head || pr.pull.headSha;
  if (action === 'merge') return merge(forge, actor, pr, { sha: seen, merge_method: 'squash' });
  if (action === 'close') return ok(await closePull(forge, actor, pr));
  return submitReview(forge, actor, pr, { event: action, body, commit_id: seen });
}

/** The pages, to be mounted at `/{owner}/{repo}`. */
export function site(forge: Forge): Hono {
  const pages = new Hono();
  pages.use(csrf());
  pages.use(async (c, next) => {
    await next();
    c.header(
      'content-security-policy',
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'",
    );
  });
  const show = async (c: Context, body: Html | undefined) =>
    body ? c.html(body) : c.html(frame(forge, 'Not found', html`<p>There is no such page.</p>`), 404);
  const issueOf = (c: Context) => forge.state.issues[Number(c.req.param('number')) - 1];
  const pullOf = (c: Context): PullRequest | undefined =>
    pullsOf(forge).find((pr) => `${pr.number}` === c.req.param('number'));

  pages.get('/', async (c) => show(c, await homePage(forge)));
  pages.get('/issues', (c) =>
    show(
      c,
      issueList(
        forge,
        'Issues',
        forge.state.issues.filter(({ pull }) => !pull),
      ),
    ),
  );
  pages.get('/pulls', (c) => show(c, issueList(forge, 'Pull requests', pullsOf(forge))));
  pages.get('/issues/:number', (c) => {
    const issue = issueOf(c);
    return issue?.pull ? c.redirect(address(forge, issue)) : show(c, issue && issuePage(forge, issue));
  });
  pages.get('/pull/:number', async (c) => {
    const pr = pullOf(c);
    return show(c, pr && (await pullPage(forge, pr)));
  });
  pages.on('POST', ['/issues/:number', '/pull/:number'], async (c) => {
    const issue = issueOf(c);
    const form = Form.safeParse(await c.req.parseBody());
    if (!issue || !form.success) return show(c, undefined);
    const reply = await act(forge, issue, form.data);
    if (reply.status < 400) return c.redirect(address(forge, issue), 303);
    const why = html`<p>GitHub would refuse this (${reply.status}):</p><pre>${JSON.stringify(reply.body, null, 2)}</pre>`;
    return c.html(frame(forge, 'Refused', why), 422);
  });
  pages.get('/settings/environments', (c) => show(c, environmentList(forge)));
  pages.get('/actions', (c) => show(c, runList(forge)));
  pages.get('/actions/runs/:id', (c) => {
    const run = forge.state.runs.get(Number(c.req.param('id')));
    if (run && run.status !== 'completed') c.header('refresh', '2');
    return show(c, run && runPage(forge, run));
  });
  pages.get('/commits/:branch{.+}', async (c) => show(c, await commitsPage(forge, c.req.param('branch'))));
  pages.get('/commit/:sha', async (c) => show(c, await commitPage(forge, c.req.param('sha'))));
  pages.get('/blob/:ref/:path{.+}', async (c) =>
    show(c, await filePage(forge, c.req.param('ref'), c.req.param('path'))),
  );
  return pages;
}
