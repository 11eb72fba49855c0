// One long-lived `git cat-file` that reads objects by id (https://git-scm.com/docs/git-cat-file#_batch_output). It looks again
// for packs when it misses something, so that objects that arrive later are found.
// Must never give half an object: when the process dies, another is asked once more, and then whoever waits is told.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { GitType } from '#core/text/hash';

export type GitObject = { type: GitType; bytes: Buffer };
export type Reader = {
  /** Null: it is not in this clone. */
  read(id: string): Promise<GitObject | null>;
  has(id: string): Promise<boolean>;
  close(): void;
};
type Waiting = {
  whole: boolean;
  settle(found: { type: string; bytes: Buffer } | null): void;
  fail(error: Error): void;
};
const PATIENCE_MS = 30_000;
const KEPT = 2000;

class Died extends Error {
  override name = 'Died';
}
const SHA1 = /^[0-9a-f]{40}$/;

export function openReader(dir: string, env: Record<string, string>): Reader {
  let child: ChildProcessWithoutNullStreams | null = null;
  let waiting: Waiting[] = [];
  let rest: Buffer = Buffer.alloc(0);
  let patience: NodeJS.Timeout | undefined;
  let closed = false;

  const end = (reason: string, how: new (message: string) => Error = Error): void => {
    clearTimeout(patience);
    const failed = waiting;
    [child, waiting, rest] = [null, [], Buffer.alloc(0)];
    for (const { fail } of failed) fail(new how(`git cat-file ${reason}`));
  };

  const take = (): void => {
    for (let [first] = waiting; first; [first] = waiting) {
      const line = rest.indexOf(0x0a);
      if (line < 0) return;
      const [, type = '', size = ''] = rest.toString('latin1', 0, line).split(' ');
      const missing = type === 'missing' || size === '';
      const length = missing || !first.whole ? 0 : Number(size) + 1;
      if (rest.length < line + 1 + length) return;
      const bytes = rest.subarray(line + 1, line + 1 + Math.max(0, length - 1));
      rest = rest.subarray(line + 1 + length);
      waiting.shift();
      first.settle(missing ? null : { type, bytes });
    }
  };

  const start = (): ChildProcessWithoutNullStreams => {
    const started = spawn('git', ['cat-file', '--batch-command'], { cwd: dir, env });
    started.stdin.on('error', () => undefined); // that it ended is told by its end
    let said = '';
    started.stderr.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-KEPT);
    });
    let parts: Buffer[] = [];
    let wanted = 0;
    let have = 0;
    started.stdout.on('data', (chunk: Buffer) => {
      if (started !== child) return;
      // A large object comes in many pieces: they are joined once, not with every piece.
      parts.push(chunk);
      have += chunk.length;
      if (have < wanted) return;
      rest = Buffer.concat([rest, ...parts]);
      [parts, have] = [[], 0];
      take();
      const line = rest.indexOf(0x0a);
      const size = line < 0 ? 0 : Number(rest.toString('latin1', 0, line).split(' ')[2] ?? 0);
      wanted = waiting[0]?.whole && size > 0 ? line + 2 + size - rest.length : 0;
      clearTimeout(patience);
      if (waiting.length > 0) wait();
    });
    started.on('error', (error) => started === child && end(`cannot be run: ${error.message}`));
    started.on(
      'close',
      (code) => started === child && end(`ended with ${code}: ${said.trim() || 'it said nothing'}`, Died),
    );
    started.unref();
    for (const stream of [started.stdin, started.stdout, started.stderr])
      if ('unref' in stream && typeof stream.unref === 'function') stream.unref();
    return started;
  };
  const wait = (): void => {
    patience = setTimeout(() => {
      child?.kill('SIGKILL');
      end(`did not answer within ${PATIENCE_MS / 1000} s`);
    }, PATIENCE_MS);
  };
  const ask = (command: 'info' | 'contents', id: string) =>
    new Promise<{ type: string; bytes: Buffer } | null>((settle, fail) => {
      if (!SHA1.test(id)) throw new Error(`${JSON.stringify(id)} is no object id`);
      child ??= start();
      if (waiting.length === 0) wait();
      waiting.push({ whole: command === 'contents', settle, fail });
      child.stdin.write(`${command} ${id}\n`);
    });

  /** Reading is safe to repeat: a process that died, of whatever cause, is followed by another. */
  const twice: typeof ask = (command, id) =>
    ask(command, id).catch((error: unknown) => {
      if (closed || !(error instanceof Died)) throw error;
      return ask(command, id);
    });

  return {
    async read(id) {
      const found = await twice('contents', id);
      return found && { type: found.type as GitType, bytes: Buffer.from(found.bytes) };
    },
    has: async (id) => (await twice('info', id)) !== null,
    close() {
      closed = true;
      const open = child;
      end('was closed');
      open?.kill();
    },
  };
}
