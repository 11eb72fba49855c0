// One remediation from proposal to run, played with the product's own functions: judge, observe, grant, gate, door for facts.
// Only the outside is made up: main, GitHub's answers about one pull request, the clock. It must never copy a rule of Vigil;
// what it knows of GitHub is that a merge takes the expected head, and that reviews remember the commit.
// Over 250 lines: one chain is read from its first step to its last.
import { ProbotOctokit } from 'probot';
import { type Clone, openClone } from '#adapters/git/clone';
import type { Source } from '#adapters/git/source';
import type { JobIdentity } from '#adapters/github/job-identity';
import { approvedUndo, mayRun, proposalOnMain } from '#core/gate/gate';
import { holdOn } from '#core/incident/hold';
import type { Runbook } from '#core/knowledge/runbook';
import type { Fact } from '#core/ledger/facts';
import { remediationFolder } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { digestOfProposal } from '#core/proposal/digest';
import { plan } from '#core/proposal/planner';
import { sha256 } from '#core/text/hash';
import { observePull } from '../../app/desk/approve.ts';
import { judgeNow } from '../../app/desk/judge-proposal.ts';
import type { World } from '../../app/desk/world.ts';
import { handleFacts } from '../../app/webhooks/facts.ts';
import { type Door, door, hearing, memoryLedger } from './hearing.ts';
import { fact, KEY } from './incidents.ts';
import { matched } from './proposals.ts';
import type { Repository } from './repository.ts';
import { flagText, runbookOf, shopSettings } from './shop.ts';

export const moments = [
  'before the proposal',
  'before the judgement',
  'before the pull request',
  'before the review',
  'after the review',
  'after the approval',
  'after the merge',
  'between the gates',
  'between gate and claim',
  'before the undo',
] as const;
export type Moment = (typeof moments)[number];
export type Files = Readonly<Record<string, string>>;
/** Everything a reviewer's yes is for. */
export type Bound = { files: Files; runbook: string; template: string; policy: string; settings: string };
export type Chain = {
  bound(): Bound;
  /** Somebody pushes these files to the proposal's branch; GitHub's event arrives, or is lost. */
  push(by: string, change: (files: Files) => Files, told: boolean): Promise<void>;
  /** The same, with the bytes that Vigil itself proposed last. */
  back(by: string, told: boolean): Promise<void>;
  /** Somebody changes what main holds. */
  onMain(change: (main: Main) => Main): void;
  restart(policy: string): void;
  wait(hours: number): void;
  /** What each approving review was given for, and by whom. */
  seen: { by: string; bound: Bound; pushedBy: readonly string[]; at: number }[];
  ran: { what: 'fix' | 'undo'; bound: Bound; at: number }[];
  incident(): Incident;
};
export type Main = { folder: Files; runbook: string; template: string; settings: string };

const HOUR = 3_600_000;
const EXECUTE: JobIdentity = {
  job: 'execute',
  run: 9,
  runAttempt: 1,
  workflow: '.github/workflows/remediate.yml',
  actor: 'vigil[bot]',
};

export type Bench = {
  git: Repository;
  clone: Clone;
  door: Door;
  serve(to: World): void;
  close(): Promise<void>;
};

/** What many chains share: a repository for branches, and the app's door for facts. */
export async function bench(git: Repository): Promise<Bench> {
  let world: World | null = null;
  const clone = await openClone({ dir: `${git.dir}/clone`, url: git.origin, credentials: async () => null });
  const site = await door((request, response) => {
    if (!world) throw new Error('there is no world yet');
    const port = {
      identify: async () => ({ ok: true as const, identity: EXECUTE }),
      storeEvidence: async () => ({ branch: '', items: [] }),
    };
    return handleFacts(world, { wake: () => undefined }, port, request, response);
  });
  return {
    git,
    clone,
    door: site,
    serve(to) {
      world = to;
    },
    close: () => site.close(),
  };
}

