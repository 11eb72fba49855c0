// What the runner may ask of the forge. It must never hand a job more than its permissions and its environment.
import { join } from 'node:path';
import type { Environment, RunnerHost } from './actions/types.ts';
import { ACTIONS_APP_ID } from './auth.ts';
import { type Forge, idOf } from './forge.ts';
import { createCheckouts } from './repository.ts';

type Settings = {
  variables: Record<string, string>;
  environments: Record<string, Environment>;
  changed: RunnerHost['changed'];
};
type Parts = Pick<Forge, 'options' | 'urls' | 'git' | 'tokens'>;
const TOKEN_SECONDS = 24 * 3600; // https://docs.github.com/en/actions/concepts/security/github_token

/** The variables and environments may change while the runner works. */
export function runnerHost(
  { options, urls, git, tokens }: Parts,
  { variables, environments, changed }: Settings,
): RunnerHost {
  const { owner, repo, dir } = options;
  return {
    repository: { id: idOf(`${owner}/${repo}`), owner, ownerId: idOf(owner), name: repo },
    urls: { server: urls.server, api: urls.api, graphql: `${urls.server}/api/graphql`, oidc: urls.oidc },
    dir: join(dir, 'runner'),
    machine: options.machine,
    readFile: async (sha, path) => (await git.bytes(['cat-file', 'blob', `${sha}:${path}`])).toString(),
    checkout: createCheckouts(git, dir),
    mintToken(granted) {
      const entries = Object.entries(granted).map(([name, level]) => [name.replaceAll('-', '_'), level]);
      const actor = { kind: 'app', login: 'github-actions[bot]', appId: ACTIONS_APP_ID } as const;
      return tokens.mint({ ...actor, permissions: Object.fromEntries(entries) }, TOKEN_SECONDS).token;
    },
    revokeToken: tokens.revoke,
    environment: (name) => environments[name],
    variables: () => ({ ...variables }),
    changed,
  };
}
