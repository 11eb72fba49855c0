// Every number of time that must agree with another: how long jobs may run, what a job needs besides its own work, and so how long
// a script, a look and a workspace may last. Must never be written down a second time: a test holds the workflows to this table.
import type { Settings } from '#core/settings';
import { loadsTake, sessionsTake } from '#core/verification/bursts';
import { type Check, longest, rateOf, singles } from '#core/verification/checks';
import { lastLook } from '#core/verification/last-look';
import type { VerifyPlan } from '#core/verification/plan';
import { ruleFor } from '#core/verification/rule';

/** `timeout-minutes` of each job in .github/workflows. A job that is cut there ends without a word. */
export const jobMinutes = {
  orient: 10,
  decide: 15,
  /** As long as a verification: what it measures is part of one. */
  measure: 30,
  /** It waits until all else is well, and then a crowd takes its time. */
  load: 30,
  rehearse: 15,
  /** A workspace that stays, a place in Coder's queue and an app that is away, one after the other, before and after the script. */
  execute: 90,
  verify: 30,
  undo: 90,
  conclude: 10,
  ingest: 20,
  /** Two rounds of removals, each side by side. */
  watch: 30,
} as const;

/** What a job does besides its own work, in seconds and at most. */
export const jobSeconds = {
  /** To its clone, its ledger and main; git is asked again for 240 s of them while it is away. */
  begin: 300,
  /** A look whether it is red, before anybody is asked and again before a script runs. */
  red: 300,
  /**
   * Until a workspace's agent is there: a place in Coder's queue and the build, 600 s, then the agent, another 600. Coder itself lets
   * a build wait for half an hour; whoever waits for a remediation has better uses for it.
   */
  provision: 1200,
  /** The agent's part of it, as long as a virtual machine's may take: a time-to-live counts from the end of the build. */
  connect: 600,
  /** Until the app has taken what came of it; an outcome is worth more time than other facts. */
  deliver: 600,
  tell: 240,
  /** Until a workspace is gone: its end may stand in Coder's queue, a machine takes minutes to go, and what fails is asked again. */
  remove: 600,
  /** For a machine that is slow. */
  slack: 200,
} as const;

const { begin, red, provision, connect, deliver, tell, remove, slack } = jobSeconds;

/** Workspaces are removed twice: what an earlier script left, and its own. */
export const MOST_SCRIPT_S =
  jobMinutes.execute * 60 - begin - remove - red - provision - deliver - remove - slack;
export const MOST_GREEN_S = jobMinutes.verify * 60 - begin - tell - slack;
export const MOST_RED_S = red;
export const MOST_LOAD_S = jobMinutes.load * 60 - begin - tell - slack;
/** So long a shard waits until all else is well. The rest of its time is for the swarm. */
export const GATE_S = 300;
/** After its start, until a job has said how a script ended. */
export const SCRIPT_MARGIN_S = provision + deliver + slack;
/** How long a job may wait for a runner. */
const RUNNER_S = 900;
/** Three jobs look one after the other: load where a swarm has shards, measure where a check needs a key, and verify. */
const LOOKING_S = 2 * RUNNER_S + (jobMinutes.load + jobMinutes.measure + jobMinutes.verify) * 60;
/** What measure saw is too old for the job after it when that had to wait longer than this for its runner. */
export const MEASURED_MS = (RUNNER_S + begin) * 1000;
/** After the script's end, until a job has said what it saw. */
export const VERIFY_LIMIT_S = remove + RUNNER_S + LOOKING_S;
/** After a look was asked for, or should have been: the job before it has nothing to do, and all wait for a runner. */
export const LOOK_LIMIT_S = RUNNER_S + begin + RUNNER_S + LOOKING_S;

/**
 * How long a workspace must live at least, from the end of its build: until its agent is there, the script is over and the outcome
 * is delivered, nobody else has it. Coder stops what lives longer, and a stop in the middle leaves an outcome that nobody knows.
 */
export const leastTtlMinutes = (scriptSeconds: number): number =>
  Math.ceil((scriptSeconds + connect + deliver) / 60);

/** A setting that does not fit: its path, and what would. */
export type Misfit = { path: readonly string[]; cause: string; cure: string };

