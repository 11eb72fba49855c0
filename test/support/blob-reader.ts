// Reads a bare repository through one `git cat-file --batch` that stays open: looking at the ledger ten times a second must
// not cost a process each time. For tests only. It must never write.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

export type BlobReader = {
  /** The object's bytes and id; null when there is none of that name. */
  read(name: string): Promise<{ id: string; bytes: Buffer } | null>;
  /** Names and ids in a tree, in order. */
  tree(name: string): Promise<{ name: string; id: string }[]>;
  close(): void;
};

export function openBlobReader(bare: string): BlobReader {
  const child: ChildProcess = spawn('git', ['-C', bare, 'cat-file', '--batch'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let seen = Buffer.alloc(0);
  child.stdout?.on('data', (chunk: Buffer) => {
    seen = Buffer.concat([seen, chunk]);
  });
  const enough = async (length: () => number): Promise<void> => {
    while (length() > seen.length || length() < 0) if (child.stdout) await once(child.stdout, 'data');
  };
  /** Each answer is a line `<id> <type> <size>`, the bytes and a line end; or a line that ends in `missing`. */
  const answer = async (name: string) => {
    child.stdin?.write(`${name}\n`);
    await enough(() => seen.indexOf(10));
    const end = seen.indexOf(10);
    const [id = '', , size] = seen.toString('utf8', 0, end).split(' ');
    const from = end + 1;
    if (size === undefined || Number.isNaN(Number(size))) {
      seen = seen.subarray(from);
      return null;
    }
    const to = from + Number(size);
    await enough(() => to + 1);
    const bytes = Buffer.from(seen.subarray(from, to));
    seen = seen.subarray(to + 1);
    return { id, bytes };
  };
  let turn: Promise<unknown> = Promise.resolve();
  const read: BlobReader['read'] = (name) => {
    const next = turn.then(() => answer(name));
    turn = next.catch(() => undefined);
    return next;
  };
  return {
    read,
    async tree(name) {
      const bytes = (await read(name))?.bytes ?? Buffer.alloc(0);
      const entries: { name: string; id: string }[] = [];
      for (let at = 0; at < bytes.length; ) {
        const [space, end] = [bytes.indexOf(32, at), bytes.indexOf(0, at)];
        entries.push({
          name: bytes.toString('utf8', space + 1, end),
          id: bytes.toString('hex', end + 1, end + 21),
        });
        at = end + 21;
      }
      return entries;
    },
    close: () => void child.kill(),
  };
}
