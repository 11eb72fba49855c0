// The jobs of respond.yml and remediate.yml, played: each asks the ledger whether it is due, as a job does, and posts the facts
// a real one would, with its own OIDC token. It must never post for a job that is not due, unless a test says so.
import { setTimeout as pause } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { type Job, jobDue } from '#core/incident/job-due';
import { matchRunbooks } from '#core/knowledge/context';
import type { Fact } from '#core/ledger/facts';
import { workspaceName } from '#core/ledger/incident-key';
import { type Incident, latestOf } from '#core/ledger/replay';
import { plan } from '#core/proposal/planner';
import { serviceOf } from '#core/settings';
import { fact } from './incidents.ts';
import { incidentThat } from './quick-people.ts';
import type { QuickWorld } from './quick-world.ts';

export type Said = { status: number; body: unknown };

/** Posts facts in a job's name; an app that is away is asked again, as the real jobs do. */
export async function say(
  world: QuickWorld,
  run: number,
  job: Job,
  incident: Pick<Incident, 'key' | 'attempt'>,
  facts: readonly Fact[],
  evidence: readonly object[] = [],
): Promise<Said> {
  const authorization = `Bearer ${await world.jobs.tokenOf(run, job)}`;
  const body = JSON.stringify({ incident: incident.key, attempt: incident.attempt, facts, evidence });
  for (const end = Date.now() + world.patienceMs; Date.now() < end; await pause(40)) {
    const answer = await fetch(`${world.app()}/facts`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body,
      signal: AbortSignal.timeout(15_000),
    }).catch(() => null);
    if (answer && answer.status < 500) return { status: answer.status, body: await answer.json() };
  }
  throw new Error(`nobody took ${facts.map(({ type }) => type).join(', ')} of ${job}`);
}

/** The run of this workflow for the incident's attempt, once the app has dispatched it. `more`: what else is in its title. */
export async function runOf(
  world: QuickWorld,
  workflow: 'respond' | 'remediate',
  { key, attempt }: Pick<Incident, 'key' | 'attempt'>,
  more = '',
): Promise<number> {
  const title = `${workflow} ${key} attempt ${attempt}${more}`;
  for (const end = Date.now() + world.patienceMs; Date.now() < end; await pause(15)) {
    const run = world.jobs.runs.find(({ state }) => state.displayTitle === title);
    if (run) return run.state.id;
  }
  throw new Error(`nobody dispatched "${title}"; the incident is ${(await world.incident(key))?.stage}`);
}

/** Plays one job: nothing when its step is not due; throws when the app refuses what it says. */
async function play(
  world: QuickWorld,
  run: number,
  job: Job,
  key: string,
  facts: (incident: Incident) => readonly Fact[],
  evidence: readonly object[] = [],
): Promise<void> {
  const incident = await world.incident(key);
  if (!incident || !jobDue(incident, job, incident.attempt).due) return;
  for (const one of groups(facts(incident))) {
    const said = await say(world, run, job, incident, one, evidence);
    if (said.status > 202) throw new Error(`${job} was refused: ${said.status} ${JSON.stringify(said.body)}`);
  }
}

/** What a job says at once: the evidence with what follows from it; everything else by itself. */
function groups(facts: readonly Fact[]): Fact[][] {
  return facts[0]?.type === 'evidence.gathered' ? [[...facts]] : facts.map((one) => [one]);
}

const samples = (outcome: 'pass' | 'fail') =>
  [0, 1, 2].map((index) => ({
    ...{ check: 'order', at: 1_793_674_800_000 + index * 1000, ms: 40, outcome, engine: 'http' as const },
    ...{ reason: outcome === 'fail' ? 'the order was not taken' : '', overruled: null },
  }));

/** `decides`: what decide says in place of the planner's proposal. */
export type Respond = {
  rehearsal?: 'red' | 'absent';
  beforeRehearsal?: () => Promise<unknown>;
  decides?: (planned: Fact[]) => Fact[];
  /** What the run's title holds besides. */
  more?: string;
};

/** orient, decide and rehearse of the attempt that runs now. */
export async function playRespond(world: QuickWorld, key: string, how: Respond = {}): Promise<number> {
  const incident = await incidentThat(world, key, 'is known', () => true);
  const run = await runOf(world, 'respond', incident, how.more);
  const evidence = { id: 'alert-1', source: 'pagerduty', title: 'Orders fail', text: 'status: 500' };
  await play(world, run, 'orient', key, orient(world), [evidence]);
  const decides = how.decides ?? ((planned: Fact[]) => planned);
  await play(world, run, 'decide', key, (incident) => decides(propose(world)(incident)));
  await how.beforeRehearsal?.();
  const reason = how.rehearsal === 'absent' ? 'order was green 3 of 3 times' : 'order was red 3 of 3 times';
  await play(world, run, 'rehearse', key, () => [
    how.rehearsal === 'absent'
      ? fact('symptom.absent', { samples: samples('pass'), reason, alert: 'unknown' })
      : fact('remediation.rehearsed', { samples: samples('fail'), reason }),
  ]);
  world.jobs.end(run, 'success');
  return run;
}

