// Coder as a place where one approved script runs, once. Must never guess an outcome: what nobody saw is unknown, and no failure.
import * as z from 'zod';
import type { Order, Ran, Standing, Watch, Workspaces } from '../port.ts';
import { type Ask, asking, type CoderAccount, POLL_MS } from './api.ts';
import { createWorkspace } from './create.ts';
import { endWorkspace } from './end.ts';
import { type Memory, type Next, next } from './follow.ts';
import { agentsOf, look, lookAtBuild, type Row, rowsAfter } from './read.ts';
import { readyCoder } from './ready.ts';
import { linesOf, outputOf } from './witnesses.ts';

/** Is told every line of a script's output as Coder's log has it, once and in order; never the wrapper's own. */
type Hear = (line: string) => void;
const deaf: Hear = () => undefined;

export function coderWorkspaces(
  account: CoderAccount,
  ask: Ask = asking(account),
  hear: Hear = deaf,
): Workspaces {
  return {
    ready: () => readyCoder(ask, account),
    run: (order, watch) => runInCoder(ask, account, order, watch, hear),
    end: (name, watch, known) => endWorkspace(ask, name, watch, known),
    list: () => listWorkspaces(ask),
  };
}

async function runInCoder(
  ask: Ask,
  account: CoderAccount,
  order: Order,
  watch: Watch,
  hear: Hear,
): Promise<Ran> {
  const began = watch.now();
  const created = await createWorkspace(ask, account, order, watch);
  if (created.is === 'doubt') return { known: false, reason: created.reason, output: '' };
  if (created.is !== 'made') {
    const place = { known: true, outcome: 'refused', exit: null, said: 'place', made: false } as const;
    return { ...place, output: created.reason, ms: watch.now() - began };
  }
  const { nonce, timeoutSeconds } = order;
  const memory: Memory = {
    ...{ build: created.build.id, nonce, timeoutSeconds, stage: 'queue' },
    ...{ since: new Map(), agent: null, exit: null, rows: new Map() },
  };
  const end = await followed(ask, order.name, memory, watch, hear);
  const output = outputOf(memory.rows.values(), nonce);
  if (end.do === 'prove') return proved(ask, order.name, memory, watch, { ...end, ms: watch.now() - began });
  const { verdict } = end;
  if (!verdict.known) return { known: false, reason: verdict.reason, output };
  const { outcome, exit, said, why } = verdict;
  return {
    known: true,
    outcome,
    exit,
    said,
    output: output || (why ?? ''),
    ms: watch.now() - began,
    made: true,
  };
}

type Ending = Exclude<Next, { do: 'wait' }>;

async function followed(ask: Ask, name: string, memory: Memory, watch: Watch, hear: Hear): Promise<Ending> {
  let told = '';
  let blank = 0; // empty lines that may be the last, which are no part of what people read
  for (;;) {
    const seen = await look(ask, name);
    const visible = seen.is === 'live' ? agentsOf(seen.workspace.latest_build)[0]?.id : undefined;
    for (const line of linesOf(await readLog(ask, memory, visible), memory.nonce)) {
      if (line === '') blank++;
      else for (; blank > 0; blank--) hear('');
      if (line !== '') hear(line);
    }
    const then = next(memory, seen, watch.now());
    if (then.do !== 'wait') return then;
    if (then.for !== told) watch.tell(then.for);
    told = then.for;
    await watch.pause(POLL_MS);
  }
}

/** Takes what is new. Rows vanish with the next build, so that they are read while they are there. */
async function readLog(ask: Ask, { rows, agent }: Memory, visible: string | undefined): Promise<Row[]> {
  const id = agent?.id ?? visible;
  if (id === undefined) return [];
  const last = Math.max(0, ...[...rows.keys()].slice(-1));
  const read = ((await rowsAfter(ask, id, last)) ?? []).filter((row) => !rows.has(row.id));
  for (const row of read) rows.set(row.id, row);
  return read;
}

type Unproved = { outcome: 'provision_failed' | 'agent_never_connected'; why: string; ms: number };

/** Takes the workspace away, and looks meanwhile whether its agent came after all. */
async function proved(
  ask: Ask,
  name: string,
  { build }: Memory,
  watch: Watch,
  { outcome, why, ms }: Unproved,
): Promise<Ran> {
  let looked = false;
  let came = false;
  const turn = async (): Promise<void> => {
    const ours = await lookAtBuild(ask, build);
    if (!ours) return;
    looked = true;
    came ||= agentsOf(ours).some(({ first_connected_at: at }) => at != null);
  };
  watch.tell(`${why}; its workspace is taken away`);
  const ended = await endWorkspace(ask, name, watch, { seen: true, turn });
  if (came || !looked || !ended.gone) {
    const left = came
      ? 'its agent came after all, and it may have run'
      : ended.reason || 'whether its agent came after all was not seen';
    return { known: false, reason: `${why}; ${left}`, output: '' };
  }
  return { known: true, outcome, exit: null, output: why, ms, said: 'place', made: true };
}

const Page = z.object({
  workspaces: z.array(z.object({ name: z.string(), created_at: z.string().nullish() })),
  count: z.int(),
});
const PAGE = 100;

/** https://coder.com/docs/reference/api/workspaces#list-workspaces */
async function listWorkspaces(ask: Ask): Promise<Awaited<ReturnType<Workspaces['list']>>> {
  const standing: Standing[] = [];
  for (;;) {
    const answer = await ask('GET', `/workspaces?q=owner:me&limit=${PAGE}&offset=${standing.length}`);
    const page = Page.safeParse(answer.own && answer.status === 200 ? answer.body : null);
    if (!page.success) return { ok: false, reason: answer.words };
    const { workspaces, count } = page.data;
    standing.push(...workspaces.map(({ name, created_at: since }) => ({ name, since: since ?? null })));
    if (workspaces.length === 0 || standing.length >= count) return { ok: true, standing };
  }
}
