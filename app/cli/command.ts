// What a command of `vigil` is, and the shell that it uses. A command reads arguments and files, prints, and gives an exit
// code. It must never read the environment, and never write to the terminal in another way.
import type { CliConfig } from '../config.ts';

/** 0: ok. 1: it found a fault. 2: wrong usage, or a file that cannot be read. A command may define its own. */
export type ExitCode = 0 | 1 | 2 | 3;

export type Shell = {
  cwd: string;
  config: CliConfig;
  /** It was installed as a package and is called `vigil`; otherwise a checkout calls it by npm. */
  installed?: boolean;
  /** Results, for people or programs. */
  out(text: string): void;
  /** Resolves when the reader has taken the results. A stream waits here. */
  taken(): Promise<void>;
  /** Standard input: UTF-8, in pieces of any size. */
  input(): AsyncIterable<Uint8Array>;
  /** Everything else. */
  err(text: string): void;
  /** Whether results go to a terminal that wants colours. */
  colour: boolean;
  /** Somebody sits at a terminal, sees what is said and can be asked. */
  person?: boolean;
  /** Hears, with the exit code that this asks for, when the process is told to end, which it then does itself. Gives what ends the hearing. */
  onStop?(hear: (code: number) => void): () => void;
  /** How a command that goes on waits for its next turn; rejects when the signal aborts. Without it, by the clock. */
  wait?(ms: number, signal: AbortSignal): Promise<void>;
};

export type Command = {
  name: string;
  summary: string;
  /** Shown by --help: usage line, options, what it checks, exit codes, an example. */
  usage: string;
  /** Exit code of wrong usage, when 2 has another meaning. */
  misused?: ExitCode;
  /** An ExitCode, but for what passes the code of something else on. */
  run(args: readonly string[], shell: Shell): Promise<number>;
};

/** The command was called wrongly: printed with its usage, exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The one word that a command takes, or null. What nobody would read is refused. */
export function oneWord(words: readonly string[], what: string): string | null {
  const [word, more] = words;
  if (more !== undefined) throw new UsageError(`name one ${what}, not also ${JSON.stringify(more)}`);
  return word ?? null;
}

/** A file or repository could not be read: printed alone, exit code 2. */
export class InputError extends Error {
  override name = 'InputError';
}
