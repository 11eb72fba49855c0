// The wrapper for one order: the template that Coder's workspaces run, with the same seven values filled in. It must never put a
// value there that could be more than a value.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { orderVariables } from '#core/policy/environment';
import type { Order } from '../port.ts';

/** Linux gives one argument at most 128 KiB; Coder's parameter has the same bound. */
const MAX_PAYLOAD = 96 * 1024;

export function wrapperOf(order: Order): { ok: true; text: string } | { ok: false; reason: string } {
  const payload = gzipSync(order.script).toString('base64');
  if (payload.length > MAX_PAYLOAD) return { ok: false, reason: 'the script is too large for a workspace' };
  if (order.script.includes('\0')) return { ok: false, reason: 'the script holds a NUL byte' };
  if (!/^[0-9a-f]{32}$/.test(order.nonce)) return { ok: false, reason: 'the nonce is not 32 hex digits' };
  if (!Number.isInteger(order.timeoutSeconds) || order.timeoutSeconds < 1)
    return { ok: false, reason: 'the time-out is not a whole number of seconds' };
  const from = orderVariables(order.from);
  if (from === null)
    return { ok: false, reason: 'it is not said of which incident and commit the script is' };
  const values: Readonly<Record<string, string>> = {
    script_gz_b64: payload,
    script_sha256: createHash('sha256').update(order.script).digest('hex'),
    nonce: order.nonce,
    timeout_seconds: String(order.timeoutSeconds),
    incident_id: from.INCIDENT_ID,
    commit_sha: from.COMMIT_SHA,
    script_path: from.SCRIPT_PATH,
  };
  const template = readFileSync(new URL('../wrapper.sh', import.meta.url), 'utf8');
  const text = template.replaceAll(/\$\{([a-z0-9_]+)\}/g, (all, name: string) => values[name] ?? all);
  return { ok: true, text };
}
