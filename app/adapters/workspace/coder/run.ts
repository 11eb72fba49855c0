// Runs one script in one ephemeral Coder workspace and tells exactly what became of it.
// Must never run a script twice: only one workspace can have the name. Must never guess an outcome: an unknown outcome is
// an outcome of its own.

import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod';
import { jobSeconds } from '#core/incident/limits';
import type { ScriptOutcome } from '#core/ledger/facts';
import { byName, type CoderAccount, call, POLL_MS } from './api.ts';

export type Order = {
  name: string;
  template: string;
  templateVersion: string;
  incident: string;
  commit: string;
  path: string;
  script: string;
  nonce: string;
  timeoutSeconds: number;
  ttlMinutes: number;
};
export type Ran =
  | { known: true; outcome: ScriptOutcome; exit: number | null; output: string; ms: number }
  | { known: false; reason: string };

const Logs = z.array(z.object({ id: z.number(), level: z.string(), output: z.string() }));
const MAX_PAYLOAD = 96 * 1024;

/** Creates the workspace, or takes the one of this name, and follows it to its end. Does not delete it. */
export async function runInWorkspace(
  account: CoderAccount,
  order: Order,
  pause: (ms: number) => Promise<void>,
): Promise<Ran> {
  const payload = gzipSync(order.script).toString('base64');
  const refused = (reason: string): Ran => ({
    known: true,
    outcome: 'refused',
    exit: null,
    output: reason,
    ms: 0,
  });
  if (payload.length > MAX_PAYLOAD) return refused('the script is too large for a workspace parameter');
  const before = await byName(account, order.name);
  if (before.state === 'unknown') return refused(`Coder could not be asked: ${before.reason}`);
  if (before.state === 'deleted')
    return { known: false, reason: `a workspace ${order.name} existed before and is deleted` };
  const began = Date.now();
  if (before.state === 'absent') {
    const created = await call(
      account,
      'POST',
      `/organizations/${encodeURIComponent(account.organization)}/members/me/workspaces`,
      request(order, payload),
    );
    if (!created.ok && created.status !== 409) {
      const after =
        created.status === null || created.status >= 500 ? await byName(account, order.name) : null;
      if (after?.state === 'unknown')
        return { known: false, reason: `creating the workspace ended unclearly: ${created.reason}` };
      if (after?.state !== 'live') return refused(`Coder did not create the workspace: ${created.reason}`);
    }
  }
  return follow(account, order, began, pause);
}

function request(order: Order, payload: string) {
  const values = {
    incident_id: order.incident,
    commit_sha: order.commit,
    script_path: order.path,
    script_sha256: createHash('sha256').update(order.script).digest('hex'),
    script_gz_b64: payload,
    nonce: order.nonce,
    timeout_seconds: String(order.timeoutSeconds),
  };
  return {
    name: order.name,
    template_version_id: order.templateVersion,
    rich_parameter_values: Object.entries(values).map(([name, value]) => ({ name, value })),
    ttl_ms: order.ttlMinutes * 60_000,
    automatic_updates: 'never',
  };
}

async function follow(
  account: CoderAccount,
  order: Order,
  began: number,
  pause: (ms: number) => Promise<void>,
): Promise<Ran> {
  const deadline = began + (order.timeoutSeconds + jobSeconds.provision) * 1000;
  const ended = (outcome: ScriptOutcome, exit: number | null, output: string): Ran => ({
    known: true,
    outcome,
    exit,
    output,
    ms: Date.now() - began,
  });
  while (Date.now() < deadline) {
    const seen = await byName(account, order.name);
    if (seen.state === 'absent' || seen.state === 'deleted')
      return { known: false, reason: 'the workspace vanished while the script ran' };
    const build = seen.state === 'live' ? seen.workspace?.latest_build : undefined;
    if (build?.transition === 'delete')
      return { known: false, reason: 'the workspace is being deleted by somebody' };
    // A build that was canceled may have begun its agent, which runs the script all the same.
    if (build?.job.status === 'canceled')
      return { known: false, reason: 'its build was canceled, which does not show that nothing ran' };
    if (build?.job.status === 'failed')
      return ended('provision_failed', null, build.job.error ?? 'the build failed');
    const agent = build?.resources?.flatMap((resource) => resource.agents ?? [])[0];
    if (agent?.status === 'timeout') return ended('agent_never_connected', null, 'the agent never connected');
    const script = agent?.scripts[0];
    if (
      agent &&
      ['ready', 'start_error', 'start_timeout'].includes(agent.lifecycle_state) &&
      script?.exit_code !== undefined
    ) {
      const output = await outputOf(account, agent.id);
      if (
        script.status === 'timed_out' ||
        agent.lifecycle_state === 'start_timeout' ||
        script.exit_code === 124
      )
        return ended('timed_out', script.exit_code, output);
      if (script.exit_code === 97)
        return { known: false, reason: 'the script had run in this workspace before' };
      const good =
        script.exit_code === 0 &&
        script.status === 'ok' &&
        agent.lifecycle_state === 'ready' &&
        confirmed(output, order.nonce);
      return ended(good ? 'succeeded' : 'failed', script.exit_code, output);
    }
    await pause(POLL_MS);
  }
  return { known: false, reason: 'the workspace did not end in time' };
}

/** Whether the wrapper's last line has our nonce. It is a second witness, beside Coder's exit code, that all of it ran. */
function confirmed(output: string, nonce: string): boolean {
  const trailer = /^VIGIL_RESULT (\{.*\})$/m.exec(output)?.[1];
  const told = z
    .object({ nonce: z.string(), rc: z.number() })
    .safeParse(trailer ? JSON.parse(trailer) : null);
  return told.success && told.data.nonce === nonce && told.data.rc === 0;
}

/** The logs. They are complete when two reads are equal, and they are gone when the workspace is deleted. */
async function outputOf(account: CoderAccount, agent: string): Promise<string> {
  let last = '';
  for (let read = 0; read < 5; read++) {
    const answer = await call(
      account,
      'GET',
      `/workspaceagents/${encodeURIComponent(agent)}/logs?after=0&format=json`,
    );
    const logs = Logs.safeParse(answer.ok ? answer.body : []);
    const text = (logs.success ? logs.data : [])
      .sort((a, b) => a.id - b.id)
      .map((line) => line.output)
      .join('\n');
    if (read > 0 && text === last) return text;
    last = text;
  }
  return last;
}