export function misfits({ timeouts, workspace }: Pick<Settings, 'timeouts' | 'workspace'>): Misfit[] {
  const { script_seconds: script, verify_seconds: verify } = timeouts;
  const { ttl_minutes: ttl } = workspace;
  const least = leastTtlMinutes(Math.min(script, MOST_SCRIPT_S));
  const most = Math.max(0, ttl * 60 - connect - deliver);
  const wrong: (Misfit | false)[] = [
    script > MOST_SCRIPT_S && {
      path: ['timeouts', 'script_seconds'],
      cause: `timeouts.script_seconds is ${script}, and the job that runs a script is cut after ${jobMinutes.execute} minutes, so that it would be lost`,
      cure: `Set it to at most ${MOST_SCRIPT_S}`,
    },
    verify > MOST_GREEN_S && {
      path: ['timeouts', 'verify_seconds'],
      cause: `timeouts.verify_seconds is ${verify}, and the job that verifies is cut after ${jobMinutes.verify} minutes, so that nobody would hear what it saw`,
      cure: `Set it to at most ${MOST_GREEN_S}`,
    },
    ttl < least && {
      path: ['workspace', 'ttl_minutes'],
      cause: `workspace.ttl_minutes is ${ttl}, and a script of ${script} s may need its workspace for ${least}: it would be stopped on its way`,
      cure: `Set it to at least ${least}${most > 0 ? `, or timeouts.script_seconds to at most ${most}` : ''}`,
    },
  ];
  return wrong.filter((one) => one !== false);
}

/**
 * The same for a verification: how long its looks are spread, and how long those take that open many sessions. Time to settle is the
 * app's to wait out, and no job's.
 */
export function planMisfits(plan: VerifyPlan, { timeouts }: Pick<Settings, 'timeouts'>): Misfit[] {
  const { symptom } = plan;
  const green = Math.min(timeouts.verify_seconds, MOST_GREEN_S);
  const rows = [
    ['red', MOST_RED_S, `a look whether it is red may last ${MOST_RED_S} s`],
    ['green', green, `timeouts.verify_seconds of vigil.yml is ${timeouts.verify_seconds}`],
  ] as const;
  const spread = rows.flatMap(([which, most, because]) => {
    const { over_s: over } = symptom[which];
    if (over <= most) return [];
    return [
      {
        path: ['symptom', which, 'over_s'],
        cause: `symptom.${which}.over_s is ${over}, and ${because}`,
        cure: `Set it to at most ${most}`,
      },
    ];
  });
  const long = rows.flatMap(([which, most, because]) => {
    const look = sessionSeconds(plan, which);
    const { of } = symptom[which];
    if (look * of <= most) return [];
    return [
      {
        path: ['symptom', which, 'of'],
        cause: `${of} looks whose sessions take ${look} s each, and more when the service is slow, are ${look * of} s, and ${because}`,
        cure: 'Open fewer sessions a look, or take fewer looks',
      },
    ];
  });
  const swarms = rows.flatMap(([which]) => {
    const last = lastLook(plan, which)?.swarm;
    if (last === undefined) return [];
    // Shards have a job of their own.
    const alone = which === 'green' && last.shards > 1;
    const most = which === 'red' ? MOST_RED_S : alone ? MOST_LOAD_S - GATE_S : MOST_GREEN_S;
    const waited = which === 'green' && plan.settle !== undefined ? green : 0;
    const takes = Math.ceil((alone ? 0 : waited + symptom[which].over_s) + longest(last));
    if (takes <= most) return [];
    return [
      {
        path: ['checks', String(plan.checks.indexOf(last)), 'begins_s'],
        cause: `the swarm ${last.id} may end ${takes} s after the first look, and a look whether it is ${which} may last ${most} s`,
        cure: 'Set begins_s or timeout_s of the swarm to less, or take fewer sessions',
      },
    ];
  });
  return [...spread, ...long, ...swarms];
}

/** What the sessions of one look take together while the service is well: checks look one after the other. */
function sessionSeconds(plan: VerifyPlan, which: 'red' | 'green'): number {
  const { checks } = ruleFor(plan, which);
  const looked = singles(plan.checks).filter(({ id, kind }) => kind !== 'http' && checks.includes(id));
  const takes = (check: Check): number =>
    check.kind === 'performance' ? loadsTake(check.loads) : sessionsTake(rateOf(check)?.of ?? 0);
  return looked.reduce((seconds, check) => seconds + takes(check), 0);
}
