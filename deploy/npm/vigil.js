#!/usr/bin/env node
// `vigil` of the npm package: starts the command line on a Node that can run it, or says which one it needs.
// It must stay plain JavaScript that an old Node reads, and import nothing that has to be installed.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE = 24;
const program = join(dirname(fileURLToPath(import.meta.url)), 'lib', 'index.js');

if (Number.parseInt(process.versions.node, 10) >= NODE) await import('./lib/index.js');
else {
  const brought = broughtNode();
  if (brought === null) fail();
  else start(brought);
}

/** The Node that npm brought beside this package; null: it has none for this machine, or was told to leave it out. */
function broughtNode() {
  try {
    const require = createRequire(import.meta.url);
    return join(
      dirname(require.resolve(`node-${process.platform}-${process.arch}/package.json`)),
      'bin',
      'node',
    );
  } catch {
    return null;
  }
}

function start(node) {
  const child = spawn(node, [program, ...process.argv.slice(2)], { stdio: 'inherit' });
  // The terminal tells the child as well; whoever signals this process alone means the child.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', fail);
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

function fail() {
  process.stderr.write(
    `vigil needs Node ${NODE} or newer and runs on ${process.version}: npm brings Node ${NODE} with it on Linux with glibc, unless it is told ` +
      `to leave out optional packages; elsewhere install Node ${NODE}.\n`,
  );
  process.exit(1);
}
