// Follows one build of one workspace until it can be said what became of its script. Remembers what each look showed, since what
// is visible now may be gone with the next one. Must never judge by "the latest": only by the build that the creation returned,
// by the agent without a parent, and by the script of that name.
import type { ScriptOutcome } from '#core/ledger/executed';
import { DISCONNECTED_MS, HIDDEN_MS, type Stage, stageMs, UNTAKEN_MS, WITNESS_MS } from './clocks.ts';
import {
  type Agent,
  agentsOf,
  type Build,
  type JobStatus,
  type Look,
  type Row,
  scriptOf,
  type Workspace,
} from './read.ts';
import { type Exit, judge, lastLines, type Verdict } from './witnesses.ts';
import { endedWithoutWitness, replaced, said, stageOver, waitsFor } from './words.ts';

export type Memory = {
  readonly build: string;
  readonly nonce: string;
  readonly timeoutSeconds: number;
  stage: Stage;
  /** When this stage, and each state that must not last, began; in ms. */
  since: Map<Stage | 'closing' | 'untaken' | 'hidden' | 'refused' | 'disconnected', number>;
  agent: Agent | null;
  exit: Exit | null;
  rows: Map<number, Row>;
};

/**
 * What to do next. `wait`: look again; the sentence says what for. `end`: that became of it. `prove`: nothing of it should have
 * run, and that is shown by taking the workspace away: then it is `outcome`, else unknown.
 */
export type Next =
  | { do: 'wait'; for: string }
  | {
      do: 'end';
      verdict: Verdict | { known: true; outcome: ScriptOutcome; exit: null; said: 'place'; why: string };
    }
  | { do: 'prove'; outcome: 'provision_failed' | 'agent_never_connected'; why: string };

const wait = (sentence: string): Next => ({ do: 'wait', for: sentence });
const lost = (reason: string): Next => ({ do: 'end', verdict: { known: false, reason } });

/** By the witnesses that there are; where there is none, it is unknown for this reason. `now`: nothing more can come. */
function byWitness(memory: Memory, waited: boolean, reason: string): Next | null {
  const verdict = judge(memory.exit, lastLines(memory.rows.values(), memory.nonce), waited);
  if (verdict) return { do: 'end', verdict };
  return waited ? lost(reason) : null;
}

/** How long this has been so, in ms; `false` forgets it. */
function lasting(
  memory: Memory,
  what: 'closing' | 'untaken' | 'hidden' | 'refused' | 'disconnected',
  is: boolean,
  now: number,
): number {
  const since = memory.since.get(what);
  if (!is) memory.since.delete(what);
  else if (since === undefined) memory.since.set(what, now);
  return is ? now - (since ?? now) : 0;
}

function enter(memory: Memory, stage: Stage, now: number): boolean {
  if (memory.stage !== stage || !memory.since.has(stage))
    memory.since.set(stage, memory.since.get(stage) ?? now);
  memory.stage = stage;
  return now - (memory.since.get(stage) ?? now) >= stageMs(stage, memory.timeoutSeconds);
}

/** Whether the clock of the stage that was seen last is over, when nothing was seen this time. */
const isLate = (memory: Memory, now: number): boolean => enter(memory, memory.stage, now);

/** After a look that may have shown nothing. */
export function next(memory: Memory, look: Look, now: number): Next {
  const hidden = lasting(memory, 'hidden', look.is === 'hidden', now);
  const refused = lasting(memory, 'refused', look.is === 'refused', now);
  if (look.is === 'live' || look.is === 'deleted') return afterLook(memory, look.workspace, now);
  const { is, words } = look;
  if (is === 'hidden' && hidden >= HIDDEN_MS)
    return byWitness(memory, true, said.hidden(words)) ?? lost(words);
  // A token that was refused twice in a row does not come back by waiting.
  if (is === 'refused' && refused > 0) return byWitness(memory, true, said.refused(words)) ?? lost(words);
  const closing = memory.since.get('closing');
  if (closing !== undefined && now - closing >= WITNESS_MS)
    return byWitness(memory, true, said.unread(words)) ?? lost(words);
  if (isLate(memory, now)) return byWitness(memory, true, said.unread(words)) ?? lost(words);
  return byWitness(memory, false, '') ?? wait(said.unread(words));
}

function afterLook(memory: Memory, { latest_build: build }: Workspace, now: number): Next {
  if (build.id !== memory.build) {
    if (build.transition === 'start') return lost(replaced(build));
    return byWitness(memory, true, replaced(build)) ?? lost(replaced(build));
  }
  return afterJob[build.job.status](memory, build, now);
}

