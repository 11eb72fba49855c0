// A Skyflow vault's Detect on one machine: one endpoint, the vendor's shapes and errors, and switches to make it fail. It
// finds the people it was told of and e-mail addresses, no more: how well Skyflow detects is not what is played here.
import { Hono } from 'hono';
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { page } from '../page.ts';

export type Trouble = 'none' | 'down' | 'slow' | 'expired' | 'rubbish' | 'partial';
export type Skyflow = {
  url: string;
  /** Texts it was asked about, oldest first. */
  asked: string[];
  /** From now on: healthy, 503, no answer at all, 401, another text, half of the text; for every text or those with a word. */
  fail(trouble: Trouble, word?: string): void;
  close(): Promise<void>;
};
type Options = { vaultId: string; token: string; people?: readonly string[] };
type Asked = {
  vault_id?: unknown;
  text?: unknown;
  entity_types?: unknown;
  token_type?: { default?: unknown };
};

const refusals = {
  400: { grpc_code: 3, http_status: 'Bad Request', message: 'Invalid request body.' },
  401: { grpc_code: 16, http_status: 'Unauthorized', message: 'Invalid or expired bearer token.' },
  404: { grpc_code: 5, http_status: 'Not Found', message: 'Vault not found.' },
  503: { grpc_code: 14, http_status: 'Service Unavailable', message: 'The service is unavailable.' },
} as const;

export async function startSkyflow({ vaultId, token, people = [] }: Options): Promise<Skyflow> {
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
  app.post('/v1/detect/deidentify/string', async (c) => {
    const refuse = (code: keyof typeof refusals) => {
      c.header('x-request-id', `sandbox-${asked.length}`);
      return c.json({ error: { ...refusals[code], http_code: code, details: [] } }, code);
    };
    const { text, entity_types: types, ...body }: Asked = await c.req.json().catch(() => ({}));
    const trouble = [...troubles].find(([word]) => String(text).includes(word))?.[1] ?? 'none';
    if (trouble === 'down') return refuse(503);
    if (trouble === 'slow') await closing.promise;
    if (trouble === 'expired' || c.req.header('authorization') !== `Bearer ${token}`) return refuse(401);
    if (typeof text !== 'string' || !Array.isArray(types)) return refuse(400);
    if (body.vault_id !== vaultId) return refuse(404);
    asked.push(text);
    const found = detect(text, types, people);
    if (trouble === 'rubbish')
      return c.json({ ...found, processed_text: 'Everything is fine.', entities: [] });
    if (trouble === 'partial')
      return c.json({
        ...found,
        processed_text: found.processed_text.slice(0, found.processed_text.length / 2),
      });
    return c.json(found);
  });
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

/** The vendor's answer with `entity_unq_counter` tokens: one number for each value, counted anew in each request. */
function detect(text: string, types: readonly unknown[], people: readonly string[]) {
  const words = people.map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|') || '(?!)';
  const pattern = new RegExp(`(?<name>${words})|(?<email_address>[\\w.+-]+@[\\w-]+\\.[\\w.]+)`, 'g');
  const numbers = new Map<string, string>();
  const entities: object[] = [];
  let processed = '';
  let at = 0;
  for (const hit of text.matchAll(pattern)) {
    const [value] = hit;
    const type = hit.groups?.['name'] === undefined ? 'email_address' : 'name';
    if (!types.includes(type)) continue;
    const label = type.toUpperCase();
    const count = [...numbers.values()].filter((known) => known.startsWith(`[${label}_`)).length + 1;
    const token = numbers.get(value) ?? `[${label}_${count}]`;
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
