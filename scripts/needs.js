// `node --import ./scripts/needs.js PROGRAM`: says in one sentence what a program of this project lacks before Node tries
// to load it. It must stay plain JavaScript that an old Node reads, and import nothing that has to be installed.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const program = process.argv[1] || '';

function complaint() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const missing = (packages) =>
    Object.keys(packages).filter((name) => !existsSync(join(root, 'node_modules', name, 'package.json')));
  const own = missing(dependencies);
  if (own.length > 0)
    return `The packages this needs are not installed (${some(own)}): run \`npm ci\` in ${root} first.`;
  if (Number.parseInt(process.versions.node, 10) < NODE)
    return (
      `This needs Node ${NODE} or newer and runs on ${process.version}: \`npm ci\` brings Node ${NODE} on Linux with glibc, unless ` +
      `it is told to leave out optional packages; elsewhere install Node ${NODE}.`
    );
  // What is below app/ runs in production as well, where nothing else is installed.
  const others = program.startsWith(join(root, 'app') + sep) ? [] : missing(devDependencies);
  if (others.length > 0)
    return (
      `Development packages are not installed (${some(others)}): run \`npm ci\` without --omit=dev and without ` +
      'NODE_ENV=production.'
    );
  return null;
}

function some(names) {
  return names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
}

const problem = complaint();
if (problem !== null) {
  process.stderr.write(`${problem}\n`);
  process.exit(1);
}
