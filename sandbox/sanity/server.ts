// A stand-in for Sanity's content lake: queries by groq-js, atomic mutations, its limits and errors, one dataset.
// It must never be easier than the real one: no schema is enforced, mutations are rate-limited, drafts are hidden.
// https://www.sanity.io/docs/http-reference
import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { evaluate, GroqSyntaxError, parse } from 'groq-js';
import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { empty, page } from '../page.ts';
import { rate } from '../rate.ts';
import { tooMuch, unscorable } from './limits.ts';
import { apply, type Doc, type Docs, Mutations } from './mutations.ts';

/** What goes wrong next. `cut` loses the connection after a mutation was committed, so that its outcome is unknown. */
export type Fault = { on: 'query' | 'mutate'; times: number } & (
  | { status: 429 | 500 | 502 | 503; retryAfter?: number }
  | { cut: true }
);
export type SanityOptions = {
  projectId: string;
  dataset: string;
  token: string;
  /** Whether the dataset has embeddings; then words in common stand in for meaning. */
  embeddings?: boolean;
  /** Mutation requests a second; Sanity allows 25. */
  mutationsPerSecond?: number;
  /** Requests of any kind a second; Sanity allows 500. */
  requestsPerSecond?: number;
};
export type Sanity = {
  api: string;
  web: string;
  documents(): Doc[];
  /** Puts documents in as if somebody had written them in the Studio. */
  put(documents: readonly { _id: string; _type: string; [field: string]: unknown }[]): void;
  fail(fault: Fault): void;
  /** Requests that were answered, refused or cut, in order. */
  requests(): readonly { on: 'query' | 'mutate'; status: number; mutations: number }[];
  close(): Promise<void>;
};

/** Before this version of the API everybody saw drafts. https://www.sanity.io/docs/content-lake/perspectives */
const PUBLISHED_SINCE = '2025-02-19';
const SEMANTIC = /\|\s*score\(\s*text::semanticSimilarity\(\$(\w+)\)\s*\)\s*\|\s*order\(_score desc\)/;

