// The workspaces of this machine as folders of one directory: the name is the folder, and only one can have it. Written whole and
// then put in place, so that nobody finds half of one. It must never be a directory that others may write to.
import { createHash, randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { Order, Ran, Standing } from '../port.ts';

const Kept = z.object({ v: z.literal(1), order: z.string(), tag: z.string(), since: z.string() });
export type Kept = z.infer<typeof Kept>;

/** What makes an order this one and no other. */
export const orderDigest = ({ name, script, nonce, timeoutSeconds, from }: Order): string =>
  createHash('sha256')
    .update(JSON.stringify([name, script, nonce, timeoutSeconds, from.incident, from.commit, from.path]))
    .digest('hex');

/** Marks the processes of an order, which anybody may see. It gives the nonce not away. */
export const tagOf = (order: Order): string => `vigil-${orderDigest(order).slice(0, 32)}`;

/** Makes the directory, or sees that it is this user's alone. */
export async function ownDirectory(dir: string): Promise<{ ok: true } | { ok: false; reason: string }> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const found = await lstat(dir);
  const own = found.isDirectory() && found.uid === process.getuid?.() && (found.mode & 0o077) === 0;
  return own
    ? { ok: true }
    : { ok: false, reason: `${dir} is not this user’s alone (chmod 700), so nothing is kept there` };
}

/** Gives the name to this order. False: it is taken. A folder put in the place of one that has something in it is refused by the kernel. */
export async function claim(dir: string, order: Order, since: string): Promise<boolean> {
  const made = join(dir, `.new-${randomUUID()}`);
  await mkdir(made, { mode: 0o700 });
  const kept: Kept = { v: 1, order: orderDigest(order), tag: tagOf(order), since };
  await writeFile(join(made, 'order.json'), JSON.stringify(kept), { flush: true });
  try {
    await rename(made, join(dir, order.name));
    return true;
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    const code = error instanceof Error && 'code' in error ? error.code : '';
    if (code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

/** `none`: no workspace has this name. `odd`: one has, and what it is cannot be read. */
export async function keptOf(dir: string, name: string): Promise<Kept | 'none' | 'odd'> {
  try {
    return Kept.parse(JSON.parse(await readFile(join(dir, name, 'order.json'), 'utf8')));
  } catch {
    return (await lstat(join(dir, name)).catch(() => null)) === null ? 'none' : 'odd';
  }
}

/** Puts down what came of it, for whoever asks later. A folder that was taken away meanwhile stays away. */
export async function keepOutcome(dir: string, name: string, ran: Ran): Promise<void> {
  const half = join(dir, name, `.ended-${randomUUID()}`);
  try {
    await writeFile(half, JSON.stringify(ran), { flush: true });
    await rename(half, join(dir, name, 'ended.json'));
  } catch {} // the workspace is gone, and with it whoever would ask
}

export async function outcomeKept(dir: string, name: string): Promise<Ran | null> {
  const text = await readFile(join(dir, name, 'ended.json'), 'utf8').catch(() => null);
  return text === null ? null : (JSON.parse(text) as Ran); // written by this program, into a directory of this user alone
}

/** Gives the name back at once, so that nobody finds half of it, and then takes away what is left. */
export async function remove(dir: string, name: string): Promise<void> {
  const gone = join(dir, `.gone-${randomUUID()}`);
  const error = await rename(join(dir, name), gone).then(
    () => null,
    (fault: NodeJS.ErrnoException) => fault,
  );
  if (error && error.code !== 'ENOENT') throw error;
  // Whoever ran it may be writing the outcome down this very moment.
  await rm(gone, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
}

export async function standingIn(dir: string): Promise<Standing[]> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  const all = names.filter((name) => !name.startsWith('.')).sort();
  return Promise.all(
    all.map(async (name) => {
      const kept = await keptOf(dir, name);
      return { name, since: typeof kept === 'string' ? null : kept.since };
    }),
  );
}
