// Coder's own JSON for a workspace, its builds and its agent, field by field as the shape table has it. It must leave out what
// Coder leaves out when empty, since an adapter that waits for a field to be filled would otherwise be proved wrong only there.
import { randomUUID } from 'node:crypto';
import type {
  AgentStatus,
  BuildStatus,
  JobStatus,
  Lifecycle,
  Reason,
  ScriptStatus,
  Transition,
} from '#adapters/workspace/coder/shapes';

export type Template = { name: string; id: string; versionId: string };
export type AgentBody = ReturnType<typeof newAgent>;
export type BuildBody = ReturnType<typeof newBuild>;
export type WorkspaceBody = ReturnType<typeof newWorkspace>;
/** Names of the stand-in's one owner and organization. */
export const owner = {
  id: '7b0c5a4e-2f60-4d5c-9c1e-5d3f0a6b1c2d',
  username: 'vigil',
  organization: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
};
const worker = '5f1d8a52-93a4-4c55-8f0e-0d1f5a3b7c11';
const file = '0e7a64d1-5f1c-4b1e-9a5e-2c9f4d8b6a22';
const provider = '00000000-0000-0000-0000-000000000000';

export const now = () => new Date().toISOString();

/** What comes later, when there is something to tell. */
type LaterInJob = Partial<
  Record<'started_at' | 'completed_at' | 'canceled_at' | 'worker_id' | 'error' | 'error_code', string>
>;
type LaterInAgent = Partial<
  Record<'started_at' | 'ready_at' | 'first_connected_at' | 'last_connected_at' | 'disconnected_at', string>
>;

function newJob(build: string, created_at: string, queue: number) {
  const later: LaterInJob = {};
  return {
    ...{ id: randomUUID(), created_at, status: 'pending' as JobStatus, file_id: file },
    ...{ tags: { owner: '', scope: 'organization' }, queue_position: queue, queue_size: queue },
    ...{ organization_id: owner.organization, initiator_id: owner.id, type: 'workspace_build' },
    ...{ input: { workspace_build_id: build }, logs_overflowed: false },
    metadata: {
      ...{ template_version_name: '', template_id: provider, template_name: '' },
      ...{ template_display_name: '', template_icon: '' },
    },
    ...later,
  };
}

export type Asked = {
  transition: Transition;
  number: number;
  reason: Reason;
  workspace: { id: string; name: string };
  template: Template;
  provisioners: number;
};

export function newBuild({ transition, number, reason, workspace, template, provisioners }: Asked) {
  const [id, created_at] = [randomUUID(), now()];
  return {
    ...{ id, created_at, updated_at: created_at, workspace_id: workspace.id, workspace_name: workspace.name },
    ...{ workspace_owner_id: owner.id, workspace_owner_name: owner.username, build_number: number },
    ...{ template_version_id: template.versionId, template_version_name: 'sandbox', transition, reason },
    ...{ initiator_id: owner.id, initiator_name: owner.username, status: 'pending' as BuildStatus },
    job: newJob(id, created_at, provisioners === 0 ? 1 : 0),
    resources: [] as ReturnType<typeof newResource>[],
    ...{ deadline: null as string | null, max_deadline: null, daily_cost: 0 },
    matched_provisioners: {
      ...{ count: provisioners, available: provisioners },
      most_recently_seen: provisioners === 0 ? null : (created_at as string | null),
    },
    template_version_preset_id: null,
  };
}

export function newWorkspace(name: string, ttl_ms: number | null, template: Template) {
  const created_at = now();
  return {
    ...{ id: randomUUID(), name, created_at, updated_at: created_at, last_used_at: created_at, ttl_ms },
    ...{ owner_id: owner.id, owner_name: owner.username, owner_avatar_url: '' },
    ...{ organization_id: owner.organization, organization_name: 'sandbox', template_id: template.id },
    ...{ template_name: template.name, template_display_name: '', template_icon: '' },
    template_allow_user_cancel_workspace_jobs: true,
    ...{ template_active_version_id: template.versionId, template_require_active_version: false },
    ...{ template_use_classic_parameter_flow: false, latest_app_status: null, outdated: false },
    ...{ deleting_at: null, dormant_at: null as string | null, next_start_at: null, task_id: null },
    ...{ automatic_updates: 'never', allow_renames: false, favorite: false, is_prebuild: false },
  };
}

export function newResource(job_id: string, agents: AgentBody[]) {
  return {
    ...{ id: agents[0]?.resource_id ?? randomUUID(), created_at: now(), job_id },
    ...{ workspace_transition: 'start' as Transition, type: 'sandbox_process', name: 'main', hide: false },
    ...{ icon: '', agents, daily_cost: 0 },
  };
}

/** `text` is the start script as Terraform rendered it; `timeout` in milliseconds. */
export function newAgent(text: string, timeout: number, connection_timeout_seconds: number) {
  const [id, created_at, source] = [randomUUID(), now(), randomUUID()];
  const result: { exit_code?: number; status?: ScriptStatus } = {};
  const later: LaterInAgent = {};
  return {
    ...{ id, parent_id: null, created_at, updated_at: created_at, name: 'main', resource_id: randomUUID() },
    ...{ status: 'connecting' as AgentStatus, lifecycle_state: 'created' as Lifecycle },
    ...{ architecture: 'amd64', operating_system: 'linux', version: '', api_version: '', apps: [] },
    ...{ environment_variables: null, logs_length: 0, logs_overflowed: false, subsystems: [] },
    ...{ connection_timeout_seconds, troubleshooting_url: 'https://coder.com/docs', display_apps: [] },
    health: { healthy: false, reason: 'agent has not yet connected' } as {
      healthy: boolean;
      reason?: string;
    },
    ...{ startup_script_behavior: 'non-blocking' },
    log_sources: [{ workspace_agent_id: id, id: source, created_at, display_name: 'remediation', icon: '' }],
    scripts: [
      {
        ...{ id: randomUUID(), log_source_id: source, log_path: '', script: text, cron: '' },
        ...{ run_on_start: true, run_on_stop: false, start_blocks_login: true, timeout: timeout * 1e6 },
        ...{ display_name: 'remediation', ...result },
      },
    ],
    ...later,
  };
}

const words: Record<Transition, [BuildStatus, BuildStatus]> = {
  start: ['starting', 'running'],
  stop: ['stopping', 'stopped'],
  delete: ['deleting', 'deleted'],
};
export const active = ({ job }: BuildBody) => ['pending', 'running', 'canceling'].includes(job.status);

/** Sets the job's state, with it Coder's word for where the build stands, and what comes and goes with both. */
export function mark(body: BuildBody, status: JobStatus): void {
  const { job } = body;
  job.status = status;
  body.updated_at = now();
  if (status === 'running') [job.started_at, job.worker_id] = [now(), worker];
  if (status === 'canceling' || (status === 'canceled' && !job.canceled_at)) job.canceled_at = now();
  if (!active(body)) job.completed_at = now();
  if (status !== 'pending') {
    body.matched_provisioners = { count: 0, available: 0, most_recently_seen: null };
    [job.queue_position, job.queue_size] = [0, 0];
  }
  const [during, after] = words[body.transition];
  body.status = status === 'running' ? during : status === 'succeeded' ? after : (status as BuildStatus);
}