export async function startSanity(options: SanityOptions): Promise<Sanity> {
  let docs: Docs = new Map();
  const faults: Fault[] = [];
  const requests: { on: 'query' | 'mutate'; status: number; mutations: number }[] = [];
  const recent: number[] = [];
  const app = new Hono();

  const refuse = (c: Context, status: 400 | 401 | 404 | 409 | 413 | 429 | 500 | 502 | 503, error: object) =>
    c.json({ error }, status);
  const busy = (c: Context, limit: number, description: string) => {
    const told = {
      'retry-after': 1,
      'ratelimit-reset': 1,
      'x-ratelimit-limit': limit,
      'x-ratelimit-remaining': 0,
    };
    for (const [name, value] of Object.entries(told)) c.header(name, String(value));
    return refuse(c, 429, { type: 'rateLimitExceeded', description });
  };
  const next = (on: Fault['on']): Fault | undefined => {
    const fault = faults.find((one) => one.on === on && one.times > 0);
    if (fault) fault.times -= 1;
    return fault;
  };
  const failed = (c: Context, fault: Fault | undefined) => {
    if (!fault || 'cut' in fault) return null;
    if (fault.retryAfter !== undefined) c.header('retry-after', String(fault.retryAfter));
    return refuse(c, fault.status, { type: 'httpError', description: 'The sandbox was told to fail.' });
  };

  app.use('*', async (c, go) => {
    const on = c.req.path.includes('/mutate/') ? 'mutate' : 'query';
    const entry = { on, status: 0, mutations: 0 } as const;
    const at = requests.push(entry) - 1;
    await go();
    requests[at] = { on, status: c.res.status, mutations: Number(c.res.headers.get('x-mutations') ?? 0) };
  });
  const take = rate(options.requestsPerSecond ?? 500, 1);
  app.use('/:version/data/:kind/:dataset', async (c, go) => {
    const { ok, limit } = take();
    if (!ok) return busy(c, limit, 'Too many requests');
    if (c.req.header('authorization') !== `Bearer ${options.token}`)
      return refuse(c, 401, { type: 'authError', description: 'Unauthorized - Session not found' });
    if (c.req.param('dataset') !== options.dataset)
      return refuse(c, 404, {
        type: 'notFound',
        description: `Dataset "${c.req.param('dataset')}" not found`,
      });
    return go();
  });

  app.on(['GET', 'POST'], '/:version/data/query/:dataset', async (c) => {
    const broken = failed(c, next('query'));
    if (broken) return broken;
    const given: { query?: string; params?: Record<string, unknown> } =
      c.req.method === 'POST'
        ? await c.req.json()
        : {
            query: c.req.query('query') ?? '',
            params: Object.fromEntries(
              Object.entries(c.req.query())
                .filter(([name]) => name.startsWith('$'))
                .map(([name, value]) => [name.slice(1), JSON.parse(value)]),
            ),
          };
    const params = given.params ?? {};
    const since = c.req.param('version').replace(/^v/, '');
    const perspective = c.req.query('perspective') ?? (since < PUBLISHED_SINCE ? 'raw' : 'published');
    if (perspective !== 'raw' && perspective !== 'published')
      return refuse(c, 400, { type: 'httpBadRequest', description: 'That perspective is not played here' });
    const published = perspective === 'published';
    const visible = [...docs.values()].filter(({ _id }) => !published || !/^(drafts|versions)\./.test(_id));
    const semantic = SEMANTIC.exec(given.query ?? '');
    if (semantic && !options.embeddings)
      return refuse(c, 400, {
        type: 'httpBadRequest',
        description: 'Embeddings are not enabled for this dataset',
      });
    const dataset = semantic ? byWords(visible, String(params[semantic[1] ?? ''])) : visible;
    try {
      const tree = parse((given.query ?? '').replace(SEMANTIC, ''), { params });
      const wrong = unscorable(tree);
      if (wrong) return refuse(c, 400, { type: 'queryParseError', description: wrong, query: given.query });
      const value = await evaluate(tree, { dataset, params });
      return c.json({ result: await value.get(), ms: 1, syncTags: [] });
    } catch (error) {
      const description = error instanceof Error ? error.message : 'cannot be evaluated';
      const type = error instanceof GroqSyntaxError ? 'queryParseError' : 'httpBadRequest';
      return refuse(c, 400, { type, description, query: given.query });
    }
  });

  const tooLarge = bodyLimit({
    maxSize: 4_000_000,
    onError: (c) => refuse(c, 413, { type: 'httpBadRequest', description: 'Request body too large' }),
  });
  app.post('/:version/data/mutate/:dataset', tooLarge, async (c) => {
    const now = Date.now();
    while (recent[0] !== undefined && recent[0] <= now - 1000) recent.shift();
    const most = options.mutationsPerSecond ?? 25;
    if (recent.length >= most) return busy(c, most, 'Too many mutations');
    recent.push(now);
    const fault = next('mutate');
    const broken = failed(c, fault);
    if (broken) return broken;
    const parsed = Mutations.safeParse(await c.req.json().catch(() => null));
    if (!parsed.success)
      return refuse(c, 400, { type: 'mutationError', description: parsed.error.issues[0]?.message ?? '' });
    const applied = apply(docs, parsed.data.mutations, new Date(now).toISOString());
    if (!applied.ok) {
      const { index, type, id, description } = applied;
      const items = [{ index, error: { type, id, description } }];
      return refuse(c, 409, {
        type: 'mutationError',
        description: `Mutation(s) failed: ${description}`,
        items,
      });
    }
    const excess = tooMuch(applied.docs.values());
    if (excess) return refuse(c, 400, { type: 'mutationError', description: excess });
    if (c.req.query('dryRun') !== 'true') docs = applied.docs;
    c.header('x-mutations', String(parsed.data.mutations.length));
    if (fault && 'cut' in fault) (c.env as HttpBindings).outgoing.destroy();
    const transactionId = parsed.data.transactionId ?? randomBytes(11).toString('hex');
    return c.json({ transactionId, results: applied.results });
  });
  app.notFound((c) => refuse(c, 404, { type: 'notFound', description: 'Not found' }));

  const people = new Hono();
  people.get('/', (c) =>
    c.html(
      page('Sanity', `Documents of ${options.dataset}`, [
        docs.size > 0
          ? html`<p>${docs.size} documents, at most 500 are shown.</p>`
          : empty('Nothing was written yet.'),
        ...[...docs.values()].slice(0, 500).map(article),
      ]),
    ),
  );
  const [machines, screens] = await Promise.all([listen(app), listen(people)]);
  return {
    api: machines.url,
    web: screens.url,
    documents: () => structuredClone([...docs.values()]),
    put(documents) {
      const mutations = documents.map((one) => ({ createOrReplace: one }));
      const applied = apply(docs, Mutations.parse({ mutations }).mutations, new Date().toISOString());
      if (applied.ok) docs = applied.docs;
    },
    fail: (fault) => void faults.push({ ...fault }),
    requests: () => requests,
    close: async () => void (await Promise.all([machines.close(), screens.close()])),
  };
}

/** Most words in common with the question first: no meaning, but an order of its own. */
function byWords(docs: readonly Doc[], question: string): Doc[] {
  const asked = new Set(question.toLowerCase().match(/\w{3,}/g));
  const common = (doc: Doc): number =>
    new Set(
      JSON.stringify(doc)
        .toLowerCase()
        .match(/\w{3,}/g)
        ?.filter((word) => asked.has(word)),
    ).size;
  const counted = docs.map((doc) => ({ doc, words: common(doc) }));
  return counted.sort((a, b) => b.words - a.words).map(({ doc }) => doc);
}

const article = ({
  _id,
  _type,
  ...fields
}: Doc) => html`<article id="${_id}"><h2>${_type}: ${String(fields['title'] ?? fields['name'] ?? _id)}</h2>
<small>${_id}</small><pre>${JSON.stringify(fields, null, 2)}</pre></article>`;
