// The shell of a real process: standard streams, the environment's settings, where the person stands.
// Must never decide anything about a command line.
import { once } from 'node:events';
import { constants } from 'node:os';
import { cliConfig } from '../config.ts';
import type { Shell } from './command.ts';

type Main = (args: readonly string[], shell: Shell) => Promise<number>;

/** Runs this process' command line. `installed`: it was installed as a package, and is called `vigil`. */
export async function fromProcess(main: Main, installed = false): Promise<void> {
  const config = cliConfig(process.env);
  // The reader may have closed the pipe (`| head`).
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  process.exitCode = await main(process.argv.slice(2), {
    cwd: config.standing ?? process.cwd(),
    config,
    installed,
    out: (text) => void process.stdout.write(text),
    taken: async () => {
      if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
    },
    input: () => process.stdin,
    err: (text) => void process.stderr.write(text),
    colour: config.colour && process.stdout.isTTY,
    person: process.stdin.isTTY && process.stderr.isTTY,
    onStop,
  });
}

function onStop(hear: (code: number) => void): () => void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const heard = (signal: NodeJS.Signals) => hear(128 + constants.signals[signal]);
  for (const signal of signals) process.on(signal, heard);
  return () => {
    for (const signal of signals) process.off(signal, heard);
  };
}
