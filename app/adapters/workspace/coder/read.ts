// What Coder tells of a workspace, read for the fields that decide. Must never take "the latest" or "the first" for ours: what is
// not provably of our build is shown as it is, and judged elsewhere. A word that Coder may come to use is `unknown` here.
import * as z from 'zod';
import type { Answer, Ask } from './api.ts';

const word = <const T extends readonly string[]>(...known: T) =>
  z.string().transform((given): T[number] | 'unknown' => (known.includes(given) ? given : 'unknown'));

// https://coder.com/docs/reference/api/schemas
const Script = z.object({
  display_name: z.string(),
  run_on_start: z.boolean().default(true),
  log_source_id: z.string(),
  exit_code: z.int().optional(),
  status: word('ok', 'exit_failure', 'timed_out', 'pipes_left_open').optional(),
});
const Agent = z.object({
  id: z.string(),
  parent_id: z.string().nullish(),
  status: word('connecting', 'connected', 'disconnected', 'timeout'),
  lifecycle_state: word(
    ...(['created', 'starting', 'start_timeout', 'start_error', 'ready'] as const),
    ...(['shutting_down', 'shutdown_timeout', 'shutdown_error', 'off'] as const),
  ),
  first_connected_at: z.string().nullish(),
  connection_timeout_seconds: z.int().optional(),
  logs_overflowed: z.boolean().default(false),
  scripts: z.array(Script).default([]),
});
const Build = z.object({
  id: z.string(),
  build_number: z.int(),
  transition: word('start', 'stop', 'delete'),
  reason: z.string().default(''),
  status: z.string(),
  job: z.object({
    status: word('pending', 'running', 'succeeded', 'canceling', 'canceled', 'failed'),
    error: z.string().optional(),
    error_code: z.string().optional(),
    queue_position: z.int().optional(),
    queue_size: z.int().optional(),
  }),
  matched_provisioners: z.object({ count: z.int() }).nullish(),
  resources: z.array(z.object({ agents: z.array(Agent).nullish() })).nullish(),
});
const Workspace = z.object({
  id: z.string(),
  name: z.string(),
  template_name: z.string(),
  dormant_at: z.string().nullish(),
  created_at: z.string().optional(),
  latest_build: Build,
});
export type Workspace = z.infer<typeof Workspace>;
export type Build = z.infer<typeof Build>;
export type Agent = z.infer<typeof Agent>;
export type JobStatus = Build['job']['status'];
export type Script = z.infer<typeof Script>;

/**
 * `hidden`: Coder says that there is nothing that this token may see: not there, or dormant, or a scope is missing. `refused`: the
 * token is not taken. `unread`: nothing was learned.
 */
export type Look =
  | { is: 'live'; workspace: Workspace }
  | { is: 'deleted'; workspace: Workspace }
  | { is: 'hidden'; words: string }
  | { is: 'refused'; words: string }
  | { is: 'unread'; words: string }
  | { is: 'limited'; words: string };

/** Ours of this name, also when it is deleted. */
export async function look(ask: Ask, name: string): Promise<Look> {
  return seen(await ask('GET', `/users/me/workspace/${encodeURIComponent(name)}?include_deleted=true`));
}

export function seen(answer: Answer): Look {
  if (!answer.own) return { is: 'unread', words: answer.words };
  const { status, body, words } = answer;
  if (status === 401) return { is: 'refused', words };
  if (status === 404) return { is: 'hidden', words };
  if (status === 429) return { is: 'limited', words };
  if (status >= 300) return { is: 'unread', words };
  const workspace = Workspace.safeParse(body);
  if (!workspace.success)
    return { is: 'unread', words: `Coder answered in an unknown shape: ${faultOf(workspace.error)}` };
  return {
    is: workspace.data.latest_build.status === 'deleted' ? 'deleted' : 'live',
    workspace: workspace.data,
  };
}

const faultOf = ({ issues }: z.ZodError): string => issues[0]?.path.join('.') ?? '';

/** One build by its id, whatever came after it. */
export async function lookAtBuild(ask: Ask, id: string): Promise<Build | null> {
  const answer = await ask('GET', `/workspacebuilds/${encodeURIComponent(id)}`);
  const build = Build.safeParse(answer.own && answer.status === 200 ? answer.body : null);
  return build.success ? build.data : null;
}

const Parameters = z.array(z.object({ name: z.string(), value: z.string() }));

/** What a build was made with; null when that cannot be told now. */
export async function parametersOf(ask: Ask, build: string): Promise<ReadonlyMap<string, string> | null> {
  const answer = await ask('GET', `/workspacebuilds/${encodeURIComponent(build)}/parameters`);
  const all = Parameters.safeParse(answer.own && answer.status === 200 ? answer.body : null);
  return all.success ? new Map(all.data.map(({ name, value }) => [name, value])) : null;
}

const Row = z.object({ id: z.int(), output: z.string(), source_id: z.string() });
export type Row = z.infer<typeof Row>;
const Rows = z.array(Row);

/** The rows after one; null when they could not be read, which is not an empty log. */
export async function rowsAfter(ask: Ask, agent: string, after: number): Promise<Row[] | null> {
  const answer = await ask(
    'GET',
    `/workspaceagents/${encodeURIComponent(agent)}/logs?after=${after}&format=json`,
  );
  const rows = Rows.safeParse(answer.own && answer.status === 200 ? answer.body : null);
  return rows.success ? rows.data.toSorted((a, b) => a.id - b.id) : null;
}

/** The agent that is no other's child, where there is exactly one; and the script that the template calls `remediation`. */
export function agentsOf({ resources }: Build): Agent[] {
  return (resources ?? []).flatMap(({ agents }) => agents ?? []).filter((agent) => !agent.parent_id);
}
export const SCRIPT_NAME = 'remediation';
export function scriptOf({ scripts }: Agent): Script | null {
  const ours = scripts.filter((script) => script.run_on_start && script.display_name === SCRIPT_NAME);
  return ours.length === 1 ? (ours[0] ?? null) : null;
}
