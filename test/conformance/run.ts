// Runs the conformance suite, or prints its rules: `npm run test:conformance`, `npm run test:conformance -- --list`.
// Must never print a token; on a real repository it runs one file at a time, so that limits and order hold.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const root = join(import.meta.dirname, '../..');
const vitest = (args: string[], stdio: 'inherit' | 'pipe') =>
  spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: ['ignore', stdio, 'inherit'],
    encoding: 'utf8',
    maxBuffer: 16 * 1024 * 1024,
  });

function list(): number {
  const { stdout, status } = vitest(['list', 'test/conformance', '--json', '--staticParse=false'], 'pipe');
  if (status !== 0) return status ?? 1;
  const rules = JSON.parse(stdout.slice(stdout.indexOf('['))) as { name: string; file: string }[];
  let last = '';
  for (const [index, { name }] of rules.toSorted((a, b) => a.file.localeCompare(b.file)).entries()) {
    const [, subject = '', sentence = '', page = ''] = /^(.*?) > (.*) <(.*)>$/s.exec(name) ?? [];
    if (subject !== last) process.stdout.write(`\n${subject}\n`);
    last = subject;
    process.stdout.write(`${`${index + 1}.`.padStart(5)} ${sentence}\n      ${page}\n`);
  }
  process.stdout.write(`\n${rules.length} rules\n`);
  return rules.length > 0 ? 0 : 1;
}

function run(): number {
  const real = process.env['VIGIL_CONFORMANCE_TOKEN'] !== undefined;
  const where = real ? process.env['VIGIL_CONFORMANCE_REPOSITORY'] : 'the sandbox';
  process.stdout.write(`Conformance suite on ${where}\n`);
  if (!real)
    process.stdout.write(
      'VIGIL_CONFORMANCE_TOKEN is not set, so GitHub itself is NOT asked; see README.md there.\n',
    );
  const one = real ? ['--no-file-parallelism'] : [];
  return vitest(['run', 'test/conformance', '--reporter=verbose', ...one], 'inherit').status ?? 1;
}

function wanted(): { list: boolean } {
  try {
    return parseArgs({ options: { list: { type: 'boolean', default: false } } }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\nUsage: npm run test:conformance [-- --list]\n`);
    process.exit(2);
  }
}

const { list: listed } = wanted();
if (!existsSync(join(root, 'node_modules/vitest'))) throw new Error('run `npm ci` first');
process.exitCode = listed ? list() : run();
