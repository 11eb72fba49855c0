// What the runner may ask of the forge. It must never hand a job more than its permissions and its environment.
import { join } from 'node:path';
import type { Environment, RunnerHost } from './actions/types.ts';
import { ACTIONS_APP_ID } from './auth.ts';
import { branchOf, type Forge, idOf } from './forge.ts';
import { createGit } from './git.ts';
import { createCheckouts } from './repository.ts';

type Settings = {
  variables: Record<string, string>;
  environments: Record<string, Environment>;
  isProtected: RunnerHost['isProtected'];
  changed: RunnerHost['changed'];
};
type Parts = Pick<Forge, 'options' | 'urls' | 'git' | 'tokens'>;
const TOKEN_SECONDS = 24 * 3600; // https://docs.github.com/en/actions/concepts/security/github_token

/** The variables and environments may change while the runner works. */
export function runnerHost(
  { options, urls, git, tokens }: Parts,
  { variables, environments, isProtected, changed }: Settings,
): RunnerHost {
  const { owner, repo, dir } = options;
  const full = `${owner}/${repo}`;
  const others = new Map(Object.entries(options.others ?? {}).map(([name, at]) => [name, createGit(at)]));
  const gitOf = (repository: string) => (repository === full ? git : others.get(repository));
  const known = (repository: string) => {
    const found = gitOf(repository);
    if (!found) throw new Error(`${repository} does not exist, or the runner may not read it`);
    return found;
  };
  return {
    repository: {
      id: idOf(full),
      owner,
      ownerId: idOf(owner),
      name: repo,
      defaultBranch: branchOf({ options }),
      visibility: 'private',
    },
    idOf,
    isProtected,
    urls: { server: urls.server, api: urls.api, graphql: `${urls.server}/api/graphql`, oidc: urls.oidc },
    dir: join(dir, 'runner'),
    machine: options.machine,
    async resolve(repository, ref) {
      const sha = await gitOf(repository)?.resolve(ref);
      if (!sha) return undefined;
      const branch = await gitOf(repository)?.resolve(`heads/${ref}`);
      return { sha, ref: sha === ref ? sha : `refs/${branch ? 'heads' : 'tags'}/${ref}` };
    },
    readFile: async (repository, sha, path) =>
      (await known(repository).bytes(['cat-file', 'blob', `${sha}:${path}`])).toString(),
    checkout: createCheckouts(known, dir),
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
