// Tries the settings that are about others: does Slack take the token, PagerDuty the key, GitHub the client's secret, does our
// address lead here. Must never write anything outside, hold up the start, or take somebody's absence for a wrong setting.

import type { Repo } from '#adapters/github/api';
import { prettyPrint } from '#adapters/workspace/bash/pretty-print';
import { amiss, untold } from '#core/messages/starting';
import type { Config } from '../config.ts';
import { MARK, markOf } from '../webhooks/health.ts';
import type { Concern, Concerns } from './concerns.ts';
import { clockConcern, type Met } from './github.ts';
import { tryPagerDuty } from './try-pagerduty.ts';
import { tryClient } from './try-sign-in.ts';
import { trySlack } from './try-slack.ts';

/** Undefined: nothing was learned. */
export type Look = { about: string; look(): Promise<Concern | null | undefined> };

const PATIENCE_MS = 5000;

/** One for each thing that is configured. `clientId`: the one that GitHub names for the app. */
export function looksOf(
  config: Config,
  { clientId }: Pick<Met, 'clientId'>,
  repo: Pick<Repo, 'octokit'>,
): Look[] {
  const { slack, signIn, pagerduty } = config;
  return [
    { about: 'PAGERDUTY_API_KEY', look: () => atPagerDuty(pagerduty) },
    { about: 'Clock', look: () => atClock(repo) },
    { about: 'Bash', look: () => atBash() },
    { about: 'VIGIL_URL', look: () => atOurAddress(config) },
    ...(slack ? [{ about: 'SLACK_BOT_TOKEN', look: () => atSlack(slack) }] : []),
    ...(signIn
      ? [
          {
            about: 'GITHUB_CLIENT_SECRET',
            look: () => atSignIn({ ...signIn, server: config.github.server }, clientId),
          },
        ]
      : []),
  ];
}

/** All of them at once; each is told as soon as it is known. False: one did not go well, so that it is worth looking soon. */
export async function lookAt(looks: readonly Look[], concerns: Concerns): Promise<boolean> {
  const found = await Promise.all(
    looks.map(async ({ about, look }) => {
      const concern = await look();
      if (concern !== undefined) concerns.set(about, concern);
      return !concern;
    }),
  );
  return found.every(Boolean);
}

/** This call costs nothing: https://docs.github.com/en/rest/rate-limit/rate-limit */
async function atClock(repo: Pick<Repo, 'octokit'>): Promise<Concern | null | undefined> {
  try {
    const request = { retries: 0, signal: AbortSignal.timeout(PATIENCE_MS) };
    const { headers } = await (await repo.octokit()).rest.rateLimit.get({ request });
    return clockConcern(headers.date, new Date());
  } catch {
    return undefined;
  }
}

/** `bash`: where it is looked for. */
export async function atBash(bash?: string): Promise<Concern | null> {
  const read = await prettyPrint(':', bash);
  return read.is === 'read' ? null : { says: amiss.bash, stops: false, reason: read.reason };
}

async function atPagerDuty(account: Config['pagerduty']): Promise<Concern | null> {
  const tried = await tryPagerDuty(account);
  switch (tried.is) {
    case 'well':
      return null;
    case 'refused':
      return { says: amiss.pagerdutyKey, stops: true, reason: tried.reason };
    case 'elsewhere':
      return { says: amiss.pagerdutyApi, stops: true, reason: tried.reason };
    // The list of users is found by words, so that this is a strong hint and no proof.
    case 'stranger':
      return { says: amiss.pagerdutyFrom, stops: false };
    case 'away':
      return { says: untold('PagerDuty', 'PAGERDUTY_API_KEY'), stops: false, reason: tried.reason };
  }
}

async function atSlack(account: NonNullable<Config['slack']>): Promise<Concern | null> {
  const tried = await trySlack(account);
  if (tried.is === 'well') return null;
  if (tried.is === 'scope') return { says: amiss.slackScope(tried.lacks.join(', ')), stops: false };
  const says = {
    token: amiss.slackToken,
    channel: amiss.slackChannel,
    elsewhere: amiss.slackApi,
    away: untold('Slack', 'SLACK_BOT_TOKEN'),
  }[tried.is];
  return { says, stops: false, reason: tried.reason };
}

async function atSignIn(
  client: { clientId: string; clientSecret: string; server: string },
  own: string | null,
): Promise<Concern | null> {
  if (own !== null && own !== client.clientId) return { says: amiss.clientId, stops: false };
  const tried = await tryClient(client);
  if (tried.is === 'well') return null;
  const says = tried.is === 'refused' ? amiss.clientSecret : untold('GitHub', 'GITHUB_CLIENT_SECRET');
  return { says, stops: false, reason: tried.reason };
}

/** Never stops Vigil: whoever stands before it may let nobody through until /readyz says that it is ready. */
async function atOurAddress(config: Config): Promise<Concern | null> {
  const wrong = (reason: string): Concern => ({ says: amiss.url, stops: false, reason });
  try {
    const answer = await fetch(`${config.url}/health`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    await answer.body?.cancel();
    if (answer.ok && answer.headers.get(MARK) === markOf(config)) return null;
    return wrong(`it answered ${answer.status}, and not as this app`);
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    return wrong(`it did not answer: ${cause?.code ?? (error as Error).name}`);
  }
}
