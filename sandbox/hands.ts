// What people of a world can do besides the story, and the second repository in which others work. It must never do anything but
// by GitHub's API, git, and Slack's own page.
import { appendFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fetchBranch, openClone } from '#adapters/git/clone';
import type { GitHubOptions } from './github/forge.ts';
import { type GitHub, startGitHub } from './github/server.ts';
import type { Slack } from './slack/server.ts';
import type { Hands } from './weather/terms.ts';

const DEADLINE_MS = 10_000;
export type Party = {
  dir: string;
  github: GitHub;
  slack: Pick<Slack, 'remove' | 'setRoom'>;
  people: Readonly<Record<string, string>>;
  /** How the installation's other repository is started; its deliveries go where the first one's go. */
  forge: Pick<GitHubOptions, 'app' | 'webhook' | 'people' | 'owner'>;
  webhook(): string;
};

export function openHands(party: Party): { hands: Hands; close(): Promise<void> } {
  let second: Promise<GitHub> | null = null;
  const elsewhere = (): Promise<GitHub> => {
    second ??= openSecond(party);
    return second;
  };
  const { github, slack } = party;
  const hands: Hands = {
    call: (login, method, path, body) => call(party, github, login, method, path, body),
    issues: async () =>
      (await call(party, github, 'riley', 'GET', '/issues?state=all&per_page=100')) as Listed[],
    push: (login, branch, change) => pushTo(party, github, login, branch, change),
    force: (login, branch, commit) => forceTo(party, github, login, branch, commit),
    elsewhere: {
      call: async (login, method, path, body) => call(party, await elsewhere(), login, method, path, body),
      issue: async (number) => void (await upTo(party, await elsewhere(), number)),
      async pull(number) {
        const other = await elsewhere();
        await upTo(party, other, number - 1);
        const branch = `work-${number}`;
        await pushTo(party, other, 'riley', branch, { path: 'work.md', text: `${number}\n` });
        const opened = { title: 'Work', head: branch, base: 'main' };
        const made = (await call(party, other, 'riley', 'POST', '/pulls', opened)) as Listed;
        if (made.number !== number) throw new Error(`it became #${made.number}, not #${number}`);
        return branch;
      },
      push: async (login, branch) =>
        pushTo(party, await elsewhere(), login, branch, { path: 'work.md', text: 'more\n' }),
    },
    slack: { remove: async () => slack.remove(), archive: async () => slack.setRoom({ archived: true }) },
  };
  return { hands, close: async () => void (await (await second)?.close()) };
}

type Listed = { number: number; pull_request?: object };

async function openSecond({ dir, forge, webhook }: Party): Promise<GitHub> {
  const seed = join(dir, 'second-seed');
  await mkdir(seed, { recursive: true });
  await writeFile(join(seed, 'README.md'), 'Another repository of the same installation.\n');
  const other = await startGitHub({
    ...{ ...forge, dir: join(dir, 'second'), seed, repo: 'another' },
    ...{ environments: {}, variables: {}, machine: {} },
  });
  other.setWebhookUrls([webhook()]);
  return other;
}

/** Issues until the number is taken. */
async function upTo(party: Party, other: GitHub, number: number): Promise<void> {
  const all = (await call(party, other, 'riley', 'GET', '/issues?state=all&per_page=100')) as Listed[];
  for (let next = all.length + 1; next <= number; next += 1)
    await call(party, other, 'riley', 'POST', '/issues', { title: `Work ${next}` });
}

async function call(party: Party, at: GitHub, login: string, method: string, path: string, body?: object) {
  const token = party.people[login];
  if (!token) throw new Error(`there is nobody called ${login}`);
  const answer = await fetch(`${at.api}/repos/${new URL(at.web).pathname.slice(1)}${path}`, {
    ...{ method, signal: AbortSignal.timeout(DEADLINE_MS) },
    headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text.slice(0, 200)}`);
  return text === '' ? null : JSON.parse(text);
}

async function openAs({ dir, people }: Party, at: GitHub, login: string) {
  return openClone({
    ...{ dir: await mkdtemp(join(dir, `${login}-`)), url: at.git },
    credentials: async () => people[login] ?? null,
    identity: { name: login, email: `${login}@users.noreply.github.com` },
  });
}

async function pushTo(
  party: Party,
  at: GitHub,
  login: string,
  branch: string,
  change: { path: string; text: string } | null,
) {
  const clone = await openAs(party, at, login);
  const head = (await fetchBranch(clone, branch)) ?? (await fetchBranch(clone, 'main'));
  const git = clone.local();
  await git.raw('checkout', '--quiet', '--detach', head ?? 'HEAD');
  if (change) {
    const file = join(clone.dir, change.path);
    await mkdir(dirname(file), { recursive: true });
    await appendFile(file, change.text);
    await git.raw('add', '--all');
  }
  await git.raw(
    'commit',
    '--quiet',
    '--allow-empty',
    '--message',
    change ? 'Change it' : 'Merge branch main',
  );
  await clone.remote().raw('push', '--quiet', clone.url, `HEAD:refs/heads/${branch}`);
}

async function forceTo(party: Party, at: GitHub, login: string, branch: string, commit: string) {
  const clone = await openAs(party, at, login);
  await fetchBranch(clone, branch);
  await clone.remote().raw('push', '--quiet', '--force', clone.url, `${commit}:refs/heads/${branch}`);
}
