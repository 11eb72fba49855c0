// The shapes of Coder's answers as one table of data: which call with which status carries which fields, of which type, and
// which of them may be left out or be null. From recordings of a 2.36 server. It must never decide anything: it says what
// can be expected, for the parser that reads such answers and for the stand-in that gives them. Over 250 lines: it is one table.

export const jobStatuses = [
  'pending',
  'running',
  'succeeded',
  'canceling',
  'canceled',
  'failed',
  'unknown',
] as const;
export const buildStatuses = [
  'pending',
  'starting',
  'running',
  'stopping',
  'stopped',
  'failed',
  'canceling',
  'canceled',
  'deleting',
  'deleted',
] as const;
export const agentStatuses = ['connecting', 'connected', 'disconnected', 'timeout'] as const;
export const lifecycles = [
  'created',
  'starting',
  'start_timeout',
  'start_error',
  'ready',
  'shutting_down',
  'shutdown_timeout',
  'shutdown_error',
  'off',
] as const;
export const scriptStatuses = ['ok', 'exit_failure', 'timed_out', 'pipes_left_open'] as const;
export const transitions = ['start', 'stop', 'delete'] as const;
/** Coder adds to these from release to release: they are for showing, and nothing may hang on one that is not known. */
export const reasons = [
  'initiator',
  'autostart',
  'autostop',
  'dormancy',
  'dashboard',
  'cli',
  'ssh_connection',
  'vscode_connection',
  'jetbrains_connection',
] as const;
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const;

export type JobStatus = (typeof jobStatuses)[number];
export type BuildStatus = (typeof buildStatuses)[number];
export type AgentStatus = (typeof agentStatuses)[number];
export type Lifecycle = (typeof lifecycles)[number];
export type ScriptStatus = (typeof scriptStatuses)[number];
export type Transition = (typeof transitions)[number];
export type Reason = (typeof reasons)[number];
export type LogLevel = (typeof logLevels)[number];

/** `id` is a UUID, `time` ISO 8601 in UTC, `whole` an integer, `any` what nobody here looks at. */
export type Type = 'id' | 'text' | 'time' | 'whole' | 'flag' | 'any';
/** `?`: left out when empty, and then never `""` or null. `~`: there, but may be null. */
export type Scalar = Type | `${Type}?` | `${Type}~`;
export type Shape =
  | Scalar
  | readonly string[] // one of these
  | { optional: Shape }
  | { list: Shape } // `[]` when empty, never null
  | Fields;
export type Fields = { fields: Readonly<Record<string, Shape>> };

/** Fields told by their type, which keeps the table short: names of one type stand in one string. */
function shape(byType: { [type in Scalar]?: string }, others: Record<string, Shape> = {}): Fields {
  const told = Object.entries(byType).flatMap(([type, names]) =>
    names.split(' ').map((name) => [name, type as Scalar] as const),
  );
  return { fields: { ...Object.fromEntries(told), ...others } };
}

