// Workspaces and their builds: what is created, runs, stops and is deleted. One build at a time for each workspace. It must
// never run a script outside bubblewrap unless that script is one which the demo itself ships.
import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Agent, startAgent } from './agent.ts';
import { enclose, type Isolation } from './isolation.ts';
import { startScript, type Values } from './template.ts';

type Transition = 'start' | 'stop' | 'delete';
export type Job = 'pending' | 'running' | 'succeeded' | 'failed' | 'canceled';
export type Build = {
  id: string;
  number: number;
  transition: Transition;
  job: Job;
  error: string;
  created: string;
  completed: string | null;
  logs: {
    id: number;
    created_at: string;
    log_source: string;
    log_level: string;
    stage: string;
    output: string;
  }[];
  agent?: Agent;
};
export type Workspace = {
  id: string;
  name: string;
  values: Values;
  ttl: number | null;
  created: string;
  builds: Build[];
  latest: Build;
  deleted: boolean;
};
export type Site = {
  dir: string;
  image: string;
  bwrap: string;
  isolation: Isolation;
  trusted: (sha256: string) => boolean;
};

/** Linux gives one argument or variable at most 128 KiB, name included; Coder passes each parameter as one. */
const longestValue = 130_990;
const statuses = {
  start: { running: 'starting', succeeded: 'running' },
  stop: { running: 'stopping', succeeded: 'stopped' },
  delete: { running: 'deleting', succeeded: 'deleted' },
};

/** Coder's word for where a build stands. */
export const statusOf = ({ transition, job }: Build) =>
  job === 'running' || job === 'succeeded' ? statuses[transition][job] : job;
export const active = ({ job }: Build) => job === 'pending' || job === 'running';

let logLines = 0;
const now = () => new Date().toISOString();
const log = (build: Build, stage: string, output: string, log_level = 'info') => {
  logLines += 1;
  build.logs.push({ id: logLines, created_at: now(), log_source: 'provisioner', log_level, stage, output });
};

export type Yard = ReturnType<typeof openYard>;

/** All workspaces of the one owner, living in folders under `site.dir`. */
export function openYard(site: Site) {
  const all: Workspace[] = [];
  const folder = ({ id }: Workspace) => join(site.dir, id);
  const refusal = ({ values }: Workspace) => {
    const { script_sha256: digest = '' } = values;
    if (Object.values(values).some((value) => Buffer.byteLength(value) > longestValue))
      return 'fork/exec: argument list too long';
    if (site.isolation === 'bubblewrap' || site.trusted(digest)) return undefined;
    return `bubblewrap is not available here, and script ${digest} is none of those the demo ships: it is not run`;
  };

  const steps: Record<Transition, (workspace: Workspace, build: Build) => Promise<string | undefined>> = {
    async start(workspace, build) {
      const reason = refusal(workspace);
      if (reason) return reason;
      log(
        build,
        'Applying',
        site.isolation === 'bubblewrap'
          ? 'isolation: bubblewrap'
          : 'isolation: NONE, a script shipped with the demo',
      );
      mkdirSync(join(folder(workspace), '.script'), { recursive: true });
      const command = enclose(
        site.isolation,
        site.bwrap,
        startScript(workspace.values),
        folder(workspace),
        site.image,
      );
      build.agent = startAgent(
        command,
        folder(workspace),
        (Number(workspace.values['timeout_seconds']) + 60) * 1000,
      );
      return undefined;
    },
    async stop(workspace) {
      for (const { agent } of workspace.builds) {
        agent?.kill();
        await agent?.finished;
      }
      await rm(folder(workspace), { recursive: true, force: true });
      return undefined;
    },
    delete: (workspace, build) => steps.stop(workspace, build),
  };

  const run = async (workspace: Workspace, build: Build) => {
    if (build.job !== 'pending') return; // canceled before anyone took the job
    build.job = 'running';
    log(build, 'Planning', `${build.transition} ${workspace.name}`);
    build.error =
      (await steps[build.transition](workspace, build).catch((error: unknown) => String(error))) ?? '';
    if (build.error) log(build, 'Applying', build.error, 'error');
    build.completed = now();
    build.job = build.error ? 'failed' : 'succeeded';
    // Any later finished build takes the agents of the earlier ones with it, logs included.
    if (!build.error && build.transition !== 'start') for (const one of workspace.builds) delete one.agent;
    workspace.deleted = build.job === 'succeeded' && build.transition === 'delete';
  };
  const begin = (workspace: Workspace, build: Build) => {
    workspace.builds.push(build);
    workspace.latest = build;
    setTimeout(() => void run(workspace, build), 20);
    return build;
  };
  const draft = (transition: Transition, number: number): Build => ({
    id: randomUUID(),
    number,
    transition,
    job: 'pending',
    error: '',
    created: now(),
    completed: null,
    logs: [],
  });

  return {
    all,
    build: (workspace: Workspace, transition: 'stop' | 'delete') =>
      begin(workspace, draft(transition, workspace.builds.length + 1)),
    create(name: string, values: Values, ttl: number | null): Workspace {
      const first = draft('start', 1);
      const workspace: Workspace = {
        id: randomUUID(),
        name,
        values,
        ttl,
        created: now(),
        builds: [],
        latest: first,
        deleted: false,
      };
      all.push(workspace);
      begin(workspace, first);
      // The vendor's TTL stops and never deletes.
      if (ttl)
        setTimeout(
          () =>
            !active(workspace.latest) &&
            !workspace.deleted &&
            begin(workspace, draft('stop', workspace.builds.length + 1)),
          ttl,
        ).unref();
      return workspace;
    },
    /** Ends every script that still runs. */
    async close(): Promise<void> {
      for (const workspace of all) await steps.stop(workspace, workspace.latest);
    },
  };
}