/** One answer for each state of our build's job: https://coder.com/docs/reference/api/schemas#codersdkprovisionerjobstatus */
const afterJob: Record<JobStatus, (memory: Memory, build: Build, now: number) => Next> = {
  pending(memory, build, now) {
    const late = enter(memory, 'queue', now);
    const untaken = lasting(memory, 'untaken', build.matched_provisioners?.count === 0, now);
    if (untaken >= UNTAKEN_MS) return { do: 'prove', outcome: 'provision_failed', why: said.untaken };
    if (late) return { do: 'prove', outcome: 'provision_failed', why: stageOver.queue };
    return waiting(build);
  },
  running: building,
  canceling: building,
  unknown: building,
  failed: (_, { job }) => ({
    do: 'end',
    // A build that failed has put no agent into place, whose token would be unknown.
    verdict: {
      known: true,
      outcome: 'provision_failed',
      exit: null,
      said: 'place',
      why: said.failed(job.error),
    },
  }),
  canceled(memory, build, now) {
    // Its agent may be in place all the same, and runs the script then.
    if (agentsOf(build).length === 0) return { do: 'prove', outcome: 'provision_failed', why: said.canceled };
    return afterAgents(memory, build, now, said.canceled);
  },
  succeeded: (memory, build, now) => afterAgents(memory, build, now, null),
};

function building(memory: Memory, build: Build, now: number): Next {
  if (enter(memory, 'build', now)) return { do: 'prove', outcome: 'provision_failed', why: stageOver.build };
  return waiting(build);
}

const waiting = (build: Build): Next => wait(waitsFor[build.job.status]?.(build) ?? 'its workspace is there');

/** `doubt`: why nothing may be known of it, whatever the agent does. */
function afterAgents(memory: Memory, build: Build, now: number, doubt: string | null): Next {
  const agents = agentsOf(build);
  const [agent] = agents;
  if (!agent || agents.length > 1) {
    if (agents.length > 1) return lost(said.agents(agents.length));
    if (enter(memory, 'agent', now))
      return { do: 'prove', outcome: 'agent_never_connected', why: stageOver.agent };
    return wait('its agent is not there yet');
  }
  const before = memory.agent;
  memory.agent = agent;
  const script = scriptOf(agent);
  const exit = script?.exit_code === undefined ? null : { code: script.exit_code, status: script.status };
  if (before && begunAgain(before, agent, memory.exit, exit)) return lost(said.twice);
  memory.exit ??= exit;
  if (agent.status === 'connecting' || agent.status === 'timeout') {
    if (agent.first_connected_at == null) {
      if (!enter(memory, 'agent', now)) return wait('its agent has not connected yet');
      return { do: 'prove', outcome: 'agent_never_connected', why: doubt ?? stageOver.agent };
    }
  }
  const away = lasting(memory, 'disconnected', agent.status === 'disconnected', now);
  return afterLife[agent.lifecycle_state](memory, agent, now, { script: script !== null, away, doubt });
}

/** The same agent, whose script had ended, is at its beginning again, or shows another end. */
function begunAgain(before: Agent, agent: Agent, had: Exit | null, has: Exit | null): boolean {
  if (before.id !== agent.id) return true;
  const other = had !== null && has !== null && (had.code !== has.code || had.status !== has.status);
  const again = finals.has(before.lifecycle_state) && ['created', 'starting'].includes(agent.lifecycle_state);
  return other || again || (had !== null && has === null);
}

type Life = Agent['lifecycle_state'];
type Seen = { script: boolean; away: number; doubt: string | null };
const finals: ReadonlySet<Life> = new Set(['ready', 'start_error', 'start_timeout']);

/** One answer for each state of the agent: https://coder.com/docs/reference/api/schemas#codersdkworkspaceagentlifecycle */
const afterLife: Record<Life, (memory: Memory, agent: Agent, now: number, seen: Seen) => Next> = {
  created: atWork,
  starting: atWork,
  unknown: atWork,
  ready: atEnd,
  start_error: atEnd,
  start_timeout: atEnd,
  shutting_down: leaving,
  shutdown_timeout: leaving,
  shutdown_error: leaving,
  off: leaving,
};

function atWork(memory: Memory, _: Agent, now: number, { away, doubt }: Seen): Next {
  const sure = byWitness(memory, false, '');
  if (sure) return sure;
  if (away >= DISCONNECTED_MS) return byWitness(memory, true, said.disconnected) ?? lost(said.disconnected);
  if (enter(memory, 'script', now))
    return byWitness(memory, true, doubt ?? stageOver.script) ?? lost(stageOver.script);
  return wait(away > 0 ? 'its agent has lost its connection' : 'it runs');
}

function atEnd(memory: Memory, agent: Agent, now: number, { script, doubt }: Seen): Next {
  const closing = lasting(memory, 'closing', true, now);
  const sure = byWitness(memory, false, '');
  if (sure) return sure;
  // What was cut out of the log does not come any more.
  const cutOff = agent.logs_overflowed && memory.exit !== null && closing > 0;
  if (closing < WITNESS_MS && !cutOff) return wait('it has ended; its log is still on its way');
  const reason = doubt ?? (script ? endedWithoutWitness(agent) : said.noScript);
  if (agent.lifecycle_state === 'start_timeout' && memory.exit === null && script && doubt === null)
    return (
      byWitness({ ...memory }, false, '') ?? {
        do: 'end',
        verdict: { known: true, outcome: 'timed_out', exit: null, said: 'place', why: stageOver.script },
      }
    );
  return byWitness(memory, true, reason) ?? lost(reason);
}

function leaving(memory: Memory, { lifecycle_state: state }: Agent, now: number): Next {
  const closing = lasting(memory, 'closing', true, now);
  return byWitness(memory, closing >= WITNESS_MS, said.leaving(state)) ?? wait(said.leaving(state));
}
