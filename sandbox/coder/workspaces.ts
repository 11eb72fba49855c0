// Workspaces and their builds, kept in Coder's own JSON: what is created, runs, stops and is deleted. It must never run a
// script outside bubblewrap unless its exact bytes are the demo's own. https://coder.com/docs/reference/api/workspaces
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Agent, startAgent } from './agent.ts';
import { enclose, type Isolation } from './isolation.ts';
import { startScript, type Values } from './template.ts';

type Transition = 'start' | 'stop' | 'delete';
type Job = 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
export type Template = { name: string; id: string; versionId: string };
export type Build = ReturnType<typeof newBuild>;
export type Workspace = ReturnType<typeof newWorkspace>;
export type Site = {
  dir: string;
  image: string;
  bwrap: string;
  isolation: Isolation;
  template: Template;
  queueMs: number;
  trusted: (sha256: string) => boolean;
};

/** Linux gives one argument or variable at most 128 KiB, name included; Coder passes each parameter as one. */
const longestValue = 130_990;
/** Names of the stand-in's one owner and organization. */
export const owner = {
  id: '7b0c5a4e-2f60-4d5c-9c1e-5d3f0a6b1c2d',
  username: 'vigil',
  organization: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};
const words = {
  start: ['starting', 'running'],
  stop: ['stopping', 'stopped'],
  delete: ['deleting', 'deleted'],
};
const now = () => new Date().toISOString();
let lines = 0;
const newLine = (output: string, log_level: 'info' | 'error') => {
  lines += 1;
  return { id: lines, created_at: now(), log_source: 'provisioner', log_level, stage: 'Applying', output };
};

function newBuild(transition: Transition, build_number: number, workspace_id: string, template: Template) {
  const created_at = now();
  const ends = { completed_at: null as string | null };
  const body = {
    id: randomUUID(),
    workspace_id,
    build_number,
    transition,
    template_version_id: template.versionId,
    status: 'pending',
    reason: 'initiator',
    created_at,
    job: { id: randomUUID(), status: 'pending' as Job, error: '', error_code: '', created_at, ...ends },
    matched_provisioners: { count: 1, available: 1, most_recently_seen: created_at },
    resources: [] as { type: string; name: string; agents: Agent['body'][] }[],
  };
  return { body, logs: [] as ReturnType<typeof newLine>[], agents: [] as Agent[] };
}
function newWorkspace(name: string, values: Values, ttl_ms: number | null, template: Template) {
  const id = randomUUID();
  const first = newBuild('start', 1, id, template);
  const body = {
    id,
    name,
    owner_name: owner.username,
    organization_id: owner.organization,
    template_id: template.id,
    template_name: template.name,
    ttl_ms,
    created_at: now(),
    latest_build: first.body,
  };
  return { body, values, builds: [first], deleted: false };
}

export const active = ({ job }: Build['body']) => job.status === 'pending' || job.status === 'running';
/** Sets the job's state and with it Coder's word for where the build stands. */
export function mark({ body }: Build, status: Job): void {
  body.job.status = status;
  if (!active(body)) body.job.completed_at = now();
  const [during, after] = words[body.transition];
  body.status = (status === 'running' ? during : status === 'succeeded' ? after : status) ?? status;
}
export type Yard = ReturnType<typeof openYard>;

/** All workspaces of the one owner, living in folders under `site.dir`. */
export function openYard(site: Site) {
  const all: Workspace[] = [];
  let closed = false;
  const folder = ({ body }: Workspace) => join(site.dir, body.id);
  const refusal = ({ script_sha256: digest = '', ...others }: Values) => {
    if (Object.values(others).some((value) => Buffer.byteLength(value) > longestValue))
      return 'fork/exec: argument list too long';
    if (site.isolation === 'bubblewrap' || site.trusted(digest)) return '';
    return `bubblewrap is not available here, and script ${digest} is none of the demo's own: it is not run. Install bubblewrap to run others`;
  };
  const start = async (workspace: Workspace, build: Build) => {
    const reason = refusal(workspace.values);
    if (reason) return reason;
    const how = site.isolation === 'bubblewrap' ? 'bubblewrap' : 'NONE, a script of the demo itself';
    build.logs.push(newLine(`isolation: ${how}`, 'info'));
    const here = folder(workspace);
    mkdirSync(join(here, '.script'), { recursive: true });
    const command = enclose({ ...site, folder: here }, startScript(workspace.values));
    const seconds = Number(workspace.values['timeout_seconds']) + 60;
    const agent = startAgent(command, here, seconds * 1000);
    build.agents.push(agent);
    build.body.resources.push({ type: 'sandbox_process', name: 'main', agents: [agent.body] });
    return '';
  };
  /** Any finished build takes the agents of the earlier ones with it, logs included. */
  const stop = async (workspace: Workspace) => {
    for (const build of workspace.builds) {
      for (const agent of build.agents) {
        agent.kill();
        await agent.finished;
      }
    }
    await rm(folder(workspace), { recursive: true, force: true });
    for (const build of workspace.builds) [build.agents, build.body.resources] = [[], []];
    return '';
  };
  const run = async (workspace: Workspace, build: Build) => {
    const { body } = build;
    if (closed || body.job.status !== 'pending') return; // canceled before anyone took the job
    mark(build, 'running');
    build.logs.push(newLine(`${body.transition} ${workspace.body.name}`, 'info'));
    const work = body.transition === 'start' ? start : stop;
    body.job.error = await work(workspace, build).catch(String);
    if (body.job.error) build.logs.push(newLine(body.job.error, 'error'));
    mark(build, body.job.error ? 'failed' : 'succeeded');
    workspace.deleted = body.status === 'deleted';
  };
  const begin = (workspace: Workspace, build: Build) =>
    setTimeout(() => void run(workspace, build), site.queueMs).unref();
  const add = (workspace: Workspace, transition: 'stop' | 'delete'): Build => {
    const build = newBuild(transition, workspace.builds.length + 1, workspace.body.id, site.template);
    workspace.builds.push(build);
    workspace.body.latest_build = build.body;
    begin(workspace, build);
    return build;
  };
  return {
    all,
    /** Begins a build of a workspace that has none active. */
    add,
    create(name: string, values: Values, ttl: number | null): Workspace {
      const workspace = newWorkspace(name, values, ttl, site.template);
      all.push(workspace);
      for (const build of workspace.builds) begin(workspace, build);
      const expire = () =>
        !workspace.deleted && !active(workspace.body.latest_build) && add(workspace, 'stop'); // never a delete, as with the vendor
      if (ttl) setTimeout(expire, ttl).unref();
      return workspace;
    },
    /** Ends every script that still runs. */
    async close(): Promise<void> {
      closed = true;
      await Promise.all(all.map(stop));
    },
  };
}
