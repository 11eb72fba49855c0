// The page from which the sandbox is driven in a browser. It lives longer than any world: starting over ends one and
// starts the next, and only this page keeps its address. It must never have two worlds at once.
import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { listen } from '../listen.ts';
import { type Where, whereOf } from '../where.ts';
import type { World } from '../world.ts';
import { type Board, boardOf } from './board.ts';
import { faults, isFault, mend } from './faults.ts';
import { betweenPage, drivePage, refusedPage } from './page.ts';

/** Everybody who looks within this time sees the same, so that looking costs GitHub's limits little. */
const FRESH_MS = 2000;

export type Drive = { url: string; close(): Promise<void> };

/** Starts a world and the page that drives it; `up` hears where each world is. Throws when the first does not start. */
export async function startDrive(
  start: () => Promise<World>,
  up: (where: Where) => Promise<void>,
): Promise<Drive> {
  let world: World | null = await start();
  let starting: Promise<void> | null = null;
  let trouble: string | null = null;
  let seen: { at: number; board: Promise<Board> } | null = null;

  const app = new Hono();
  app.use(csrf());
  app.onError((error, c) =>
    error instanceof HTTPException
      ? c.html(refusedPage('This page takes presses of its own buttons only.'), error.status)
      : c.html(refusedPage(error.message), 500),
  );
  app.notFound((c) => c.html(refusedPage('There is no such page.'), 404));
  app.get('/', async (c) => {
    if (!world) return c.html(betweenPage(trouble));
    if (!seen || Date.now() - seen.at > FRESH_MS) seen = { at: Date.now(), board: boardOf(world) };
    return c.html(drivePage(whereOf(world, url), await seen.board));
  });
  const acting = (act: (running: World, c: Context) => Promise<void>) => async (c: Context) => {
    if (!world) return c.html(refusedPage('There is no world just now.'), 409);
    await act(world, c);
    seen = null;
    return c.redirect('/', 303);
  };
  app.post('/break/:what', async (c) => {
    const what = c.req.param('what');
    if (!isFault(what)) return c.notFound();
    return acting((running) => faults[what].begin(running, faults[what].title))(c);
  });
  app.post('/mend', acting(mend));
  app.post('/start-over', (c) => {
    starting ??= startOver().finally(() => {
      starting = null;
    });
    return c.redirect('/', 303);
  });

  async function startOver(): Promise<void> {
    const old = world;
    [world, trouble, seen] = [null, null, null];
    try {
      await old?.close();
      world = await start();
      await up(whereOf(world, url));
    } catch (error) {
      trouble = error instanceof Error ? error.message : String(error);
    }
  }

  const { url, close } = await listen(app);
  await up(whereOf(world, url));
  return {
    url,
    async close() {
      await starting;
      await Promise.all([world?.close(), close()]);
    },
  };
}
