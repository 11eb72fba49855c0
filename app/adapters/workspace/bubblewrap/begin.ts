// Begins bubblewrap for one order and gathers what is seen of it. The script does not run before `go`. It must never outlive this
// process, nor share its environment, its terminal or its rights.
import { spawn } from 'node:child_process';
import { type Enclosure, enclose, endMark, systemPath } from './enclosure.ts';
import { openOutput, type Stream } from './output.ts';

export type Begun = {
  go(): void;
  kill(): void;
  output: { text(): string; last(): ReturnType<ReturnType<typeof openOutput>['last']> };
  /** Resolves when all of it has ended and all that it said is read. */
  ended: Promise<{ exit: number | null; begun: boolean; error: string | null }>;
};

/**
 * The kernel does not count root's processes, and a fork bomb of root's would not be stopped. So root begins bubblewrap as nobody,
 * which needs no rights of root's.
 */
const nobody = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};

export function begin(
  bwrap: string,
  enclosure: Enclosure,
  wrapper: string,
  { nonce, tag }: { nonce: string; tag: string },
  tell: (stream: Stream, line: string) => void,
): Begun {
  const output = openOutput(nonce, tell);
  // A session of its own, so that Ctrl-C at the terminal reaches this process, which then ends it in order.
  const child = spawn(bwrap, enclose(enclosure, tag), {
    ...nobody,
    ...{ env: { PATH: systemPath }, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe', 'pipe'] },
  });
  const read = (stream: Stream, from: NodeJS.ReadableStream | null) => {
    const reader = output.reader(stream);
    from?.on('data', reader.more).on('end', reader.end);
  };
  read('out', child.stdout);
  read('err', child.stderr);
  let status = '';
  const told = child.stdio[3];
  if (told && 'on' in told)
    told.on('data', (piece: Buffer) => {
      status = (status + piece.toString()).slice(0, 4000);
    });
  child.stdin?.on('error', () => undefined); // it ended before it was told to go
  const ended = new Promise<{ exit: number | null; begun: boolean; error: string | null }>((resolve) => {
    child.once('error', ({ message }) => resolve({ exit: null, begun: false, error: message }));
    // Bubblewrap tells an exit code there only when the walls stood and the program began.
    child.once('close', (exit) => resolve({ exit, begun: status.includes('"exit-code"'), error: null }));
  });
  return {
    go: () => void child.stdin?.end(`${wrapper}\n${endMark(tag)}\n`),
    kill: () => void child.kill('SIGKILL'),
    output,
    ended,
  };
}
