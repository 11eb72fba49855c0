// A Coder deployment with one template on one machine. It really runs the template's start script; see README.md for what
// differs from the vendor. It must never listen beyond loopback, for it executes what it is given.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { empty, moment, page, state } from '../page.ts';
import type { Weather } from '../weather/weather.ts';
import { coderApi } from './api.ts';
import { type Isolation, probe } from './isolation.ts';
import { openYard, type Template, type Workspace } from './workspaces.ts';

/** `api` is the base URL, without /api/v2. */
export type Coder = {
  api: string;
  web: string;
  isolation: Isolation;
  workspaces(): { name: string; status: string }[];
  close(): Promise<void>;
};
type Options = {
  dir: string; // where workspaces keep their folders
  token: string;
  organization: string; // name of the one organization
  template: Template;
  image?: string; // folder of programs put last on PATH in a workspace
  trusted?: (sha256: string) => boolean; // without bubblewrap, which scripts may run all the same: those the demo ships
  bwrap?: string; // the bubblewrap program
  weather?: Weather | undefined;
  queueMs?: number; // how long a build waits for somebody to take it
};

const shipped = fileURLToPath(new URL('image', import.meta.url));

/** Starts the stand-in, after trying whether bubblewrap works here. */
export async function startCoder({
  image = shipped,
  trusted = () => false,
  bwrap = 'bwrap',
  queueMs = 20,
  ...options
}: Options): Promise<Coder> {
  const { dir, token, organization, template } = options;
  mkdirSync(dir, { recursive: true });
  const isolation = await probe(bwrap, dir, image);
  const yard = openYard({ dir, image, bwrap, isolation, template, trusted, queueMs });
  const app = new Hono();
  app.get('/', (c) => c.html(page('Coder', 'Workspaces', overview(isolation, yard.all), 'live')));
  app.route('/', coderApi({ yard, token, organization, template }));
  const { url, close } = await listen(app, options.weather?.door('coder'));
  return {
    api: url,
    web: url,
    isolation,
    workspaces: () => yard.all.map(({ body }) => ({ name: body.name, status: body.latest_build.status })),
    close: async () => {
      await yard.close();
      await close();
    },
  };
}

const overview = (isolation: Isolation, all: Workspace[]) => html`<p>${guarded(isolation)}</p>
${all.length > 0 ? list(all) : empty('No workspace was made yet: one is when a script may run, and deleted after it.')}`;
const guarded = (isolation: Isolation): string =>
  isolation === 'bubblewrap'
    ? 'Scripts run in bubblewrap.'
    : 'There is no bubblewrap here, so scripts run as plain processes, and only those that the demo itself ships.';
const list = (all: Workspace[]) =>
  all
    .toReversed()
    .map(
      ({ body, values }) =>
        html`<article><strong>${body.name}</strong> ${state(body.latest_build.status)} ${moment(body.created_at)}<p><code>${values['script_path']}</code></p></article>`,
    );
