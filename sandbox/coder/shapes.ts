// Workspaces, builds and agents in Coder's own JSON. Pure: it reads and never changes anything.
// https://coder.com/docs/reference/api/workspaces
import type { Agent } from './agent.ts';
import { type Build, statusOf, type Workspace } from './workspaces.ts';

export type Names = { organization: string; template: { name: string; id: string; versionId: string } };

const agentBody = ({
  id,
  source,
  script,
  timeout,
  lifecycle,
  logs,
  length,
  overflowed,
  result,
  started,
  ended,
}: Agent) => ({
  id,
  name: 'main',
  status: 'connected',
  lifecycle_state: lifecycle,
  first_connected_at: started,
  last_connected_at: ended ?? started,
  disconnected_at: null,
  started_at: started,
  ready_at: ended ?? null,
  logs_length: logs.length && length,
  logs_overflowed: overflowed,
  connection_timeout_seconds: 120,
  log_sources: [{ id: source, display_name: 'remediation' }],
  scripts: [
    {
      id: script,
      log_source_id: source,
      display_name: 'remediation',
      run_on_start: true,
      start_blocks_login: true,
      timeout: timeout * 1e6,
      ...result,
    },
  ],
});

/** A WorkspaceBuild. `scripts[].exit_code` and `.status` are left out until the script has ended, as since v2.34. */
export const buildBody = (build: Build, { id, name }: Workspace, { template }: Names) => ({
  id: build.id,
  workspace_id: id,
  workspace_name: name,
  build_number: build.number,
  transition: build.transition,
  status: statusOf(build),
  reason: 'initiator',
  template_version_id: template.versionId,
  created_at: build.created,
  job: {
    id: build.id,
    status: build.job,
    error: build.error,
    error_code: '',
    created_at: build.created,
    completed_at: build.completed,
    canceled_at: build.job === 'canceled' ? build.completed : null,
    queue_position: 0,
    queue_size: 0,
    logs_overflowed: false,
    worker_name: 'sandbox',
  },
  matched_provisioners: { count: 1, available: 1, most_recently_seen: build.created },
  resources: build.agent ? [{ type: 'sandbox_process', name: 'main', agents: [agentBody(build.agent)] }] : [],
});

export const workspaceBody = (workspace: Workspace, names: Names) => ({
  id: workspace.id,
  name: workspace.name,
  owner_name: 'vigil',
  organization_id: names.organization,
  template_id: names.template.id,
  template_name: names.template.name,
  ttl_ms: workspace.ttl,
  created_at: workspace.created,
  dormant_at: null,
  deleting_at: null,
  health: { healthy: true, failing_agents: [] },
  latest_build: buildBody(workspace.latest, workspace, names),
});

export const timingsBody = ({ agent }: Build) => ({
  provisioner_timings: [],
  agent_connection_timings: [],
  agent_script_timings: agent?.result
    ? [
        {
          display_name: 'remediation',
          stage: 'start',
          ...agent.result,
          started_at: agent.started,
          ended_at: agent.ended,
          workspace_agent_id: agent.id,
          workspace_agent_name: 'main',
        },
      ]
    : [],
});
