// What the sandbox's two repositories start with. The product: this working tree's actions and workflows. The installation:
// what `vigil init` makes of the template, with the demo shop's runbooks and inventory in it, and no product code.
// It must never change anything else on the way.
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import { addresses } from '#core/addresses';
import type { Environment } from '../app/installation/from-environment.ts';
import { renderInstallation } from '../app/installation/render.ts';
import { readTemplate } from '../app/installation/template.ts';
import { createRepository } from './github/repository.ts';
import { withShop } from './shipped.ts';

export const PRODUCT = { owner: 'vigil-project', repo: 'vigil' };
export type Pin = { repository: string; sha: string; version: string };
export type ProductRepository = { pin: Pin; bare: string };

/** A bare repository with the product as it lies here, as one commit. Refuses when the bundles were not built. */
export async function productRepository(root: string, dir: string): Promise<ProductRepository> {
  const seed = join(dir, 'product-seed');
  await mkdir(seed, { recursive: true });
  for (const name of ['.github/workflows', 'LICENSE', '.gitattributes'])
    await cp(join(root, name), join(seed, name), { recursive: true });
  for (const action of await readdir(join(root, 'actions'))) {
    const from = join(root, 'actions', action);
    const parts = (await readdir(from)).filter((part) => part === 'action.yml' || part === 'dist');
    const main = parts.includes('action.yml') ? await mainOf(from) : null;
    if (main !== null && !existsSync(main))
      throw new Error(`actions/${action} has no bundle: run \`npm run build\` first`);
    for (const part of parts)
      await cp(join(from, part), join(seed, 'actions', action, part), { recursive: true });
  }
  const git = await createRepository(join(dir, 'product'), PRODUCT.owner, PRODUCT.repo, seed);
  const sha = await git.text(['rev-parse', 'HEAD']);
  return { pin: { repository: `${PRODUCT.owner}/${PRODUCT.repo}`, sha, version: 'v0.1.0' }, bare: git.dir };
}

async function mainOf(folder: string): Promise<string> {
  const { runs } = parseYaml(await readFile(join(folder, 'action.yml'), 'utf8')) as {
    runs: { main: string };
  };
  return join(folder, runs.main);
}

export type Seeded = {
  pin: Pin;
  appId: number;
  defaultBranch: string;
  /** Addresses by the names of .env.example. */
  environment: Environment;
  shop: { url: string; admin: string };
};

/** Fills `target` with the first commit of an installation. */
export async function seedInstallation(root: string, target: string, seeded: Seeded): Promise<void> {
  const { pin: product, appId, defaultBranch, environment, shop } = seeded;
  const own = withShop(await readFile(join(root, '.github/vigil.yml'), 'utf8'), shop);
  const settings = Object.entries(parseYaml(own) as Record<string, unknown>).filter(
    ([section]) => section !== 'v' && !(section in addresses),
  );
  const rendered = renderInstallation(await readTemplate(join(root, 'deploy/installation')), {
    ...{ product, appId, defaultBranch, environment, runner: 'ubuntu-24.04', owners: '@acme/platform' },
    settings: Object.fromEntries(settings),
  });
  if (!rendered.ok) throw new Error(`the installation cannot be made: ${rendered.problems.join('; ')}`);
  for (const [path, text] of Object.entries(rendered.files)) {
    await mkdir(dirname(join(target, path)), { recursive: true });
    await writeFile(join(target, path), text);
  }
  await cp(join(root, 'runbooks'), join(target, 'runbooks'), { recursive: true });
}
