// A Skyflow vault's Detect on one machine: one endpoint, the vendor's shapes and errors, and switches to make it fail. It
// finds the people it was told of and e-mail addresses, no more: how well Skyflow detects is not what is played here.
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { listen } from '../listen.ts';
import { page } from '../page.ts';
import { ENTITY_TYPES, TOKEN_TYPES, type TokenType } from './words.ts';

export type Trouble = 'none' | 'down' | 'slow' | 'expired' | 'rubbish' | 'partial';
export type Skyflow = {
  url: string;
  /** Texts it was asked about, oldest first. */
  asked: string[];
  /** From now on: healthy, 503, no answer at all, 401, another text, half of the text; for every text or those with a word. */
  fail(trouble: Trouble, word?: string): void;
  close(): Promise<void>;
};
type Options = { vaultId: string; token: string; people?: readonly string[]; mayDetect?: boolean };
/** What is asked by other fields of the real request is not played, and refused. */
const Asked = z.strictObject({
  vault_id: z.string(),
  text: z.string().min(1),
  entity_types: z.array(z.enum(ENTITY_TYPES)).default(['all']),
  token_type: z.strictObject({ default: z.enum(TOKEN_TYPES) }).default({ default: 'vault_token' }),
});

const refusals = {
  400: { grpc_code: 3, http_status: 'Bad Request', message: 'Invalid request body.' },
  401: { grpc_code: 16, http_status: 'Unauthorized', message: 'Invalid or expired bearer token.' },
  403: { grpc_code: 7, http_status: 'Forbidden', message: 'The role may not use Detect.' },
  404: { grpc_code: 5, http_status: 'Not Found', message: 'Vault not found.' },
  503: { grpc_code: 14, http_status: 'Service Unavailable', message: 'The service is unavailable.' },
} as const;

/** Starts the stand-in; with `mayDetect` false the token's role lacks the permission. */
export async function startSkyflow(options: Options): Promise<Skyflow> {
  const { vaultId, token, people = [], mayDetect = true } = options;
  const asked: string[] = [];
  const closing = Promise.withResolvers<void>();
  const troubles = new Map<string, Trouble>();
  const app = new Hono();
  app.get('/', (c) =>
    c.html(
      page(
        'Skyflow Detect',
        'Vault',
        html`<p>${asked.length} texts looked at, trouble: ${[...troubles.values()].join(', ') || 'none'}</p>`,
      ),
    ),
  );
  app.use('/v1/*', async (c, next) => {
    await next();
    c.header('x-request-id', randomUUID());
  });
  const refuse = (code: keyof typeof refusals, details: string[] = []) =>
    Response.json({ error: { ...refusals[code], http_code: code, details } }, { status: code });
  app.post('/v1/detect/deidentify/string', async (c) => {
    const given: unknown = await c.req.json().catch(() => undefined);
    const read = Asked.safeParse(given);
    const text = read.data?.text ?? '';
    const trouble = [...troubles].find(([word]) => text.includes(word))?.[1] ?? 'none';
    if (trouble === 'down') return refuse(503);
    if (trouble === 'slow') await closing.promise;
    if (trouble === 'expired' || c.req.header('authorization') !== `Bearer ${token}`) return refuse(401);
    if (!mayDetect) return refuse(403);
    if (!read.success) return refuse(400, [z.prettifyError(read.error)]);
    const { vault_id, entity_types: types, token_type: form } = read.data;
    if (vault_id !== vaultId) return refuse(404);
    asked.push(text);
    const found = detect(text, types, form.default, people);
    if (trouble === 'rubbish')
      return c.json({ ...found, processed_text: 'Everything is fine.', entities: [] });
    if (trouble === 'partial')
      return c.json({
        ...found,
        processed_text: found.processed_text.slice(0, found.processed_text.length / 2),
      });
    return c.json(found);
  });
  app.all('/v1/*', () => refuse(404));
  const { url, close } = await listen(app);
  return {
    url,
    asked,
    fail: (trouble, word = '') => void troubles.set(word, trouble),
    close: () => {
      closing.resolve();
      return close();
    },
  };
}

/** The vendor's answer. A counter is one number for each value, counted anew in each request. */
function detect(text: string, types: readonly string[], form: TokenType, people: readonly string[]) {
  const words = people.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') || '(?!)';
  const pattern = new RegExp(`(?<name>${words})|(?<email_address>[\\w.+-]+@[\\w-]+\\.[\\w.]+)`, 'g');
  const numbers = new Map<string, string>();
  const entities: object[] = [];
  let processed = '';
  let at = 0;
  for (const hit of text.matchAll(pattern)) {
    const [value] = hit;
    const type = hit.groups?.['name'] === undefined ? 'email_address' : 'name';
    if (!types.includes(type) && !types.includes('all')) continue;
    const label = type.toUpperCase();
    const count = [...numbers.values()].filter((known) => known.startsWith(`[${label}_`)).length + 1;
    const mark = {
      entity_only: '',
      entity_unq_counter: `_${count}`,
      vault_token: `_${randomUUID().slice(0, 7)}`,
    };
    const token = numbers.get(value) ?? `[${label}${mark[form]}]`;
    numbers.set(value, token);
    processed += text.slice(at, hit.index);
    entities.push({
      token,
      value,
      entity_type: label,
      entity_scores: { [label]: 0.98 },
      location: {
        start_index: hit.index,
        end_index: hit.index + value.length,
        start_index_processed: processed.length,
        end_index_processed: processed.length + token.length,
      },
    });
    processed += token;
    at = hit.index + value.length;
  }
  processed += text.slice(at);
  return {
    processed_text: processed,
    entities,
    word_count: text.split(/\s+/).filter((word) => word !== '').length,
    character_count: text.length,
  };
}
