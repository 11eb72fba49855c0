// What the conformance suite runs against: a repository on GitHub when credentials are given, else the sandbox. A rule
// must never ask which of the two it is; what a target cannot do is named in `lacks`, so that it is skipped aloud.
import { getOctokit } from '@actions/github';
import { openRealTarget } from './target-real.ts';
import { openSandboxTarget } from './target-sandbox.ts';

export type Client = ReturnType<typeof getOctokit>;
export type Person = { login: string; token: string; rest: Client['rest']; client: Client };
export type App = {
  id: number;
  slug: string;
  installationId: number;
  jwt(claims?: { iat?: number; exp?: number; iss?: string }): Promise<string>; // seconds from now
  token(permissions?: Record<string, string>): Promise<string>;
};

/** What a rule may need beyond one person who may write. */
export type Need = 'second person' | 'reader' | 'app' | 'rulesets' | 'environment' | 'sign-in' | 'exhausting';
export const REASONS: Record<Need, string> = {
  'second person': 'no VIGIL_CONFORMANCE_SECOND_TOKEN (another person with write access)',
  reader: 'no VIGIL_CONFORMANCE_READER_TOKEN (a person who may only read)',
  app: 'no VIGIL_CONFORMANCE_APP_ID and VIGIL_CONFORMANCE_APP_KEY (an app installed on the repository)',
  rulesets: 'the repository lacks the rulesets of test/conformance/repository',
  environment: 'the repository lacks the workflow or the environment `conformance`',
  'sign-in': 'signing in needs a person before a browser',
  exhausting: 'VIGIL_CONFORMANCE_EXHAUST=1 was not given: this rule uses up limits of the account',
};

/** What opening a target gives; the rest is made of it below. */
export type Opened = {
  where: string;
  api: string; // without a slash at its end
  web: string; // the repository's page
  owner: string;
  repo: string;
  tokens: { writer: string; second?: string; reader?: string };
  app: App | null;
  missing: Need[];
  patience: number; // milliseconds until what GitHub does in the background is done
  pause: number; // milliseconds between two writes
  close(): Promise<void>;
};

export type Target = Omit<Opened, 'app'> & {
  at: { owner: string; repo: string };
  writer: Person;
  second: Person;
  reader: Person;
  app: App & { rest: Client['rest']; client: Client }; // as its installation
  as(token: string): Client;
  unique(name: string): string;
};

type Settings = Record<string, string | undefined>;

/** Opens the target that the environment describes. */
export async function openTarget(env: Settings = process.env): Promise<Target> {
  const opened = env['VIGIL_CONFORMANCE_TOKEN'] ? await openRealTarget(env) : await openSandboxTarget();
  const { api, owner, repo, tokens, pause } = opened;
  const as = (token: string): Client => {
    const client = getOctokit(token, { baseUrl: api });
    if (pause > 0)
      client.hook.before('request', async ({ method }) => {
        if (method !== 'GET') await new Promise((done) => setTimeout(done, pause));
      });
    return client;
  };
  const person = async (token: string | undefined): Promise<Person> => {
    const client = as(token ?? 'nobody');
    const login = token ? (await client.rest.users.getAuthenticated()).data.login : '';
    return { login, token: token ?? '', rest: client.rest, client };
  };
  const client = opened.app ? as(await opened.app.token()) : as('nobody');
  const run = Date.now().toString(36);
  let last = 0;
  return {
    ...opened,
    at: { owner, repo },
    writer: await person(tokens.writer),
    second: await person(tokens.second),
    reader: await person(tokens.reader),
    app: { ...(opened.app ?? NO_APP), rest: client.rest, client },
    as,
    unique: (name) => `${name}-${run}-${++last}`,
  };
}

const NO_APP: App = {
  id: 0,
  slug: 'none',
  installationId: 0,
  jwt: () => Promise.reject(new Error(REASONS.app)),
  token: () => Promise.reject(new Error(REASONS.app)),
};