const orient =
  (world: QuickWorld) =>
  ({ opened }: Incident): Fact[] => {
    const service = serviceOf(world.settings, opened.service.id)?.name ?? '';
    const matches = matchRunbooks(world.runbooks, { service, title: opened.title, text: '' });
    return [
      fact('evidence.gathered', { branch: '', items: [], missing: [] }),
      fact('hypothesis.received', { text: `${opened.title}.`, evidence: ['alert-1'] }),
      fact('context.retrieved', { matches, threshold: 85 }),
    ];
  };

const propose =
  (world: QuickWorld) =>
  (incident: Incident): Fact[] => {
    const planned = plan(incident, world.runbooks, world.settings);
    if (!planned.ok) return [fact('incident.escalated', { code: planned.code, reason: planned.reason })];
    const files = { ...planned.files, 'remediation.yml': dump(planned.manifest, { noRefs: true }) };
    return [{ type: 'remediation.proposed', data: { ...planned.proposal, files } }];
  };

export type Remediate = {
  execute?: 'succeeded' | 'failed' | 'lost' | 'vanishes';
  verify?: 'confirmed' | 'refuted' | 'worse' | 'inconclusive' | 'vanishes';
  undo?: 'succeeded' | 'failed';
};

/** execute, verify, undo and conclude. `vanishes`: the run fails there, without another word. */
export async function playRemediate(world: QuickWorld, key: string, how: Remediate = {}): Promise<number> {
  const { attempt } = await incidentThat(world, key, 'is known', () => true);
  const run = await runOf(world, 'remediate', { key, attempt });
  const name = workspaceName(key, attempt);
  const { execute = 'succeeded', verify = 'confirmed', undo = 'succeeded' } = how;
  const url = `${world.github.web}/actions/runs/${run}`;
  await play(world, run, 'execute', key, (incident) => [
    fact('remediation.started', {
      ...{ workspace: name, run: { id: run, url }, samples: samples('fail') },
      digest: latestOf(incident, 'remediation.approved')?.digest ?? '',
    }),
  ]);
  if (execute === 'vanishes') return ended(world, run);
  await outcome(world, run, key, name, execute);
  if (verify === 'vanishes') return ended(world, run);
  await play(world, run, 'verify', key, () => [recovery(verify)]);
  await play(world, run, 'undo', key, () => undoing(`${name}-undo`, { id: run, url }, undo));
  await play(world, run, 'conclude', key, () => [
    fact('incident.learned', { effectiveness: verify === 'confirmed' ? 100 : 0, summary: 'It was tried.' }),
  ]);
  world.jobs.end(run, 'success');
  return run;
}

/** The undo of an act whose time has come, in the run that the app dispatches for it. */
export async function playPutBack(
  world: QuickWorld,
  key: string,
  how: 'succeeded' | 'failed' = 'succeeded',
): Promise<number> {
  const { attempt, latest } = await incidentThat(
    world,
    key,
    'is due to be put back',
    (seen) => seen.latest['putback.due'] !== undefined,
  );
  const run = await runOf(world, 'remediate', { key, attempt }, ` undo ${latest['putback.due']?.seq}`);
  const url = `${world.github.web}/actions/runs/${run}`;
  const workspace = `${workspaceName(key, attempt)}-undo`;
  await play(world, run, 'undo', key, () => undoing(workspace, { id: run, url }, how));
  world.jobs.end(run, 'success');
  return run;
}

function ended(world: QuickWorld, run: number): number {
  world.jobs.end(run, 'failure');
  return run;
}

/** What became of the script; a workspace is deleted only when its outcome is known. */
async function outcome(
  world: QuickWorld,
  run: number,
  key: string,
  workspace: string,
  how: 'succeeded' | 'failed' | 'lost',
): Promise<void> {
  const incident = await world.incident(key);
  if (incident?.stage !== 'EXECUTING') return;
  const ran = { workspace, ms: 1500, output: '' };
  const facts: Fact[] =
    how === 'lost'
      ? [fact('remediation.lost', { reason: 'the workspace stopped answering', workspace })]
      : [
          fact('remediation.finished', {
            ...ran,
            ...(how === 'failed' ? { ok: false, outcome: 'failed', exit: 22 } : {}),
          }),
          fact('workspace.deleted', { workspace }),
        ];
  for (const one of facts) await say(world, run, 'execute', incident, [one]);
}

function recovery(how: 'confirmed' | 'refuted' | 'worse' | 'inconclusive'): Fact {
  const ms = 4200;
  if (how === 'confirmed')
    return fact('recovery.confirmed', {
      samples: samples('pass'),
      reason: 'order was green 5 of 5 times',
      ms,
    });
  const worse = how === 'worse' ? { worse: 'home was green before the run and is red' } : {};
  return how === 'refuted' || how === 'worse'
    ? fact('recovery.refuted', {
        ...{ samples: samples('fail'), reason: 'order was red 3 of 5 times', ms },
        ...worse,
      })
    : fact('recovery.inconclusive', { samples: [], reason: 'the browser was lost', ms });
}

function undoing(workspace: string, run: { id: number; url: string }, how: 'succeeded' | 'failed'): Fact[] {
  const failed = { ok: false, outcome: 'failed' as const, exit: 1, snapshot: 'different' as const };
  return [
    fact('undo.started', { workspace, run }),
    fact('undo.finished', {
      ...{ workspace, ms: 900, output: '', snapshot: 'equal' },
      ...(how === 'failed' ? failed : {}),
    }),
    fact('workspace.deleted', { workspace }),
  ];
}
