// A Coder deployment with one template on one machine. It really runs the template's start script; see README.md for what
// differs from the vendor. It must never listen beyond loopback, for it executes what it is given.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { listen } from '../listen.ts';
import { page } from '../page.ts';
import { coderApi } from './api.ts';
import { type Isolation, probe } from './isolation.ts';
import { openYard, statusOf } from './workspaces.ts';

export type Coder = {
  /** Base URL, without /api/v2. */ api: string;
  web: string;
  isolation: Isolation;
  workspaces(): { name: string; status: string }[];
  close(): Promise<void>;
};
type Options = {
  /** Where workspaces keep their folders. */ dir: string;
  token: string;
  /** Name of the one organization. */ organization: string;
  template: { name: string; id: string; versionId: string };
  /** Folder of programs put last on PATH in a workspace. */ image?: string;
  /** Without bubblewrap, the digests of scripts that may run all the same: those the demo ships. */ trusted?: (
    sha256: string,
  ) => boolean;
  /** The bubblewrap program. */ bwrap?: string;
};

/** Starts the stand-in, after trying whether bubblewrap works here. */
export async function startCoder({
  dir,
  token,
  organization,
  template,
  image = fileURLToPath(new URL('image', import.meta.url)),
  trusted = () => false,
  bwrap = 'bwrap',
}: Options): Promise<Coder> {
  mkdirSync(dir, { recursive: true });
  const isolation = await probe(bwrap, dir, image);
  const yard = openYard({ dir, image, bwrap, isolation, trusted });
  const names = {
    organization: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
    organizationName: organization,
    template,
    version: 'v2.36.0+sandbox',
  };
  const app = new Hono();
  app.get('/', (c) =>
    c.html(
      page(
        'Coder',
        'Workspaces',
        html`<p>Isolation: <strong>${isolation}</strong></p><table><tr><th>Workspace</th><th>State</th><th>Script</th></tr>
${yard.all.map((one) => html`<tr><td>${one.name}</td><td>${statusOf(one.latest)}</td><td>${one.values['script_path']}</td></tr>`)}</table>`,
      ),
    ),
  );
  app.route('/', coderApi(yard, token, names));
  const { url, close } = await listen(app);
  return {
    api: url,
    web: url,
    isolation,
    workspaces: () => yard.all.map((one) => ({ name: one.name, status: statusOf(one.latest) })),
    close: async () => {
      await yard.close();
      await close();
    },
  };
}
