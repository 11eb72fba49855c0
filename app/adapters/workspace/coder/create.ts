// Makes the one workspace of an order, or finds that it is there. Must never run a script twice: a second workspace of this name
// cannot be made beside the first, so that the call may be repeated, and each repetition looks first.
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { orderVariables } from '#core/policy/environment';
import type { Order, Watch } from '../port.ts';
import { type Ask, type CoderAccount, MINUTE_MS, POLL_MS } from './api.ts';
import { CREATE_MS } from './clocks.ts';
import { type Build, look, parametersOf, seen, type Workspace } from './read.ts';
import { said } from './words.ts';

/** `nothing`: not one byte can have run. `doubt`: it may have. `stranger`: somebody else's workspace has the name. */
export type Created = { is: 'made'; build: Build } | { is: 'nothing' | 'doubt' | 'stranger'; reason: string };

const MOST_PAYLOAD = 96 * 1024;
const nothing = (reason: string): Created => ({ is: 'nothing', reason });
const doubt = (reason: string): Created => ({ is: 'doubt', reason });

export async function createWorkspace(
  ask: Ask,
  account: CoderAccount,
  order: Order,
  watch: Watch,
): Promise<Created> {
  const body = request(account, order);
  if (typeof body === 'string') return nothing(body);
  const until = watch.now() + CREATE_MS;
  let asked: 'not yet' | 'unclear' = 'not yet';
  let words = '';
  let refusal: string | null = null;
  let absent = 0;
  do {
    const there = await look(ask, order.name);
    if (there.is === 'deleted') return doubt(said.before(order.name));
    if (there.is === 'live') {
      const whose = await attach(ask, account, order, there.workspace);
      if (whose) return whose;
    } else if (there.is === 'refused') {
      return asked === 'not yet' ? nothing(said.asked(there.words)) : doubt(said.unclear(there.words));
    } else if (there.is === 'hidden') {
      // Twice the same word of Coder's own, and nothing there: it was not made.
      if (refusal !== null && absent++ > 0) return nothing(said.notMade(refusal));
      if (refusal !== null) {
        await watch.pause(POLL_MS);
        continue;
      }
      const answer = await ask('POST', '/users/me/workspaces', body);
      words = answer.words;
      if (answer.own && answer.status < 300) {
        const made = seen(answer);
        if (made.is === 'live') return mine(account, made.workspace);
        asked = 'unclear';
      } else if (!answer.own) asked = 'unclear';
      else if (answer.status >= 500) {
        asked = 'unclear';
        refusal = answer.words;
      } else if (answer.status !== 409 && answer.status !== 429) return nothing(said.notMade(answer.words));
      else if (answer.status === 429) await watch.pause(MINUTE_MS);
    } else {
      ({ words } = there);
      if (there.is === 'limited') await watch.pause(MINUTE_MS);
    }
    await watch.pause(POLL_MS);
  } while (watch.now() < until);
  return asked === 'not yet' ? nothing(said.asked(words)) : doubt(said.unclear(words));
}

/** Whether the workspace of this name is of this order, by what it was made with. Null: that cannot be told now. */
async function attach(
  ask: Ask,
  account: CoderAccount,
  order: Order,
  workspace: Workspace,
): Promise<Created | null> {
  const { latest_build: build } = workspace;
  const made = await parametersOf(ask, build.id);
  if (!made) return null;
  if (made.get('script_sha256') !== digestOf(order))
    return { is: 'stranger', reason: said.stranger(order.name) };
  if (made.get('nonce') !== order.nonce) return doubt(said.earlier(order.name));
  return mine(account, workspace);
}

/** It is of this order; whether a script that runs there can be trusted to be this one, once. */
function mine({ template }: CoderAccount, { template_name: from, latest_build: build }: Workspace): Created {
  if (from !== template) return doubt(said.template(from, template));
  return build.build_number === 1 && build.transition === 'start'
    ? { is: 'made', build }
    : doubt(said.claimed);
}

const digestOf = ({ script }: Order): string => createHash('sha256').update(script).digest('hex');

/** A sentence: why it cannot be asked for. Linux gives one variable at most 128 KiB, and each parameter is one. */
function request({ version, ttlMinutes }: CoderAccount, order: Order) {
  const payload = gzipSync(order.script).toString('base64');
  if (payload.length > MOST_PAYLOAD) return said.large;
  const from = orderVariables(order.from);
  if (from === null) return said.nobodys;
  const values = {
    incident_id: from.INCIDENT_ID,
    commit_sha: from.COMMIT_SHA,
    script_path: from.SCRIPT_PATH,
    script_sha256: digestOf(order),
    script_gz_b64: payload,
    nonce: order.nonce,
    timeout_seconds: String(order.timeoutSeconds),
  };
  return {
    name: order.name,
    template_version_id: version,
    rich_parameter_values: Object.entries(values).map(([name, value]) => ({ name, value })),
    ttl_ms: ttlMinutes * 60_000,
    automatic_updates: 'never',
  };
}
