// Workspaces and their builds: what is created, runs, is stopped, started again, canceled and deleted. It must never run a
// script outside bubblewrap unless its exact bytes are the demo's own. https://coder.com/docs/reference/api/workspaces
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Reason, Transition } from '#adapters/workspace/coder/shapes';
import { type Agent, openAgent, type Upload } from './agent.ts';
import {
  active,
  type BuildBody,
  mark,
  newBuild,
  newResource,
  newWorkspace,
  now,
  type Template,
} from './bodies.ts';
import { enclose, type Isolation } from './isolation.ts';
import { startScript, type Values } from './template.ts';

export type Build = { body: BuildBody; logs: ReturnType<typeof newLine>[]; agents: Agent[] };
export type Workspace = {
  body: ReturnType<typeof newWorkspace>;
  values: Values;
  builds: [Build, ...Build[]];
  deleted: boolean;
};
/** How the deployment behaves; tests and the sandbox change it while it runs. Times in milliseconds. */
export type Ways = {
  /** How many provisioners there are. With none, builds stay pending. */
  provisioners: number;
  queueMs: number;
  provisionMs: number;
  /** Until the agent connects after its build; null when it never does. */
  connectMs: number | null;
  connectionTimeoutMs: number;
  upload?: Upload;
  archived: boolean;
  /** What the next start build fails with. */
  failStart: { error: string; error_code?: string } | null;
  /** How many delete builds will fail. */
  failDeletes: number;
};
export const usual: Ways = {
  ...{ provisioners: 1, queueMs: 20, provisionMs: 0, connectMs: 0, connectionTimeoutMs: 120_000 },
  ...{ archived: false, failStart: null, failDeletes: 0 },
};
export type Site = {
  dir: string;
  image: string;
  bwrap: string;
  isolation: Isolation;
  template: Template;
  ways: Ways;
  trusted: (sha256: string) => boolean;
};

/** Linux gives one argument or variable at most 128 KiB, name included; Coder passes each parameter as one. */
const longestValue = 130_990;
let lines = 0;
const newLine = (output: string, log_level: 'info' | 'error') => {
  lines += 1;
  return { id: lines, created_at: now(), log_source: 'provisioner', log_level, stage: 'Applying', output };
};

export const latest = ({ builds }: Workspace): Build => builds.at(-1) ?? builds[0];
/** What the server tells of a workspace. */
export function shown(workspace: Workspace) {
  const { agents, body } = latest(workspace);
  for (const { body: agent, rows } of agents)
    agent.logs_length = rows().reduce((sum, { output }) => sum + Buffer.byteLength(output), 0);
  const failing = agents.filter(({ body: agent }) => !agent.health.healthy).map(({ body: { id } }) => id);
  const health = { healthy: failing.length === 0, failing_agents: failing };
  return { ...workspace.body, latest_build: body, health };
}

export type Yard = ReturnType<typeof openYard>;

