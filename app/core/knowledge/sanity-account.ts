// Whether the settings for Sanity make an account that can be used. Must never repeat a value in a reason. Must never
// accept an address that is not Sanity's own or this machine's, because the token goes there.
export type SanityAccount = {
  projectId: string;
  dataset: string;
  token: string;
  /** http on loopback: a stand-in on this machine. Null: Sanity itself. */
  host: string | null;
};
type SanityGiven = {
  projectId?: string | undefined;
  dataset?: string | undefined;
  token?: string | undefined;
  host?: string | undefined;
};
/** `given` is false when nothing at all was set. Then Vigil goes on without Sanity. */
type ReadSanityAccount = { ok: true; account: SanityAccount } | { ok: false; given: boolean; reason: string };

export const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\]|localhost):\d{1,5}$/;

/** The dataset is `production` if none is named. The reason names the settings to set. */
export function sanityAccount({
  projectId = '',
  dataset = '',
  token = '',
  host = '',
}: SanityGiven): ReadSanityAccount {
  const given = projectId !== '' || token !== '' || host !== '';
  const name = dataset || 'production';
  const problems = [
    ...(projectId === '' ? ['SANITY_PROJECT_ID is not set (the project’s id at sanity.io/manage)'] : []),
    ...(projectId !== '' && !/^[a-z0-9][a-z0-9-]{0,60}$/.test(projectId)
      ? ['SANITY_PROJECT_ID is no project id']
      : []),
    ...(/^~?[a-z0-9][a-z0-9_-]{0,63}$/.test(name) ? [] : ['SANITY_DATASET is no name of a dataset']),
    ...(token === '' ? ['SANITY_TOKEN is not set (a token of that project, under API)'] : []),
    ...(/^[\x21-\x7e]*$/.test(token) ? [] : ['SANITY_TOKEN has characters that no token has']),
    ...(host === '' || LOOPBACK.test(host)
      ? []
      : ['SANITY_API_HOST may only name a stand-in on this machine, such as http://127.0.0.1:4000']),
  ];
  if (problems.length > 0) return { ok: false, given, reason: problems.join('; ') };
  return { ok: true, account: { projectId, dataset: name, token, host: host || null } };
}
