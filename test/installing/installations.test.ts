// Two installations on one product, each with no program of its own: one calls its default branch trunk. Then one of them is
// upgraded by a pull request that `vigil check` judges, and goes on with the newer commit, while the other stays.
import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { asPerson, review } from '../../sandbox/people.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import { falseAlarm } from '../../sandbox/scenarios/false-alarm.ts';
import type { Scenario } from '../../sandbox/scenarios/scenario.ts';
import { type ProductRepository, productRepository } from '../../sandbox/seed.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { root } from '../support/files.ts';
import { vigil } from '../support/vigil.ts';

let dir: string;
let product: ProductRepository;
let trunk: World;
let other: World;
const ended = new Map<World, Incident>();
const git = (bare: string, ...args: string[]): string =>
  execFileSync('git', ['--git-dir', bare, '-c', 'user.name=t', '-c', 'user.email=t@example.com', ...args])
    .toString()
    .trim();

async function play(world: World, scenario: Scenario): Promise<Incident> {
  const before = ended.get(world)?.key;
  await scenario.begin(world);
  const done = (incident: Incident): boolean => incident.key !== before && settled(incident);
  const incident = await followUntil(world, { deadlineMs: 280_000, done, onRecord: () => undefined });
  if (!incident) throw new Error(`${scenario.name} did not end in ${world.owner}/${world.repo}`);
  await world.github.idle();
  return incident;
}

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'vigil-product-'));
  product = await productRepository(root, dir);
  const usual = { root, product };
  [trunk, other] = await Promise.all([
    startWorld({ ...usual, ...checkoutErrors.world, defaultBranch: 'trunk' }),
    startWorld({ ...usual, ...falseAlarm.world, repository: { owner: 'globex', repo: 'ops' } }),
  ]);
  const [first, second] = await Promise.all([play(trunk, checkoutErrors), play(other, falseAlarm)]);
  ended.set(trunk, first).set(other, second);
});
afterAll(async () => {
  await Promise.all([trunk?.close(), other?.close()]);
  await rm(dir, { recursive: true, force: true });
});

/** Files of the default branch of an installation. */
const filesOf = (world: World): string[] =>
  git(world.github.bareRepository, 'ls-tree', '-r', '--name-only', 'HEAD').split('\n');

test('both come to their end, on one commit of the product', async () => {
  for (const [world, scenario] of [
    [trunk, checkoutErrors],
    [other, falseAlarm],
  ] as const) {
    const incident = ended.get(world);
    if (!incident) throw new Error('nothing ended');
    const why = incident.latest['incident.escalated']?.data.reason ?? '';
    expect({ stage: incident.stage, why }).toEqual({ stage: 'RESOLVED', why: '' });
    for (const { what, ok } of await scenario.verdicts(world, incident)) expect.soft(ok, what).toBe(true);
    const caller = git(world.github.bareRepository, 'show', 'HEAD:.github/workflows/respond.yml');
    expect(caller).toContain(
      `uses: vigil-project/vigil/.github/workflows/respond-job.yml@${product.pin.sha}`,
    );
    expect(world.github.violations).toEqual([]);
  }
});

test('an installation holds no program', () => {
  for (const world of [trunk, other]) {
    const program = filesOf(world).filter((path) => /\.(ts|js|mjs|cjs)$|^(actions|app|sandbox)\//.test(path));
    expect(program).toEqual([]);
  }
});

test('where the default branch is trunk there is no main, and the remediation was merged into trunk', () => {
  const bare = trunk.github.bareRepository;
  expect(git(bare, 'for-each-ref', '--format=%(refname)', 'refs/heads/main')).toBe('');
  const key = ended.get(trunk)?.key ?? '';
  expect(filesOf(trunk)).toContain(`remediations/${key}/fix.sh`);
  expect(git(bare, 'symbolic-ref', 'HEAD')).toBe('refs/heads/trunk');
});

test('an upgrade is a pull request that raises callers and vigil.yml together, and the next incident runs on it', async () => {
  const next = git(
    product.bare,
    'commit-tree',
    `${product.pin.sha}^{tree}`,
    '-p',
    product.pin.sha,
    '-m',
    'The next release',
  );
  git(product.bare, 'update-ref', 'refs/heads/main', next);
  const work = await mkdtemp(join(dir, 'upgrade-'));
  // The sandbox serves git from this very process, so nothing here may block it.
  const run = promisify(execFile);
  const at = (...args: string[]) =>
    run('git', ['-C', work, '-c', 'user.name=sam', '-c', 'user.email=sam@example.com', ...args], {
      timeout: 60_000,
    });
  await at(
    'clone',
    '--quiet',
    trunk.github.git.replace('://', `://x-access-token:${trunk.people['sam']}@`),
    '.',
  );
  await at('checkout', '--quiet', '-b', 'upgrade');
  const raise = (...paths: string[]) =>
    execFileSync('sed', [
      '-i',
      `s/${product.pin.sha}/${next}/`,
      ...paths.map((path) => join(work, '.github', path)),
    ]);
  expect((await vigil(work, ['check'])).code).toBe(0);

  raise('workflows/respond.yml', 'workflows/remediate.yml', 'workflows/ingest.yml', 'workflows/watch.yml');
  const half = await vigil(work, ['check']);
  expect(half.code).toBe(1);
  expect(half.out).toContain(
    `.github/workflows/respond.yml:14: respond calls ${next}, and vigil.product.sha in vigil.yml is ${product.pin.sha}. Raise both in one pull request`,
  );
  raise('vigil.yml');
  expect(await vigil(work, ['check'])).toMatchObject({ code: 0, err: '' });

  await at('commit', '--quiet', '--all', '--message', 'Raise Vigil');
  await at('push', '--quiet', 'origin', 'upgrade');
  const pull = (await asPerson(trunk, 'sam', 'POST', '/pulls', {
    title: 'Raise Vigil',
    head: 'upgrade',
    base: 'trunk',
  })) as { number: number };
  await review(trunk, 'riley', pull.number, 'APPROVE'); // rules B and A: a code owner’s review, and Vigil’s own check
  await trunk.github.idle();
  await asPerson(trunk, 'sam', 'PUT', `/pulls/${pull.number}/merge`, { merge_method: 'squash' });
  await trunk.github.idle();

  const incident = await play(trunk, falseAlarm);
  expect(incident.records.some(({ type }) => type === 'context.retrieved')).toBe(true);
  const head = git(trunk.github.bareRepository, 'rev-parse', 'trunk');
  expect(git(trunk.github.bareRepository, 'show', `${head}:.github/workflows/respond.yml`)).toContain(next);
});
