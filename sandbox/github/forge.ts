// What every part of the sandbox GitHub shares: its options, its state, and who may act. Data only; it must never
// hold a rule of GitHub's: those live in the file of their subject.
import { createHash } from 'node:crypto';
import type { Environment, Runner, RunRequest, RunState } from './actions/types.ts';
import type { Tokens } from './auth.ts';
import type { Git } from './git.ts';
import type { Ruleset } from './rulesets.ts';
import type { Webhooks } from './webhooks.ts';

export type Level = 'admin' | 'write' | 'read' | 'none';
export type Person = { login: string; token: string; permission: Level };
export type App = { id: number; slug: string; privateKey: string; clientId: string; installationId: number };

export type GitHubOptions = {
  dir: string; // scratch folder for the bare repository and the runner
  seed: string; // folder whose contents (as `git add` sees them) become the first commit on main
  owner: string;
  repo: string;
  app: App;
  webhook: { secret: string };
  people: Person[];
  environments: Record<string, Environment>;
  variables: Record<string, string>;
  machine: Record<string, string>;
};

/** Who is calling. `app` is any installation token, a job's GITHUB_TOKEN included; `jwt` is the app itself. */
export type Actor =
  | { kind: 'nobody'; login: 'nobody' }
  | { kind: 'jwt'; login: string }
  | { kind: 'app'; login: string; appId: number; permissions: Record<string, string> }
  | { kind: 'person'; login: string; permission: Level };

export type Pull = {
  head: string; // branch name
  headSha: string;
  base: string;
  baseSha: string; // head of the base when the pull request was opened or last pushed to: its diff starts there
  pushedBy: string;
  merged: { at: string; by: string; sha: string } | null;
};
/** An issue; a pull request is an issue with more to it, as on GitHub. Times are ISO 8601 in whole seconds. */
export type Issue = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: string;
  labels: string[];
  state: 'open' | 'closed';
  stateReason: string | null;
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  pull: Pull | null;
};
export type PullRequest = Issue & { pull: Pull };
export type Comment = {
  id: number;
  issue: number;
  author: string;
  body: string;
  createdAt: string;
  updatedAt: string;
};
export type Review = {
  id: number;
  pull: number;
  author: string;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  body: string;
  commitId: string;
  submittedAt: string;
};
export type CheckRun = {
  id: number;
  appId: number;
  name: string;
  headSha: string;
  status: string;
  conclusion: string | null;
  externalId: string;
  detailsUrl: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  startedAt: string;
  completedAt: string | null;
};

export type State = {
  issues: Issue[]; // issue n is issues[n - 1]
  comments: Comment[];
  reviews: Review[];
  checks: CheckRun[];
  labels: Set<string>;
  runs: Map<number, RunState>;
  requests: Map<number, RunRequest>; // what each run was asked, for running it again
};

export type ApiCall = { method: string; path: string; status: number; actor: string; at: number };

export type Forge = {
  options: GitHubOptions;
  urls: { api: string; web: string; git: string; oidc: string };
  state: State;
  git: Git;
  tokens: Tokens;
  webhooks: Webhooks;
  rulesets: Ruleset[];
  runner: Runner;
  calls: ApiCall[];
  nextId(): number;
  exclusive<T>(work: () => Promise<T>): Promise<T>; // one change of refs at a time, so events follow in order
};

export const emptyState = (): State => ({
  issues: [],
  comments: [],
  reviews: [],
  checks: [],
  labels: new Set(),
  runs: new Map(),
  requests: new Map(),
});

/** A stable number for a name, as GitHub gives every account and repository one. */
export function idOf(name: string): number {
  return Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 7), 16);
}

/** GitHub writes times in whole seconds. */
export function isoTime(at = Date.now()): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

export function findPull(forge: Forge, number: number): PullRequest | undefined {
  const issue = forge.state.issues[number - 1];
  return issue?.pull ? (issue as PullRequest) : undefined;
}

/** Runs pieces of work one after the other; a failed one does not hold up the next. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