/** Plays a chain to its end. `at` is called when a moment is first reached; `again`: people review what they are asked anew. */
export async function play(
  on: Bench,
  at: (moment: Moment, chain: Chain) => Promise<void>,
  { again, reviewer }: { again: boolean; reviewer: string },
): Promise<Chain> {
  let clock = Date.parse('2026-11-03T04:00:00.000Z');
  let main: Main = {
    folder: {},
    runbook: flagText,
    template: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11',
    settings: 'v: 1\n',
  };
  let policy = 'policy-1';
  const folder = remediationFolder(KEY);
  const pull = { head: '', files: {} as Files, own: {} as Files, merged: false, pushers: [] as string[] };
  const equal = (a: Files, b: Files): boolean =>
    JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
  const reviews: { login: string; commit: string; at: string }[] = [];
  const seen: Chain['seen'] = [];
  const ran: Chain['ran'] = [];
  const branch = `vigil/${KEY}/${sha256(String(Math.random())).slice(0, 12)}`; // repositories are shared by chains
  const runbook = (): Runbook | null => {
    try {
      return runbookOf(main.runbook);
    } catch {
      return null; // what cannot be parsed is left out, as readSource does
    }
  };
  const source = (): Source => ({
    commit: 'f'.repeat(40),
    settings: shopSettings({ workspace: { template: 'vigil-remediate', version: main.template } }),
    settingsSha256: sha256(main.settings),
    runbooks: [runbook()].filter((one) => one !== null),
    problems: [],
  });
  const bound = (files: Files): Bound => {
    const { runbook: text, template, settings } = main;
    return { files: { ...files }, runbook: text, template, policy, settings };
  };
  const started = runbook();
  if (!started) throw new Error('the runbook of the shop does not parse');
  const ledger = memoryLedger([matched(started)]);
  const incident = (): Incident => {
    const one = ledger.get(KEY);
    if (!one) throw new Error('the incident is gone');
    return one;
  };
  const commit = (files: Files): string => {
    const gone = Object.keys(pull.files).filter((name) => !(name in files));
    const entries = [...Object.entries(files), ...gone.map((name) => [name, null] as const)];
    return on.git.commit(
      branch,
      Object.fromEntries(entries.map(([name, text]) => [`${folder}/${name}`, text])),
    );
  };
  const view = (path: string): unknown => {
    if (path.endsWith('/pulls/13'))
      return {
        number: 13,
        state: pull.merged ? 'closed' : 'open',
        merged: pull.merged,
        merge_commit_sha: pull.merged ? 'b'.repeat(40) : null,
        merged_by: null,
        head: { sha: pull.head },
        base: { ref: 'main' },
        user: { login: 'vigil[bot]' },
        commits: 1,
        changed_files: Object.keys(pull.files).length,
      };
    // Whoever pushes may name anybody as author and committer: here it is always somebody else.
    if (path.endsWith('/commits')) return [{ author: { login: 'nobody' }, committer: { login: 'nobody' } }];
    if (path.endsWith('/files'))
      return Object.keys(pull.files).map((name) => ({ filename: `${folder}/${name}` }));
    if (path.endsWith('/reviews'))
      return reviews.map((review) => ({
        user: { login: review.login, type: 'User' },
        state: 'APPROVED',
        commit_id: review.commit,
        submitted_at: review.at,
      }));
    if (path.endsWith('/permission')) return { permission: 'write' };
    // Of a push whose event is lost, GitHub tells nothing here.
    if (path.endsWith('/activity')) return [];
    throw new Error(`nobody expected a request for ${path}`);
  };
  const octokit = new ProbotOctokit({
    throttle: { enabled: false },
    retry: { enabled: false },
    request: {
      fetch: async (url: string) => Response.json(view(new URL(url).pathname)),
    },
  });
  const world: World = {
    ...hearing(ledger),
    now: () => new Date(clock),
    repo: {
      octokit: async () => octokit,
      owner: 'acme',
      repo: 'production',
      branch: 'main',
      appSlug: 'vigil',
    },
    clone: on.clone,
    source: async () => source(),
    cachedSource: async () => source(),
    owner: { replica: 'r1', boot: 'b1' },
    policy,
  };
  on.serve(world);
  const say = async (facts: readonly Fact[]): Promise<boolean> => {
    clock += 2000;
    const written = await ledger.append(KEY, () => ({ facts, actor: { kind: 'app' }, at: new Date(clock) }));
    return written.ok;
  };
  const chain: Chain = {
    bound: () => bound(pull.merged ? main.folder : pull.files),
    async push(by, change, told) {
      if (pull.head === '' || pull.merged) return;
      const before = pull.head;
      const files = change(pull.files);
      pull.head = commit(files);
      // Whoever leaves the bytes as they are wrote nothing, and Vigil's own bytes are nobody else's.
      const wrote = equal(files, pull.files) ? pull.pushers : [...pull.pushers, by];
      Object.assign(pull, { files, pushers: equal(files, pull.own) ? [] : wrote });
      if (told) await say([{ type: 'pull.pushed', data: { by, head: pull.head, before } }]);
    },
    back: (by, told) => chain.push(by, () => pull.own, told),
    onMain(change) {
      main = change(main);
    },
    restart(version) {
      policy = version;
      world.policy = version;
    },
    wait(hours) {
      clock += hours * HOUR;
    },
    seen,
    ran,
    incident,
  };

  const gate = () => {
    const { settings, settingsSha256 } = source();
    const files = { ...main.folder };
    const now = incident();
    const proposal = latestOf(now, 'remediation.proposed');
    const path = proposal?.runbook?.path;
    const cited = source().runbooks.find((one) => one.path === path);
    const onMain = { files, runbookSha256: cited?.sha256 ?? null };
    const decision = mayRun({
      incident: now,
      onMain,
      settings,
      settingsSha256,
      held: holdOn(ledger.held(), now) !== null,
      leasedTo: ledger.leaseHolder('shop', KEY),
      changes: [],
      now: new Date(clock),
      policy,
    });
    const digest = proposal
      ? digestOfProposal(proposalOnMain(proposal, onMain), settings, settingsSha256, policy)
      : '';
    return { ok: decision.ok, files, digest, bound: bound(files) };
  };
  const post = async (facts: readonly Fact[]): Promise<boolean> => {
    const body = JSON.stringify({ incident: KEY, attempt: 1, facts });
    const headers = { authorization: 'Bearer a-token' };
    return (await fetch(on.door.url, { method: 'POST', headers, body })).ok;
  };
  const propose = async (): Promise<boolean> => {
    const { runbooks, settings } = source();
    const planned = plan(incident(), runbooks, settings);
    if (!planned.ok) return false;
    const files = { ...planned.files, 'remediation.yml': 'v: 1\n' };
    return say([
      { type: 'remediation.proposed', data: { ...planned.proposal, files } },
      fact('remediation.rehearsed'),
    ]);
  };
  const open = async (): Promise<void> => {
    const proposal = latestOf(incident(), 'remediation.proposed');
    const judged = latestOf(incident(), 'remediation.judged');
    if (!proposal || !judged) return;
    const files = Object.fromEntries(
      Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
    if (!proposal.pushed) pull.own = files;
    if (!proposal.pushed && !equal(files, pull.files))
      Object.assign(pull, { head: sha256(`${clock}`).slice(0, 40), files, pushers: [] });
    const head = proposal.pushed?.head ?? pull.head;
    await say([fact('pull.opened', { head, branch, digest: judged.digest })]);
  };
  const review = (login: string): void => {
    clock += 2000;
    reviews.push({ login, commit: pull.head, at: `${new Date(clock).toISOString().slice(0, 19)}Z` });
    seen.push({ by: login, bound: bound(pull.files), pushedBy: pull.pushers, at: clock });
  };
  const reached = new Set<Moment>();
  const reach = async (moment: Moment): Promise<void> => {
    if (reached.has(moment)) return;
    reached.add(moment);
    await at(moment, chain);
  };

  await reach('before the proposal');
  for (let turn = 0; turn < 40 && incident().stage === 'SYNTHESIZING'; turn++) {
    const now = incident();
    const has = (type: Parameters<typeof latestOf>[1]): boolean => latestOf(now, type) !== null;
    if (!has('remediation.proposed')) {
      if (!(await propose())) break;
      await reach('before the judgement');
    } else if (!has('remediation.judged')) {
      await say((await judgeNow(world, now)).facts);
      await reach('before the pull request');
    } else if (!has('pull.opened') && !has('pull.merged')) {
      const news = await observePull(world, now);
      if (news.length > 0) await say(news);
      else await open();
    } else if (has('pull.merged')) {
      await reach('after the merge');
      if (!gate().ok) break;
      await reach('between the gates');
      const last = gate();
      if (!last.ok) break;
      await reach('between gate and claim');
      if (!(await post([fact('remediation.started', { digest: last.digest })]))) break;
      ran.push({ what: 'fix', bound: last.bound, at: clock });
    } else if (has('remediation.approved')) {
      await reach('after the approval');
      const news = await observePull(world, incident());
      const approved = latestOf(incident(), 'remediation.approved');
      if (news.length > 0) await say(news);
      else if (approved?.head === pull.head) {
        // GitHub: what is merged is the expected head, or nothing.
        Object.assign(pull, { merged: true });
        main = { ...main, folder: { ...pull.files } };
        await say([fact('pull.merged')]);
      }
    } else {
      await reach('before the review');
      const asked = seen.length === 0 || again;
      const news = await observePull(world, incident());
      if (news.length > 0) await say(news);
      else if (asked && seen.length < 5) {
        review(reviewer);
        await reach('after the review');
        await say(await observePull(world, incident()));
      } else break;
    }
  }
  if (incident().stage === 'EXECUTING') {
    await say([fact('remediation.finished')]);
    await say([fact('recovery.refuted', { worse: 'home was green and is red' })]);
    await reach('before the undo');
    const { settings, settingsSha256 } = source();
    const files = { ...main.folder };
    const now = new Date(clock);
    const undo = approvedUndo({ incident: incident(), files, settings, settingsSha256, policy, now });
    if (undo.ok && (await post([fact('undo.started')])))
      ran.push({
        what: 'undo',
        bound: { ...bound(files), files: { ...files, 'undo.sh': undo.script } },
        at: clock,
      });
  }
  return chain;
}
