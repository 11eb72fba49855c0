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
import { now, type Template } from './bodies.ts';
import { coderFront, type Planned, type Told } from './front.ts';
import { type Isolation, probe } from './isolation.ts';
import { latest, openYard, usual, type Ways, type Workspace } from './workspaces.ts';

/** `api` is the base URL, without /api/v2. */
export type Coder = {
  api: string;
  web: string;
  isolation: Isolation;
  /** How it behaves, to be changed while it runs. */
  ways: Ways;
  /** Answers to be given instead of its own. */
  planned: Planned[];
  hands: Hands;
  workspaces(): { name: string; status: string }[];
  close(): Promise<void>;
};
/** What somebody else does to a workspace, by its name, or to the server. */
export type Hands = {
  stop(name: string): void;
  start(name: string): void;
  remove(name: string): void;
  dormant(name: string): void;
  killAgent(name: string): void;
  restartAgent(name: string): void;
  /** The results of scripts that run now are lost, and one answer is a proxy's. */
  restartServer(): void;
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
  ways?: Partial<Ways>;
  scopedToken?: string;
  perMinute?: number; // requests of one token to one path
  told?: (answer: Told) => void; // hears every JSON answer
};

const shipped = fileURLToPath(new URL('image', import.meta.url));

/** Starts the stand-in, after trying whether bubblewrap works here. */
export async function startCoder({
  image = shipped,
  trusted = () => false,
  bwrap = 'bwrap',
  ...options
}: Options): Promise<Coder> {
  const { dir, token, organization, template } = options;
  mkdirSync(dir, { recursive: true });
  const ways = { ...usual, ...options.ways };
  const isolation = await probe(bwrap, dir, image);
  const yard = openYard({ dir, image, bwrap, isolation, template, trusted, ways });
  const planned: Planned[] = [];
  const { scopedToken, perMinute = 512, told } = options;
  const app = new Hono();
  app.get('/', (c) => c.html(page('Coder', 'Workspaces', overview(isolation, yard.all), 'live')));
  const before = { ...(scopedToken ? { scopedToken } : {}), ...(told ? { told } : {}) };
  const front = coderFront({ token, perMinute, planned, ...before });
  front.route('/', coderApi({ yard, organization, template, ways }));
  app.route('/', front);
  const { url, close } = await listen(app, options.weather?.door('coder'));
  return {
    api: url,
    web: url,
    ...{ isolation, ways, planned, hands: handsOn(yard, planned) },
    workspaces: () => yard.all.map((one) => ({ name: one.body.name, status: latest(one).body.status })),
    close: async () => {
      await yard.close();
      await close();
    },
  };
}

function handsOn(yard: ReturnType<typeof openYard>, planned: Planned[]): Hands {
  const named = (name: string): Workspace => {
    const found = yard.all.findLast(({ body }) => body.name === name);
    if (!found) throw new Error(`there is no workspace ${name}`);
    return found;
  };
  const agentsOf = (name: string) => latest(named(name)).agents;
  return {
    stop: (name) => void yard.add(named(name), 'stop'),
    start: (name) => void yard.add(named(name), 'start'),
    remove: (name) => void yard.add(named(name), 'delete'),
    dormant: (name) => {
      named(name).body.dormant_at = now();
    },
    killAgent: (name) => {
      for (const agent of agentsOf(name)) agent.lose();
    },
    restartAgent: (name) => {
      for (const agent of agentsOf(name)) void agent.connect();
    },
    restartServer: () => {
      for (const agent of yard.all.flatMap((one) => latest(one).agents)) agent.forget();
      planned.push({ path: /./, status: 502, html: '<h1>502 Bad Gateway</h1>', times: 1 });
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
      (one) =>
        html`<article><strong>${one.body.name}</strong> ${state(latest(one).body.status)} ${moment(one.body.created_at)}<p><code>${one.values['script_path']}</code></p></article>`,
    );
