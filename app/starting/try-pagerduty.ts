// Asks PagerDuty whether it takes the key and knows the sender. Must never write there.
import * as z from 'zod';
import { type HttpResult, requestJson } from '#adapters/http-json';
import type { Config } from '../config.ts';

type Account = Config['pagerduty'];
/** `refused`: the key. `stranger`: no user has the address that writes are made in the name of. `elsewhere`: not PagerDuty. */
export type Tried = { is: 'well' | 'stranger' } | { is: 'refused' | 'elsewhere' | 'away'; reason: string };

const Incidents = z.object({ incidents: z.array(z.unknown()) });
const Users = z.object({
  users: z.array(z.object({ email: z.string().nullish() })),
  more: z.boolean().nullish(),
});

/**
 * A key that may not list users says nothing of the sender.
 * https://developer.pagerduty.com/api-reference/c96e889522dd6-list-users
 */
export async function tryPagerDuty(account: Account): Promise<Tried> {
  const answer = await get(account, '/incidents?limit=1');
  if (!answer.ok) {
    const { reason, status } = answer;
    if (status === 401 || status === 403) return { is: 'refused', reason };
    return { is: status === 404 || status === 410 ? 'elsewhere' : 'away', reason };
  }
  if (!Incidents.safeParse(answer.body).success)
    return { is: 'elsewhere', reason: 'an answer that is not PagerDuty’s' };
  const from = account.from.toLowerCase();
  const asked = await get(account, `/users?query=${encodeURIComponent(from)}&limit=100`);
  const users = Users.safeParse(asked.ok ? asked.body : null);
  const known =
    !users.success || users.data.more || users.data.users.some(({ email }) => email?.toLowerCase() === from);
  return { is: known ? 'well' : 'stranger' };
}

function get({ api, apiKey }: Account, path: string): Promise<HttpResult> {
  return requestJson({
    method: 'GET',
    url: `${api}${path}`,
    headers: { authorization: `Token token=${apiKey}`, accept: 'application/vnd.pagerduty+json;version=2' },
    timeoutMs: 5000,
  });
}
