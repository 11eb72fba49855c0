// A token of the app's installation on one repository, from the app's key: for commands that may do what only the app may.
// Must never keep it or print it; it lives an hour.
import { ProbotOctokit } from 'probot';

export type AppAccount = { id: number; key: string; api: string };

export async function installationToken(
  { id, key, api }: AppAccount,
  owner: string,
  repo: string,
): Promise<string> {
  const auth = { appId: id, privateKey: key };
  const asApp = new ProbotOctokit({ auth, baseUrl: api, log: silent });
  const { data: installation } = await asApp.rest.apps.getRepoInstallation({ owner, repo });
  const { data } = await asApp.rest.apps.createInstallationAccessToken({
    installation_id: installation.id,
    repositories: [repo],
    permissions: { contents: 'write' },
  });
  return data.token;
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