const job = shape(
  {
    id: 'id file_id organization_id initiator_id',
    'id?': 'worker_id',
    text: 'type',
    'text?': 'error error_code worker_name',
    time: 'created_at',
    'time?': 'started_at completed_at canceled_at',
    whole: 'queue_position queue_size',
    flag: 'logs_overflowed',
    any: 'input tags metadata',
  },
  { status: jobStatuses },
);
const script = shape(
  {
    id: 'id log_source_id',
    text: 'log_path script cron display_name',
    flag: 'run_on_start run_on_stop start_blocks_login',
    whole: 'timeout',
    'whole?': 'exit_code',
  },
  { status: { optional: scriptStatuses } },
);
const logSource = shape({ id: 'id workspace_agent_id', time: 'created_at', text: 'display_name icon' });
const agent = shape(
  {
    id: 'id resource_id',
    'id~': 'parent_id',
    text: 'name architecture operating_system version api_version troubleshooting_url startup_script_behavior',
    time: 'created_at updated_at',
    'time?': 'started_at ready_at first_connected_at last_connected_at disconnected_at',
    whole: 'connection_timeout_seconds logs_length',
    flag: 'logs_overflowed',
    'any?': 'latency',
    'any~': 'environment_variables',
  },
  {
    status: agentStatuses,
    lifecycle_state: lifecycles,
    health: shape({ flag: 'healthy', 'text?': 'reason' }),
    apps: { list: 'any' },
    display_apps: { list: 'text' },
    subsystems: { list: 'text' },
    log_sources: { list: logSource },
    scripts: { list: script },
  },
);
const resource = shape(
  { id: 'id job_id', time: 'created_at', text: 'type name icon', flag: 'hide', whole: 'daily_cost' },
  { workspace_transition: transitions, agents: { list: agent } },
);
/** Provisioners are counted while the job is pending; all of this is zero and null from then on. */
const matched = { optional: shape({ whole: 'count available', 'time~': 'most_recently_seen' }) };
const build = shape(
  {
    id: 'id workspace_id workspace_owner_id template_version_id initiator_id',
    'id~': 'template_version_preset_id',
    text: 'workspace_name workspace_owner_name template_version_name initiator_name',
    time: 'created_at updated_at',
    'time~': 'deadline max_deadline',
    whole: 'build_number daily_cost',
    'flag?': 'has_ai_task has_external_agent',
  },
  {
    ...{ transition: transitions, reason: reasons, status: buildStatuses },
    ...{ job, resources: { list: resource }, matched_provisioners: matched },
  },
);
const ofTemplate = shape({
  id: 'template_id template_active_version_id',
  text: 'template_name template_display_name template_icon',
  flag: 'template_allow_user_cancel_workspace_jobs template_require_active_version template_use_classic_parameter_flow',
});
const workspace = shape(
  {
    id: 'id owner_id organization_id',
    'id~': 'task_id',
    text: 'name owner_name owner_avatar_url organization_name automatic_updates',
    time: 'created_at updated_at last_used_at',
    'time~': 'deleting_at dormant_at next_start_at',
    'whole~': 'ttl_ms',
    flag: 'outdated favorite allow_renames is_prebuild',
    'any~': 'latest_app_status',
  },
  {
    ...ofTemplate.fields,
    latest_build: build,
    health: shape({ flag: 'healthy' }, { failing_agents: { list: 'id' } }),
  },
);
const logRow = shape(
  { whole: 'id', time: 'created_at', text: 'output', id: 'source_id' },
  { level: logLevels },
);
const buildLogRow = shape(
  { whole: 'id', time: 'created_at', text: 'log_source stage output' },
  { log_level: logLevels },
);
const user = shape(
  {
    id: 'id',
    text: 'username name email status login_type',
    time: 'created_at updated_at last_seen_at',
    flag: 'has_ai_seat',
  },
  { organization_ids: { list: 'id' }, roles: { list: 'any' } },
);
const connecting = shape({
  ...{ id: 'workspace_agent_id', time: 'started_at ended_at', text: 'stage workspace_agent_name' },
});
const running = shape(
  { text: 'display_name', whole: 'exit_code' },
  { ...connecting.fields, status: scriptStatuses },
);
const timings = shape(
  {},
  {
    provisioner_timings: { list: 'any' },
    agent_script_timings: { list: running },
    agent_connection_timings: { list: connecting },
  },
);
const version = shape(
  {
    id: 'id organization_id',
    'id?': 'template_id',
    text: 'name message readme',
    time: 'created_at updated_at',
    flag: 'archived has_external_agent',
    any: 'created_by',
  },
  { job, matched_provisioners: matched },
);
const parameter = shape(
  {
    text: 'name description description_plaintext form_type default_value icon',
    'text?': 'display_name validation_error validation_regex validation_monotonic',
    flag: 'mutable required ephemeral',
    'whole?': 'validation_min validation_max',
  },
  { type: ['string', 'number', 'bool', 'list(string)'], options: { list: 'any' } },
);
const buildinfo = shape({
  text: 'version external_url dashboard_url agent_api_version provisioner_api_version upgrade_message',
  'text?': 'webpush_public_key',
  flag: 'telemetry workspace_proxy',
  id: 'deployment_id',
});

/** What every answer of 400 and above carries, if Coder itself gave it. */
export const errorShape = shape(
  { text: 'message', 'text?': 'detail' },
  { validations: { optional: { list: shape({ text: 'field detail' }) } } },
);

export type Answer = { call: string; status: number; shape: Shape };
/** The calls that matter here, with the answer that is no error. `{…}` stands for one part of a path. */
export const answers: readonly Answer[] = [
  { call: 'GET /buildinfo', status: 200, shape: buildinfo },
  { call: 'POST /users/{user}/workspaces', status: 201, shape: workspace },
  { call: 'POST /organizations/{organization}/members/{user}/workspaces', status: 201, shape: workspace },
  { call: 'GET /users/{user}', status: 200, shape: user },
  { call: 'GET /users/{user}/workspace/{name}', status: 200, shape: workspace },
  {
    ...{ call: 'GET /workspaces', status: 200 },
    shape: shape({ whole: 'count' }, { workspaces: { list: workspace } }),
  },
  { call: 'GET /workspaces/{id}', status: 200, shape: workspace },
  { call: 'PUT /workspaces/{id}/dormant', status: 200, shape: workspace },
  { call: 'POST /workspaces/{id}/builds', status: 201, shape: build },
  { call: 'GET /workspacebuilds/{id}', status: 200, shape: build },
  {
    ...{ call: 'GET /workspacebuilds/{id}/parameters', status: 200 },
    shape: { list: shape({ text: 'name value' }) },
  },
  { call: 'GET /workspacebuilds/{id}/logs', status: 200, shape: { list: buildLogRow } },
  { call: 'GET /workspacebuilds/{id}/timings', status: 200, shape: timings },
  { call: 'PATCH /workspacebuilds/{id}/cancel', status: 200, shape: shape({ text: 'message' }) },
  { call: 'GET /workspaceagents/{id}/logs', status: 200, shape: { list: logRow } },
  { call: 'GET /templateversions/{id}', status: 200, shape: version },
  { call: 'GET /templateversions/{id}/rich-parameters', status: 200, shape: { list: parameter } },
];
