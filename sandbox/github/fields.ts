// Small pieces that many of GitHub's objects have in common: node ids and addresses. It must never hold a rule.
import { type Forge, humansOf, idOf, type PullRequest } from './forge.ts';

/** The id that GraphQL would know the object by. */
export const nodeId = (kind: string, id: number | string): string =>
  Buffer.from(`${kind}:${id}`).toString('base64url');

/** `{events_url: '<base>/events', ...}` for 'events'; 'forks=network' gives `forks_url` another path. */
export function addresses(base: string, names: string): Record<string, string> {
  const entries = names.split(' ').map((entry): [string, string] => {
    const [name = '', path = name] = entry.split('=');
    return [`${name}_url`, `${base}/${path}`];
  });
  return Object.fromEntries(entries);
}

/** What somebody is to the repository. https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
export function associationOf(forge: Forge, login: string): 'COLLABORATOR' | 'NONE' {
  const person = humansOf(forge).find((one) => one.login === login);
  return person && person.permission !== 'none' ? 'COLLABORATOR' : 'NONE';
}

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

export const reactionsTo = (url: string, all: readonly { content: string }[] = []) => ({
  ...{ url: `${url}/reactions`, total_count: all.length },
  ...Object.fromEntries(REACTIONS.map((one) => [one, all.filter(({ content }) => content === one).length])),
});

/** A pull request as it is named inside other objects. */
export function pullMinimal({ urls, options }: Forge, { id, number, pull }: PullRequest) {
  const repo = { id: idOf(`${options.owner}/${options.repo}`), url: urls.repo, name: options.repo };
  const head = { ref: pull.head, sha: pull.headSha, repo };
  const base = { ref: pull.base, sha: pull.baseSha, repo };
  return { id, number, url: `${urls.repo}/pulls/${number}`, head, base };
}
