// Kills a browser at a moment that nobody chose, again and again, while it is started, used and closed.
// It must never kill a process that it did not start: only what stands in the group, or is a child, of its own.

import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrowsers } from '#adapters/browser/sessions';

type Killed = { rounds: number; uncaught: string[]; left: string[]; outcomes: Record<string, number> };

/** Children of this process, and what has come to stand in their groups. */
async function descendants(): Promise<{ pid: number; name: string }[]> {
  const found: { pid: number; parent: number; group: number; name: string }[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    const [, name = '', state = '', parent = '', group = ''] = /\((.*)\) (\S) (\d+) (\d+)/s.exec(stat) ?? [];
    if (state !== '' && state !== 'Z')
      found.push({ pid: Number(pid), parent: Number(parent), group: Number(group), name });
  }
  const own = new Set(found.filter(({ parent }) => parent === process.pid).map(({ pid }) => pid));
  return found.filter(({ pid, group }) => own.has(pid) || own.has(group));
}

/** Each round starts a browser, kills the first of its processes, or a random one of them, after up to `within_ms`, and closes it. */
export async function killOften(
  engine: 'chromium' | 'lightpanda',
  path: string,
  url: string,
  rounds: number,
  within_ms: number,
): Promise<Killed> {
  const uncaught: string[] = [];
  const outcomes: Record<string, number> = {};
  const heard = (error: unknown) =>
    void uncaught.push(error instanceof Error ? `${error.message} ${error.stack ?? ''}` : String(error));
  process.on('uncaughtException', heard);
  process.on('unhandledRejection', heard);
  for (let round = 0; round < rounds; round += 1) {
    const browsers = openBrowsers(
      engine === 'chromium' ? { chromiumPath: path } : { lightpandaPath: path, chromiumPath: null },
    );
    const killed = sleep(Math.random() * within_ms).then(async () => {
      const all = await descendants();
      const leaders = all.filter(({ name }) => !name.startsWith('node'));
      const victim = round % 3 === 2 ? leaders[Math.floor(Math.random() * leaders.length)] : leaders[0];
      try {
        if (victim !== undefined) process.kill(victim.pid, 'SIGKILL');
      } catch {
        // It has ended by itself in the meantime.
      }
    });
    const used = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        const lease = await browsers.lease(engine);
        if (!lease.ok) return 'no browser';
        const { session } = lease;
        try {
          await session.page.goto(url, { timeout: 5_000 });
          await session.page.evaluate('document.body.innerText');
          await session.page.keyboard.type('x');
          await session.errors();
        } catch {
          return session.whyLost().then((why) => `lost: ${why}`);
        } finally {
          await session.release();
        }
      }
      return 'done';
    })();
    // Every other round is closed while it is still used.
    if (round % 2 === 1) await Promise.race([used, killed]);
    const said = round % 2 === 1 ? await Promise.all([used, browsers.close()]) : [await used];
    await browsers.close();
    await killed;
    outcomes[`${said[0]}`] = (outcomes[`${said[0]}`] ?? 0) + 1;
  }
  await sleep(500); // an error that comes late comes now
  process.off('uncaughtException', heard);
  process.off('unhandledRejection', heard);
  const rest = await descendants();
  return { rounds, uncaught, left: rest.map(({ name }) => name), outcomes };
}
