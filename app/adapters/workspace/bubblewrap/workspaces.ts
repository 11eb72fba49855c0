// Workspaces on this machine, by bubblewrap: the port's second place. One script, closed off, and gone when it ends or when whoever
// began it ends. It must never run a script outside of bubblewrap, and never twice under one name.
import type { Ended, Order, Ran, Watch, Workspaces } from '../port.ts';
import { type Begun, begin } from './begin.ts';
import type { Network } from './enclosure.ts';
import {
  claim,
  type Kept,
  keepOutcome,
  keptOf,
  orderDigest,
  outcomeKept,
  ownDirectory,
  remove,
  standingIn,
  tagOf,
} from './folders.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { outcomeOf } from './outcome.ts';
import type { Stream } from './output.ts';
import { endProcesses, processesOf } from './processes.ts';
import { cureOf, probe } from './ready.ts';
import { wrapperOf } from './wrapper.ts';

export type Here = {
  /** Where the workspaces are told of; one directory for all processes that shall see each other's. */
  dir: string;
  network?: Network;
  limits?: Limits;
  bwrap?: string;
  /** Gets every line as the script says it. */
  hear?: (stream: Stream, line: string) => void;
};

const POLL_MS = 50;
/** After the wrapper's own time-out it has 15 seconds to kill; then it is over here. */
const GRACE_MS = 30_000;
/** So long a workspace may have neither a process nor an outcome, while the one who runs it writes the outcome down. */
const SILENCE_MS = 5_000;
const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

const refused = (reason: string): Extract<Ran, { known: true }> => ({
  ...{ known: true, outcome: 'refused', exit: null, output: reason, ms: 0, said: 'place', made: false },
});

export function bubblewrapWorkspaces(here: Here): Workspaces {
  const { dir, bwrap = 'bwrap', hear = () => undefined } = here;
  const enclosure = { network: here.network ?? 'none', limits: here.limits ?? defaultLimits };
  return {
    ready: async () => {
      const own = await ownDirectory(dir);
      return own.ok ? probe(bwrap, enclosure) : own;
    },
    async run(order, watch) {
      if (!NAME.test(order.name)) return refused(`${JSON.stringify(order.name)} is no name of a workspace`);
      const wrapper = wrapperOf(order);
      if (!wrapper.ok) return refused(wrapper.reason);
      const own = await ownDirectory(dir);
      if (!own.ok) return refused(own.reason);
      if ((await keptOf(dir, order.name)) !== 'none') return taken(dir, order, watch);
      const began = watch.now();
      const begun = begin(bwrap, enclosure, wrapper.text, { nonce: order.nonce, tag: tagOf(order) }, hear);
      if (!(await claim(dir, order, new Date(began).toISOString()))) {
        begun.kill();
        await begun.ended;
        return taken(dir, order, watch);
      }
      begun.go();
      const ran = await follow(begun, order, began, watch);
      await keepOutcome(dir, order.name, ran);
      return ran;
    },
    end: (name, watch, known) => end(dir, name, watch, known?.seen ?? false),
    list: () =>
      standingIn(dir).then(
        (standing) => ({ ok: true, standing }),
        ({ message }: Error) => ({ ok: false, reason: message }),
      ),
  };
}

async function follow(begun: Begun, order: Order, began: number, watch: Watch): Promise<Ran> {
  const until = began + order.timeoutSeconds * 1000 + GRACE_MS;
  let late = false;
  watch.tell('the script is at work');
  for (;;) {
    const ended = await Promise.race([begun.ended, watch.pause(POLL_MS)]);
    if (ended) {
      if (ended.error !== null) return { ...refused(cureOf(ended.error)), made: true };
      const seen = {
        ...ended,
        late,
        last: begun.output.last(),
        ms: watch.now() - began,
        output: begun.output.text(),
      };
      return outcomeOf(seen);
    }
    if (watch.now() <= until) continue;
    late = true;
    begun.kill();
  }
}

/** The name is another's, or this order's own from before: then it is followed, whichever process runs it. */
async function taken(dir: string, order: Order, watch: Watch): Promise<Ran> {
  let quiet: number | null = null;
  watch.tell('another process runs it, and its end is waited for');
  for (;;) {
    const kept = await keptOf(dir, order.name);
    if (kept === 'none')
      return { known: false, reason: 'the workspace vanished while the script ran', output: '' };
    if (kept === 'odd' || kept.order !== orderDigest(order))
      return refused(`a workspace ${order.name} is there already and runs something else`);
    const ran = await outcomeKept(dir, order.name);
    if (ran) return ran;
    if (alive(kept)) quiet = null;
    else quiet ??= watch.now();
    if (quiet !== null && watch.now() - quiet > SILENCE_MS)
      return {
        known: false,
        reason: 'whoever ran it is gone and did not write down what came of it',
        output: '',
      };
    await watch.pause(POLL_MS);
  }
}

const alive = ({ tag }: Kept): boolean => processesOf(tag).length > 0;

async function end(dir: string, name: string, watch: Watch, seen: boolean): Promise<Ended> {
  if (!NAME.test(name))
    return { dead: true, gone: true, reason: `${JSON.stringify(name)} is no name of a workspace` };
  const kept = await keptOf(dir, name);
  // Its folder may have been taken away by hand, with the script still at work: who saw it there needs another proof.
  if (kept === 'none') return { dead: !seen, gone: true, reason: `there is no workspace ${name} here` };
  if (kept === 'odd')
    return { dead: false, gone: false, reason: `what runs in ${name} cannot be read, so it cannot be ended` };
  if (!(await endProcesses(kept.tag, watch)))
    return { dead: false, gone: false, reason: `${name} has processes that could not be ended` };
  await remove(dir, name);
  return { dead: true, gone: true, reason: '' };
}
