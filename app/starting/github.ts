// The first words with GitHub: which app this is, its installation, the repository, and how GitHub's clock stands to ours.
// Must never go on with an answer that is not GitHub's, nor wait for what only a person can mend.
import type { Probot } from 'probot';
import * as z from 'zod';
import { amiss, refusals } from '#core/messages/starting';
import type { Config } from '../config.ts';
import type { Concern, Concerns } from './concerns.ts';
import { Refused } from './trouble.ts';

/** What docs/operations.md tells an operator to grant and to subscribe to. */
export const NEEDED = {
  permissions: {
    ...{ actions: 'write', checks: 'write', contents: 'write', issues: 'write', pull_requests: 'write' },
    merge_queues: 'read',
  },
  events: [
    ...(['push', 'pull_request', 'pull_request_review', 'issue_comment', 'issues'] as const),
    ...(['merge_group', 'workflow_run'] as const),
  ],
} as const;
/** Beyond this GitHub may refuse the app's tokens, and the app the jobs'. */
const MOST_SKEW_S = 30;
const PATIENCE_MS = 10_000;

class NotGitHub extends Error {
  override name = 'NotGitHub';
}

// https://docs.github.com/en/rest/apps/apps
const App = z.object({ slug: z.string().min(1), client_id: z.string().optional().catch(undefined) });
const Installation = z.object({
  id: z.number().int(),
  permissions: z.record(z.string(), z.unknown()).catch({}),
  events: z.array(z.string()).catch([...NEEDED.events]),
  suspended_at: z.string().nullish().catch(null),
});
const Repository = z.object({
  id: z.number().int(),
  default_branch: z.string().min(1),
  owner: z.object({ id: z.number().int() }),
});
export type Met = {
  slug: string;
  clientId: string | null;
  installationId: number;
  repository: z.infer<typeof Repository>;
};
type Answer = { data: unknown; headers: { date?: string | undefined } };

/**
 * Throws `Refused` where a setting is wrong, and what Octokit throws where GitHub is away.
 * Each call is made once: whoever waits tells meanwhile what for.
 */
export async function meetGitHub(
  probot: Pick<Probot, 'auth'>,
  { github: { owner, repo } }: Pick<Config, 'github'>,
  concerns: Concerns,
): Promise<Met> {
  const once = () => ({ request: { retries: 0, signal: AbortSignal.timeout(PATIENCE_MS) } });
  const asApp = await probot.auth();
  const app = await ask(
    App,
    () => asApp.rest.apps.getAuthenticated(once()),
    {
      401: refusals.key,
      404: refusals.app,
    },
    concerns,
  );
  const found = await ask(
    Installation,
    () => asApp.rest.apps.getRepoInstallation({ owner, repo, ...once() }),
    {
      401: refusals.key,
      404: refusals.repository,
    },
    concerns,
  );
  if (found.suspended_at) throw new Refused(refusals.suspended);
  concerns.set('Permissions', lacking(found));
  concerns.set('Events', unheard(found));
  const octokit = await probot.auth(found.id);
  const repository = await ask(
    Repository,
    () => octokit.rest.repos.get({ owner, repo, ...once() }),
    {
      404: refusals.repository,
    },
    concerns,
  );
  return { slug: app.slug, clientId: app.client_id ?? null, installationId: found.id, repository };
}

async function ask<T>(
  schema: z.ZodType<T>,
  call: () => Promise<Answer>,
  refusedBy: Record<number, string>,
  concerns: Concerns,
): Promise<T> {
  const answer = await withinPatience(call).catch((error: unknown) => {
    const { status, response, message } = error as { status?: number; response?: Answer; message?: string };
    if (response) concerns.set('Clock', clockConcern(response.headers.date, new Date()));
    if (/suspended/i.test(message ?? '')) throw new Refused(refusals.suspended);
    const words = response && status ? refusedBy[status] : undefined;
    // A page of somebody in between is no answer of GitHub's, whatever its status.
    const own = typeof response?.data === 'object' && response.data !== null && 'message' in response.data;
    throw words && own ? new Refused(words) : error;
  });
  concerns.set('Clock', clockConcern(answer.headers.date, new Date()));
  const parsed = schema.safeParse(answer.data);
  if (!parsed.success) throw new NotGitHub('GITHUB_API_URL answered with something that is not GitHub’s');
  return parsed.data;
}

/** Octokit waits for the end of a limit without a word. Whoever starts would not know what for. */
async function withinPatience(call: () => Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotGitHub('GitHub gave no answer in time')), PATIENCE_MS);
  });
  return Promise.race([call(), late]).finally(() => clearTimeout(timer));
}

/** How far our clock is from GitHub's, by the `Date` of an answer. */
export function clockConcern(date: string | undefined, now: Date): Concern | null {
  const seconds = Math.round((now.getTime() - Date.parse(date ?? '')) / 1000);
  const off = Number.isFinite(seconds) && Math.abs(seconds) > MOST_SKEW_S;
  return off ? { says: amiss.clock(seconds > 0), stops: false, reason: `${Math.abs(seconds)} s` } : null;
}

function lacking({ permissions }: z.infer<typeof Installation>): Concern | null {
  const missing = Object.entries(NEEDED.permissions).filter(
    ([name, level]) => permissions[name] !== level && permissions[name] !== 'write',
  );
  const said = missing.map(([name, level]) => `“${name.replaceAll('_', ' ')}: ${level}”`).join(', ');
  return missing.length > 0 ? { says: amiss.permissions(said), stops: false } : null;
}

function unheard({ events }: z.infer<typeof Installation>): Concern | null {
  const names = NEEDED.events.filter((name) => !events.includes(name));
  const said = names.map((name) => `“${name.replaceAll('_', ' ')}”`).join(', ');
  return names.length > 0 ? { says: amiss.events(said), stops: false } : null;
}
