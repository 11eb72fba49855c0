// `npm run lint:workflows`: prints each broken rule of .github/workflows as file:line: rule: reason. Exit code 1 for any.
// Must never pass a folder that holds no workflow.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lintWorkflow } from './workflow-rules.ts';

const root = join(import.meta.dirname, '..');
const folder = '.github/workflows';
const files = (await readdir(join(root, folder))).filter((name) => /\.ya?ml$/.test(name)).sort();
let broken = files.length === 0 ? 1 : 0;
for (const name of files) {
  const path = `${folder}/${name}`;
  for (const { line, rule, reason } of lintWorkflow(path, await readFile(join(root, path), 'utf8'), root)) {
    process.stdout.write(`${path}:${line}: ${rule}: ${reason}\n`);
    broken++;
  }
}
process.stdout.write(`${files.length} workflows, ${broken === 0 ? 'no' : broken} rules broken\n`);
process.exitCode = broken === 0 ? 0 : 1;
