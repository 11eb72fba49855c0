// Coder's REST API: asking for a workspace by name, and deleting one. https://coder.com/docs/reference/api
// Must never put a token into a URL, because URLs end up in logs.
import * as z from 'zod';
import { type HttpResult, requestJson } from '#adapters/http-json';

export type CoderAccount = { api: string; token: string; organization: string };

const Script = z.object({
  exit_code: z.number().int().optional(),
  status: z.string().optional(),
  log_source_id: z.string().optional(),
});
const Agent = z.object({
  id: z.string(),
  status: z.string(),
  lifecycle_state: z.string(),
  logs_overflowed: z.boolean().optional(),
  scripts: z.array(Script).default([]),
});
const Workspace = z.object({
  id: z.string(),
  latest_build: z.object({
    id: z.string(),
    status: z.string(),
    transition: z.string(),
    job: z.object({ status: z.string(), error: z.string().nullish() }),
    resources: z.array(z.object({ agents: z.array(Agent).nullish() })).nullish(),
  }),
});
export type Workspace = z.infer<typeof Workspace>;
export const POLL_MS = 300;

export function call(
  account: CoderAccount,
  method: string,
  path: string,
  body?: unknown,
): Promise<HttpResult> {
  return requestJson({
    method,
    url: `${account.api}/api/v2${path}`,
    headers: { 'coder-session-token': account.token },
    ...(body === undefined ? {} : { body }),
    retries: method === 'GET' ? 3 : 0,
    timeoutMs: 20_000,
  });
}

/** Whether Coder answers and the token works. */
export async function probeCoder(
  account: CoderAccount,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  const me = await call(account, 'GET', '/users/me');
  return me.ok ? { ok: true } : { ok: false, reason: me.reason };
}

/** Our workspace of this name, also when it is deleted. `unknown`: Coder could not tell. */
export async function byName(
  account: CoderAccount,
  name: string,
): Promise<
  { state: 'live' | 'deleted' | 'absent'; workspace: Workspace | null } | { state: 'unknown'; reason: string }
> {
  const found = await call(
    account,
    'GET',
    `/users/me/workspace/${encodeURIComponent(name)}?include_deleted=true`,
  );
  if (!found.ok)
    return found.status === 404
      ? { state: 'absent', workspace: null }
      : { state: 'unknown', reason: found.reason };
  const workspace = Workspace.safeParse(found.body);
  if (!workspace.success) return { state: 'unknown', reason: 'Coder answered in an unknown shape' };
  return {
    state: workspace.data.latest_build.status === 'deleted' ? 'deleted' : 'live',
    workspace: workspace.data,
  };
}

/** Deletes the workspace and waits until it is gone. If it is gone already, that is fine. */
export async function deleteWorkspace(
  account: CoderAccount,
  name: string,
  pause: (ms: number) => Promise<void>,
): Promise<{ ok: true } | { ok: false; reason: string }> {
  let reason = 'the workspace did not go away in time';
  for (let turn = 0; turn < 200; turn++) {
    const seen = await byName(account, name);
    if (seen.state === 'absent' || seen.state === 'deleted') return { ok: true };
    if (seen.state === 'live' && seen.workspace && seen.workspace.latest_build.transition !== 'delete') {
      const asked = await call(account, 'POST', `/workspaces/${seen.workspace.id}/builds`, {
        transition: 'delete',
      });
      if (!asked.ok) reason = asked.reason;
    }
    await pause(POLL_MS);
  }
  return { ok: false, reason };
}
