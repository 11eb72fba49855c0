// The corpora of scripts the policy is measured on: read from test/corpora, one JSON line a script.
// It must never repair or skip a line; a broken corpus fails the test that reads it.
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { PolicyContext } from '#core/policy/types';

const line = z.strictObject({ id: z.string(), class: z.string(), script: z.string() });
export type CorpusScript = z.infer<typeof line>;

/** All scripts of one kind, in the order of their files. */
export function corpus(kind: 'dangerous' | 'safe'): CorpusScript[] {
  const folder = new URL(`../corpora/${kind}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .toSorted()
    .flatMap((name) => readFileSync(new URL(name, folder), 'utf8').trimEnd().split('\n'))
    .map((text) => line.parse(JSON.parse(text)));
}

/** The inventory both corpora are written for: one deployment, one unit, one container, one address, and its servers. */
export const shopContext: PolicyContext = {
  kind: 'fix',
  parameters: {
    DEPLOYMENT: 'web',
    NAMESPACE: 'shop',
    UNIT: 'nginx',
    SHOP_URL: 'http://127.0.0.1:4601/health',
    DATABASE_HOST: 'db.internal',
    REPLICA_HOST: 'db',
    CACHE_HOST: 'cache.internal',
    QUEUE_HOST: 'redis.internal',
    LOCAL_CACHE: 'cache',
  },
  actions: [],
};
