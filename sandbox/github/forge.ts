// What every part of the sandbox GitHub shares: options, state, small tools. It must never hold a rule of GitHub's:
// those live in the file of their subject. What is stored carries GitHub's own field names, so that views stay short.
import { createHash } from 'node:crypto';
import type { Weather } from '../weather/weather.ts';
import type { Oidc } from './actions/oidc.ts';
import type { Environment, Runner, RunnerHost, RunRequest, RunState } from './actions/types.ts';
import type { Tokens } from './auth.ts';
import type { Git } from './git.ts';
import type { Limits, Meter } from './limits.ts';
import type { Ruleset } from './rulesets.ts';
import type { Webhooks } from './webhooks.ts';

export type Level = 'admin' | 'write' | 'read' | 'none';
/** Whoever has a token of their own. A login that ends in [bot] is another app's account: it may act, and is nobody's. */
export type Person = { login: string; token: string; permission: Level };
export type GitHubOptions = {
  dir: string; // scratch folder for the bare repository and the runner
  seed: string; // folder whose contents (as `git add` sees them) become the first commit on the default branch
  owner: string;
  repo: string;
  defaultBranch?: string; // main unless given
  others?: Record<string, string>; // other repositories that workflows may call: owner/name to a bare repository
  app: {
    id: number;
    slug: string;
    privateKey: string;
    clientId: string;
    clientSecret?: string;
    installationId: number;
    events?: string[]; // what it subscribed to: what Vigil's documentation asks for, unless given
  };
  webhook: { secret: string };
  people: Person[];
  environments: Record<string, Environment>;
  variables: Record<string, string>;
  machine: Record<string, string>; // extra environment of the machine that runs the jobs
  limits?: Limits; // GitHub's own unless given
  runner?: (host: RunnerHost, oidc: Oidc) => Runner; // who runs the jobs: this machine unless given
  weather?: Weather | undefined; // fair unless given
};

/** Who is calling. `app` is any installation token, a job's GITHUB_TOKEN included; `jwt` is the app itself. */
export type Actor =
  | { kind: 'nobody'; login: 'nobody' }
  | { kind: 'jwt'; login: string }
  | { kind: 'app'; login: string; appId: number; permissions: Record<string, string> }
  | { kind: 'person'; login: string; permission: Level; through?: 'app' }; // `through`: a user token of the app
export const NOBODY: Actor = { kind: 'nobody', login: 'nobody' };

export type Pull = {
  head: string; // branch name
  headSha: string;
  base: string;
  baseSha: string; // head of the base when the pull request was opened or last pushed to: its diff starts there
  pushedBy: string;
  draft: boolean;
  merged: { at: string; by: string; sha: string } | null;
};
export type MergeMethod = 'merge' | 'squash' | 'rebase';
/** An issue; a pull request is an issue with more to it, as on GitHub. Times are ISO 8601 in whole seconds. */
export type Issue = {
  id: number;
  number: number;
  title: string;
  body: string | null;
  state: 'open' | 'closed';
  state_reason: string | null;
  created_at: string;
  updated_at: string;
  closed_at: string | null;
  closedBy: string | null;
  author: string;
  labelNames: string[];
  pull: Pull | null;
};
export type PullRequest = Issue & { pull: Pull };
export type Comment = {
  id: number;
  body: string;
  created_at: string;
  updated_at: string;
  author: string;
  issue: number;
  reactions: { id: number; content: string; created_at: string; author: string }[];
};
export type Review = {
  id: number;
  state: 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED';
  body: string;
  commit_id: string;
  submitted_at: string;
  author: string;
  pull: number;
};
export type CheckRun = {
  id: number;
  name: string;
  head_sha: string;
  status: string;
  conclusion: string | null;
  external_id: string;
  details_url: string | null;
  started_at: string;
  completed_at: string | null;
  output: { title: string | null; summary: string | null; text: string | null };
  appId: number;
};

export type Status = {
  id: number;
  sha: string;
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  description: string | null;
  target_url: string | null;
  created_at: string;
  author: string;
  appId: number | null; // null: a person's
};

/** A move of a branch, and who moved it: GitHub's list of a repository's activity. */
export type Activity = {
  id: number;
  before: string;
  after: string;
  ref: string;
  timestamp: string;
  activity_type: 'push' | 'force_push' | 'branch_creation' | 'branch_deletion';
  author: string;
};

export type State = {
  activities: Activity[]; // oldest first
  issues: Issue[]; // issue n is issues[n - 1]
  comments: Comment[];
  reviews: Review[];
  checks: CheckRun[];
  statuses: Status[];
  asked: Set<string>; // pairs of commits whose mergeability somebody wanted to know
  runs: Map<number, RunState>; // each at its newest attempt
  attempts: Map<string, RunState>; // 'run/attempt'
  heads: Map<string, object>; // the commits of runs, as events tell them
  requests: Map<number, RunRequest>; // what each run was asked, for running it again
  mergeMethods: Set<MergeMethod>; // what the repository's settings allow; nothing here rebases
  disabled: Set<string>; // workflows that somebody switched off, by path
};
export type ApiCall = { method: string; path: string; status: number; actor: string; at: number };

export type Forge = {
  options: GitHubOptions;
  urls: { server: string; api: string; repo: string; web: string; git: string; oidc: string }; // `repo`: its API URL
  state: State;
  git: Git;
  tokens: Tokens;
  webhooks: Webhooks;
  rulesets: Ruleset[];
  runner: Runner;
  environments: Record<string, Environment>;
  calls: ApiCall[];
  meter: Meter;
  violations: string[]; // answers and deliveries that GitHub's description forbids
  nextId(): number;
  times(): { created_at: string; updated_at: string }; // of what was there from the start
  exclusive<T>(work: () => Promise<T>): Promise<T>; // one change of refs at a time, so events follow in order
};

export const pullsOf = ({ state }: Forge) =>
  state.issues.filter((issue): issue is PullRequest => issue.pull !== null);

/** What GitHub's description forbids is a fault of the sandbox: it is told once, and tests fail on it. */
export function hold({ violations }: Pick<Forge, 'violations'>, wrong: string | undefined): void {
  if (!wrong || violations.includes(wrong)) return;
  violations.push(wrong);
  process.stderr.write(`the sandbox GitHub broke GitHub's description: ${wrong}\n`);
}

export const isBot = (login: string): boolean => login.endsWith('[bot]');
export const humansOf = ({ options }: Pick<Forge, 'options'>): Person[] =>
  options.people.filter(({ login }) => !isBot(login));

/** The name of the default branch. In git it is what HEAD stands for. */
export const branchOf = ({ options }: Pick<Forge, 'options'>): string => options.defaultBranch ?? 'main';

/** A stable number for a name, as GitHub gives every account and repository one. */
export const idOf = (name: string): number =>
  Number.parseInt(createHash('sha256').update(name).digest('hex').slice(0, 7), 16);

/** GitHub writes times in whole seconds. */
export const isoTime = (at = Date.now()): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** Runs pieces of work one after the other; a failed one does not hold up the next. */
export function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work);
    last = next.catch(() => undefined);
    return next;
  };
}
