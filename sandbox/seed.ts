// What the sandbox's repository starts with: this project's own workflows, actions, runbooks and settings, with the demo
// shop's addresses put into vigil.yml. It must never change anything else on the way.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const whole = ['.github', 'runbooks', 'remediations', 'LICENSE'];

/** Fills `target` with the first commit of main. Refuses when the bundles were not built. */
export async function seedRepository(
  root: string,
  target: string,
  shop: { url: string; admin: string },
): Promise<void> {
  await mkdir(target, { recursive: true });
  for (const name of whole) await cp(join(root, name), join(target, name), { recursive: true });
  for (const action of await readdir(join(root, 'actions'))) {
    const from = join(root, 'actions', action);
    const parts = (await readdir(from)).filter((part) => part === 'action.yml' || part === 'dist');
    if (parts.length === 0) continue;
    if (parts.length < 2) throw new Error(`actions/${action} has no dist: run \`npm run build\` first`);
    for (const part of parts)
      await cp(join(from, part), join(target, 'actions', action, part), { recursive: true });
  }
  const settings = join(target, '.github', 'vigil.yml');
  const text = await readFile(settings, 'utf8');
  await writeFile(
    settings,
    text.replaceAll('http://127.0.0.1:4600', shop.url).replaceAll('http://127.0.0.1:4601', shop.admin),
  );
}
