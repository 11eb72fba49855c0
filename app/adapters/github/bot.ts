// Who the app is for git: the account of its bot, so that GitHub shows its commits as its own and no rule takes a stranger for the
// author. Must never keep the app from starting: a name without a number is good enough.
import type { Identity } from '#core/ledger/commit';
import type { Repo } from './api.ts';

/** https://docs.github.com/en/account-and-profile/reference/email-addresses-reference#your-noreply-email-address */
export async function botIdentity(repo: Pick<Repo, 'octokit' | 'appSlug'>): Promise<Identity> {
  const name = `${repo.appSlug}[bot]`;
  const octokit = await repo.octokit();
  const found = await octokit.rest.users.getByUsername({ username: name }).catch(() => null);
  const number = found === null ? '' : `${found.data.id}+`;
  return { name, email: `${number}${name}@users.noreply.github.com` };
}
