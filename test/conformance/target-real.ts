// A repository on GitHub itself, from the environment. Must never touch a repository that was not named, and looks at
// what is set up there instead of assuming it.
import { readFile } from 'node:fs/promises';
import { appWith } from './app-keys.ts';
import type { App, Need, Opened } from './target.ts';

type Settings = Record<string, string | undefined>;

export async function openRealTarget(env: Settings): Promise<Opened> {
  const given = (name: string) => env[`VIGIL_CONFORMANCE_${name}`];
  const api = (given('API') ?? 'https://api.github.com').replace(/\/$/, '');
  const [owner = '', repo = ''] = (given('REPOSITORY') ?? '').split('/');
  const writer = given('TOKEN') ?? '';
  if (!owner || !repo) throw new Error('VIGIL_CONFORMANCE_REPOSITORY must be owner/name');
  const read = async (path: string, authorization = `token ${writer}`): Promise<Response> =>
    fetch(`${api}${path}`, {
      headers: { authorization },
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
  const there = async (path: string) => (await read(`/repos/${owner}/${repo}${path}`)).ok;
  const found = await read(`/repos/${owner}/${repo}`);
  if (!found.ok) throw new Error(`${owner}/${repo} cannot be read with this token: ${found.status}`);
  const { html_url: web } = (await found.json()) as { html_url: string };

  const [second, reader] = [given('SECOND_TOKEN'), given('READER_TOKEN')];
  const app = await appOf(api, given('APP_ID'), given('APP_KEY'), `/repos/${owner}/${repo}/installation`);
  const rules = await read(`/repos/${owner}/${repo}/rules/branches/conformance/reviewed`);
  const ruled = rules.ok && ((await rules.json()) as unknown[]).length > 0;
  const ready =
    (await there('/environments/conformance')) && (await there('/actions/workflows/conformance.yml'));
  const missing: [Need, boolean][] = [
    ['second person', !second],
    ['reader', !reader],
    ['app', !app],
    ['rulesets', !ruled],
    ['environment', !ready],
    ['sign-in', true],
    ['exhausting', given('EXHAUST') !== '1'],
  ];
  return {
    where: `${owner}/${repo} at ${api}`,
    ...{ api, web, owner, repo, app },
    tokens: { writer, ...(second ? { second } : {}), ...(reader ? { reader } : {}) },
    missing: missing.flatMap(([need, lacks]) => (lacks ? [need] : [])),
    ...{ patience: 300_000, pause: Number(given('PAUSE') ?? 1_000) },
    close: async () => undefined,
  };
}

/** `key` is the private key itself or the path of its file. */
async function appOf(
  api: string,
  id: string | undefined,
  key: string | undefined,
  installation: string,
): Promise<App | null> {
  if (!id || !key) return null;
  const privateKey = key.includes('BEGIN') ? key : await readFile(key, 'utf8');
  const bare = appWith({ api, id: Number(id), slug: '', privateKey, installationId: 0 });
  const headers = { authorization: `Bearer ${await bare.jwt()}` };
  const answer = await fetch(`${api}${installation}`, { headers, signal: AbortSignal.timeout(10_000) });
  if (!answer.ok) throw new Error(`the app is not installed on the repository: ${answer.status}`);
  const found = (await answer.json()) as { id: number; app_slug: string };
  return appWith({ api, id: Number(id), slug: found.app_slug, privateKey, installationId: found.id });
}
