// What all routes about one pull request share: it is looked up, or the answer is 404.
import type * as z from 'zod';
import type { Need } from './auth.ts';
import { type Forge, type PullRequest, pullsOf } from './forge.ts';
import { type Call, REPO, route } from './http.ts';
import { missing, type Reply } from './reply.ts';

export const readPulls: Need = ['pull_requests:read', 'read'];

/** A route about one pull request, which is there. */
export function pullRoute<Schema extends z.ZodType>(
  signature: string,
  need: Need,
  schema: Schema,
  handle: (forge: Forge, pr: PullRequest, call: Call<z.infer<Schema>>) => Reply | Promise<Reply>,
) {
  const [method, rest = ''] = signature.split(' ');
  return route(`${method} ${REPO}/pulls/:number${rest}`, need, schema, (forge, call) => {
    const pr = pullsOf(forge).find(({ number }) => number === call.number);
    return pr ? handle(forge, pr, call) : missing;
  });
}
