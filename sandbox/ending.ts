// How a command of the sandbox ends: one way for Ctrl-C, SIGTERM, a reader that went away and a starter that died. It must
// never leave a process or a folder behind, nor wait for ever for one that does not want to close.
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

export type Ending = {
  /** Resolves when somebody wants the command to end, with the exit code that says why. Never rejects. */
  readonly asked: Promise<number>;
  /** Has this closed before the process ends, however it ends; the answer takes it off the list and closes it. */
  closing(close: () => Promise<unknown>): () => Promise<unknown>;
};

const LOOK_MS = 250; // how soon a starter that died is noticed
const CLOSE_MS = 10_000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Our parent and, when that is a shell which only passes us on, as npm's is, the parent of that. */
function startedBy(): number[] {
  const parent = process.ppid;
  try {
    if (!/^[^\0]*sh\0(-[^\0]*\0)*-c\0/.test(readFileSync(`/proc/${parent}/cmdline`, 'utf8'))) return [parent];
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return [parent, Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2])];
  } catch {
    return [parent]; // no /proc here, or it is gone: then our parent is another one as well
  }
}

/**
 * Does the work and ends the process with its exit code, or earlier, when it is asked to. `endedBy` may turn the code of
 * such a request into another one. What is still open is closed first; a second request does not wait for that.
 */
export async function runToTheEnd(
  work: (ending: Ending) => Promise<number>,
  endedBy: (code: number) => number = (code) => code,
): Promise<never> {
  process.setMaxListeners(0); // every child and folder of every world listens for the end
  const open = new Set<() => Promise<unknown>>();
  const asked = Promise.withResolvers<number>();
  let ending = false;
  const ask = (code: number): void => {
    if (ending) process.exit(code);
    asked.resolve(code);
  };
  for (const signal of SIGNALS) process.on(signal, () => ask(128 + constants.signals[signal]));
  // Nobody reads any more: `| head`, a terminal that was closed.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => asked.resolve(128 + constants.signals.SIGPIPE));
  // npm passes a signal on to its shell, which may end without telling us; and whoever is killed tells nobody.
  const starters = startedBy().join();
  const orphaned = (): boolean => startedBy().join() !== starters;
  setInterval(() => orphaned() && asked.resolve(128 + constants.signals.SIGHUP), LOOK_MS).unref();

  const worked = work({
    asked: asked.promise,
    closing(close) {
      open.add(close);
      return () => {
        open.delete(close);
        return close();
      };
    },
  });
  const code = await Promise.race([worked, asked.promise.then(endedBy)]).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
  ending = true;
  // The work goes on in a world that is being closed; how it stumbles there is of no interest.
  process.on('uncaughtException', () => undefined);
  const late = new Promise((resolve) => setTimeout(resolve, CLOSE_MS));
  await Promise.race([late, Promise.allSettled([...open].map((close) => close()))]);
  process.exit(code);
}
