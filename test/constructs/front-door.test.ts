// The contract through the front door: `vigil verify` says of each construct what stands for both engines, ten checks in a plan.
// VIGIL_TEST_CONSTRUCTS=all tries all of them, which takes some minutes; otherwise it is one in so many, and how many is said.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { installedChromium } from '../../sandbox/browser.ts';
import { root } from '../support/files.ts';
import { objects } from '../support/spawned.ts';
import { vigil } from '../support/vigil.ts';
import { all } from './all.ts';
import type { Construct, Word } from './construct.ts';
import { faultOf, recorded } from './contract.ts';
import { lightpandaPath, secondsOf } from './eyes.ts';
import { serve } from './server.ts';

const MOST_IN_A_PLAN = 10;
const SOME = 40;
/** More time than a look alone needs: what was too slow on a busy machine would be no word of the site. */
const PATIENCE = 2;

const every = process.env['VIGIL_TEST_CONSTRUCTS'] === 'all';
const tried = all.filter((_, at) => every || at % SOME === 0);
const plans = Array.from({ length: Math.ceil(tried.length / MOST_IN_A_PLAN) }, (_, at) =>
  tried.slice(at * MOST_IN_A_PLAN, (at + 1) * MOST_IN_A_PLAN),
);
const lines = recorded();
let folder = '';
let chromiumPath = '';
beforeAll(async () => {
  process.stderr.write(`vigil verify is asked about ${tried.length} of ${all.length} constructs.\n`);
  chromiumPath = await installedChromium();
  folder = await mkdtemp(join(tmpdir(), 'front-door-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the command line says of each, by its id. */
async function verify(some: readonly Construct[]): Promise<Map<string, Word>> {
  const dir = await mkdtemp(join(folder, 'plan-'));
  await mkdir(join(dir, '.github'));
  const sites = await Promise.all(some.map(({ site }) => serve(site)));
  try {
    const settings = await readFile(join(root, '.github/vigil.yml'), 'utf8');
    const places = sites.flatMap(({ url, other }, at) => [`SITE_${at}: ${url}`, `OTHER_${at}: ${other}`]);
    const parameters = ['    parameters:', ...places.map((place) => `      ${place}`)].join('\n');
    await writeFile(
      join(dir, '.github/vigil.yml'),
      settings.replace(
        '    description: The demo web shop.\n    parameters:',
        () => `    description: The demo web shop.\n${parameters}`,
      ),
    );
    const checks = some.map((one, at) =>
      JSON.stringify({ id: one.id, timeout_s: secondsOf(one, PATIENCE), ...one.check })
        .replaceAll('{SITE}', `{SITE_${at}}`)
        .replaceAll('{OTHER}', `{OTHER_${at}}`),
    );
    const [first] = some.map(({ id }) => id);
    await writeFile(
      join(dir, 'verify.yml'),
      `v: 1\nchecks:\n${checks.map((check) => `  - ${check}\n`).join('')}symptom: { checks: [${first}] }\n`,
    );
    const path = lightpandaPath();
    const browser = { chromiumPath, ...(path === undefined ? {} : { lightpandaPath: path }) };
    const config = { colour: false, token: null, server: 'https://github.com', browser };
    const args = ['verify', 'verify.yml', '--service', 'shop', '--rule', 'once', '--json'];
    const { out, err } = await vigil(dir, args, null, '', { config });
    if (out === '') throw new Error(err);
    const said = objects(out).filter((one) => 'check' in one && 'outcome' in one);
    if (said.length < some.length) throw new Error(`${said.length} of ${some.length} were looked at: ${err}`);
    return new Map(said.map((one) => [String(one['check']), one['outcome'] as Word]));
  } finally {
    await Promise.all(sites.map((site) => site.close()));
  }
}

const column = lightpandaPath() === undefined ? 'chromium' : 'together';

// Looks, of which most wait for what never comes.
vi.setConfig({ maxConcurrency: 6 });
it.concurrent.each(plans.map((plan, at) => ({ at, plan })))(
  'vigil verify says what the contract says, plan $at',
  async ({ plan }) => {
    const changes = (said: ReadonlyMap<string, Word>, some: readonly Construct[]) =>
      some.flatMap((construct) => {
        const word = said.get(construct.id) ?? 'inconclusive';
        const before = lines.get(construct.id)?.[column];
        return word === before ? [] : [{ construct, word, before, fault: faultOf(construct.truth, word) }];
      });
    const once = changes(await verify(plan), plan);
    // A busy machine shall change no line: what changed is looked at once more, by itself.
    const again = once.map(({ construct }) => construct);
    const twice = again.length === 0 ? [] : changes(await verify(again), again);
    if (once.length > twice.length)
      process.stderr.write(`seen otherwise once: ${again.map(({ id }) => id)}\n`);
    expect(twice.map(({ construct: { id }, ...rest }) => ({ id, ...rest }))).toEqual([]);
  },
);
