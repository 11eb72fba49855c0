// Asks GitHub whether the secret for signing people in is right. Must never sign anybody in.
import * as z from 'zod';
import { requestJson } from '#adapters/http-json';

type Client = { clientId: string; clientSecret: string; server: string };
const Refusal = z.object({ error: z.string().max(100) });

export type Tried = { is: 'well' } | { is: 'refused' | 'away'; reason: string };

/**
 * Whether GitHub takes the client's secret: a code that nobody was given is refused for being one, or for the secret.
 * https://docs.github.com/en/apps/oauth-apps/maintaining-oauth-apps/troubleshooting-oauth-app-access-token-request-errors
 */
export async function tryClient(client: Client): Promise<Tried> {
  const answer = await requestJson({
    method: 'POST',
    url: `${client.server}/login/oauth/access_token`,
    headers: {},
    body: {
      client_id: client.clientId,
      client_secret: client.clientSecret,
      code: 'a code that nobody was given',
    },
  });
  const told = Refusal.safeParse(answer.ok ? answer.body : null);
  if (told.success && told.data.error === 'bad_verification_code') return { is: 'well' };
  if (told.success && told.data.error === 'incorrect_client_credentials')
    return { is: 'refused', reason: told.data.error };
  // A client that GitHub does not know has no such page.
  if (!answer.ok && answer.status === 404) return { is: 'refused', reason: answer.reason };
  return {
    is: 'away',
    reason: answer.ok ? (told.data?.error ?? 'an answer that is not GitHub’s') : answer.reason,
  };
}