/** All workspaces of the one owner, living in folders under `site.dir`. */
export function openYard(site: Site) {
  const all: Workspace[] = [];
  const { ways, template } = site;
  let closed = false;
  const folder = ({ body }: Workspace) => join(site.dir, body.id);
  const wait = (ms: number) => pause(ms, undefined, { ref: false });
  const refusal = ({ script_sha256: digest = '', ...others }: Values) => {
    if (Object.values(others).some((value) => Buffer.byteLength(value) > longestValue))
      return 'fork/exec: argument list too long';
    if (site.isolation === 'bubblewrap' || site.trusted(digest)) return '';
    return `bubblewrap is not available here, and script ${digest} is none of the demo's own: it is not run. Install bubblewrap to run others`;
  };

  const start = (workspace: Workspace, build: Build): { error: string; error_code?: string } | null => {
    const planned = ways.failStart;
    ways.failStart = null;
    const reason = refusal(workspace.values);
    if (planned || reason) return planned ?? { error: reason };
    const how = site.isolation === 'bubblewrap' ? 'bubblewrap' : 'NONE, a script of the demo itself';
    build.logs.push(newLine(`isolation: ${how}`, 'info'));
    const here = folder(workspace);
    mkdirSync(join(here, '.script'), { recursive: true });
    const text = startScript(workspace.values);
    const timeout = (Number(workspace.values['timeout_seconds']) + 60) * 1000;
    const command = enclose({ ...site, folder: here }, text);
    const { upload } = ways;
    const agent = openAgent({ text, command, folder: here, timeout, ...(upload ? { upload } : {}) });
    build.agents.push(agent);
    build.body.resources.push(newResource(build.body.job.id, [agent.body]));
    return null;
  };
  const connect = async (agent: Agent) => {
    const late = setTimeout(() => {
      if (agent.body.status === 'connecting') agent.body.status = 'timeout';
    }, ways.connectionTimeoutMs).unref();
    if (ways.connectMs === null) return;
    await wait(ways.connectMs);
    clearTimeout(late);
    if (!closed) await agent.connect();
  };
  /** Ends what runs in a workspace and takes its folder away, as a stop does, a delete, and a start that replaces it. */
  const clear = async (workspace: Workspace, but: Build | null) => {
    for (const { agents, body } of workspace.builds) {
      if (body === but?.body) continue;
      await Promise.all(agents.splice(0).map((agent) => agent.kill()));
      body.resources = [];
    }
    await rm(folder(workspace), { recursive: true, force: true });
  };
  const carryOut = async (workspace: Workspace, build: Build) => {
    const { transition } = build.body;
    if (transition === 'delete' && ways.failDeletes > 0) {
      ways.failDeletes -= 1;
      return { error: 'terraform destroy: exit status 1' };
    }
    await clear(workspace, build);
    return transition === 'start' ? start(workspace, build) : null;
  };
  const run = async (workspace: Workspace, build: Build) => {
    const { body } = build;
    if (closed || body.job.status !== 'pending') return; // canceled before anyone took the job
    mark(body, 'running');
    build.logs.push(newLine(`${body.transition} ${workspace.body.name}`, 'info'));
    await wait(ways.provisionMs);
    const canceled = () => (body.job.status as string) === 'canceling';
    // A canceled stop or delete leaves all as it is; a canceled start may have made everything, and then the script runs.
    const spared = canceled() && body.transition !== 'start';
    const failure = spared
      ? null
      : await carryOut(workspace, build).catch((error) => ({ error: String(error) }));
    if (failure) {
      Object.assign(body.job, failure);
      build.logs.push(newLine(failure.error, 'error'));
    }
    mark(body, canceled() ? 'canceled' : failure ? 'failed' : 'succeeded');
    if (body.transition === 'start' && body.status === 'running' && workspace.body.ttl_ms)
      body.deadline = new Date(Date.now() + workspace.body.ttl_ms).toISOString();
    workspace.deleted ||= body.status === 'deleted';
    for (const agent of build.agents) void connect(agent);
  };
  const newOne = (workspace: Workspace['body'], transition: Transition, number: number, reason: Reason) => {
    const asked = { ...{ transition, number, reason, workspace, template }, provisioners: ways.provisioners };
    return { body: newBuild(asked), logs: [], agents: [] } as Build;
  };
  const begin = (workspace: Workspace, build: Build) => {
    if (ways.provisioners > 0) setTimeout(() => void run(workspace, build), ways.queueMs).unref();
  };
  const add = (workspace: Workspace, transition: Transition, reason: Reason = 'initiator'): Build => {
    const build = newOne(workspace.body, transition, workspace.builds.length + 1, reason);
    workspace.builds.push(build);
    begin(workspace, build);
    return build;
  };
  return {
    all,
    /** Begins a build of a workspace that has none active. */
    add,
    create(name: string, values: Values, ttl: number | null): Workspace {
      const body = newWorkspace(name, ttl, template);
      const first = newOne(body, 'start', 1, 'initiator');
      const workspace: Workspace = { body, values, builds: [first], deleted: false };
      all.push(workspace);
      begin(workspace, first);
      const expire = () => {
        const { body: build } = latest(workspace);
        // Never a delete, and not for a failed build or a dormant workspace, as with the vendor.
        if (build.status === 'running' && workspace.body.dormant_at === null)
          add(workspace, 'stop', 'autostop');
      };
      if (ttl) setTimeout(expire, ttl).unref();
      return workspace;
    },
    /** Whether a build is at work there. */
    busy: (workspace: Workspace) => active(latest(workspace).body),
    /** Ends every script that still runs. */
    async close(): Promise<void> {
      closed = true;
      await Promise.all(all.map((one) => clear(one, null)));
    },
  };
}
