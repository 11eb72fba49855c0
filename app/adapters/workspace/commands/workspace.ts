// The workspace of one sampling, from its making to its end. Must never leave one behind without saying so, nor end one that another
// made.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Order, Ran, Watch, Workspaces } from '../port.ts';

/** Where commands may run. The place's own account may only make workspaces of the template that reads. */
export type Commands = {
  /** `hear` is told each line of the script as it comes. */
  place(hear: (line: string) => void): Workspaces;
  /** Of the next workspace: another one at each call, and the same again in a job that is run again. */
  name(): string;
  from: Order['from'];
  /** How long one workspace may look in all. */
  lasts_s: number;
  redact(text: string): string;
  /** What is waited for. */
  tell?: (sentence: string) => void;
  /** What went wrong beside the looks. */
  warn?: (sentence: string) => void;
};

/** Not one look was taken there. */
const NEVER: readonly string[] = ['refused', 'provision_failed', 'agent_never_connected'];
const SPENT = 'its workspace has taken all the looks that it may';

/** Runs the script in the background until `end` is called, and tells `over` why nothing more will come, should it end before. */
export function beginLooks(
  commands: Commands,
  script: string,
  hear: (line: string) => void,
  over: (why: string) => void,
): { end(): Promise<void> } {
  const { redact, tell = () => {}, warn = () => {} } = commands;
  const ending = new AbortController();
  const { signal } = ending;
  const place = commands.place(hear);
  const order: Order = {
    ...{ name: commands.name(), script, nonce: randomBytes(16).toString('hex') },
    ...{ timeoutSeconds: Math.floor(commands.lasts_s), from: commands.from },
  };
  const watch: Watch = {
    now: Date.now,
    pause: (ms) => delay(ms),
    tell: (sentence) => tell(redact(sentence)),
  };
  let mayStand = false;
  const work = async (): Promise<string> => {
    const ready = await place.ready();
    if (!ready.ok) return `no workspace can be had: ${ready.reason}`;
    signal.throwIfAborted();
    mayStand = true;
    const ran = await place.run(order, { ...watch, pause: (ms) => delay(ms, undefined, { signal }) });
    mayStand = !ran.known || ran.made;
    return endedWords(ran);
  };
  const done = work()
    .catch((error: unknown) => `its workspace was lost: ${String(error)}`)
    .then((why) => over(redact(why)));
  return {
    async end() {
      ending.abort();
      await done;
      if (!mayStand) return;
      const ended = await place
        .end(order.name, watch)
        .catch((error: unknown) => ({ gone: false, reason: String(error) }));
      if (!ended.gone) warn(redact(`the workspace ${order.name} could not be removed: ${ended.reason}`));
    },
  };
}

/** It ended before it was to end. Whatever became of it, nothing more is seen. */
function endedWords(ran: Ran): string {
  if (!ran.known) return `its workspace was lost: ${ran.reason}`;
  if (ran.outcome === 'succeeded') return SPENT;
  const words = ran.output
    .split('\n')
    .findLast((line) => line.trim() !== '' && !line.startsWith('VIGIL_LOOK '));
  const why = words === undefined ? '' : `: ${words}`;
  return NEVER.includes(ran.outcome)
    ? `no workspace could be had${why}`
    : `its workspace ended before its time (${ran.outcome})${why}`;
}
