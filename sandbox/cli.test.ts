// The command line of demo and sandbox: what does not apply is refused with the help before anything starts, and what a machine
// lacks is said in sentences.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const cli = join(import.meta.dirname, 'cli.ts');
function run(args: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [cli, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: process.env['PATH'] ?? '', ...env },
  });
  return { out: stdout, err: stderr, code: status };
}

test.each([
  [[], 'say demo or sandbox'],
  [['dmeo'], 'there is no command dmeo'],
  [['demo', 'checkout-errors'], '"checkout-errors" is a word too many'],
  [['demo', '--scenario', 'checkout'], 'there is no scenario checkout; there are checkout-errors, '],
  [['demo', '--scenario'], "Option '--scenario <value>' argument missing"],
  [['demo', '--scenario', 'bad-flag', '--all'], '--scenario and --all exclude each other'],
  [['demo', '--scenario', 'bad-flag', '--together', '2'], '--scenario and --together exclude each other'],
  [
    ['demo', '--screenshots', 'x', '--no-screenshots'],
    '--screenshots and --no-screenshots exclude each other',
  ],
  [['demo', '--json', '--verbose'], '--json and --verbose exclude each other'],
  [['demo', '--together', '0'], '--together 0 is no number of worlds'],
  [['demo', '--together', '1.5'], '--together 1.5 is no number of worlds'],
  [['demo', '--screenshots', ''], '--screenshots names a folder'],
  [['demo', '--engine', 'firefox'], '--engine is one of both, lightpanda, chromium'],
  [['demo', '--approve'], "Unknown option '--approve'"],
  [['demo', '--no-json'], "Unknown option '--no-json'"],
  [['demo', '--jsno'], "Unknown option '--jsno'"],
  [['sandbox', '--scenario', 'bad-flag'], "Unknown option '--scenario'"],
  [['sandbox', 'up'], '"up" is a word too many'],
])('%j is refused with the help', (args, problem) => {
  const { out, err, code } = run(args);
  expect([out, code, err.split('\n')[0]]).toEqual(['', 2, expect.stringContaining(problem)]);
  expect(err).toMatch(/\n\nUsage: npm run (demo|sandbox) -- \[options\]\n/);
  expect(err).not.toMatch(/\n\s+at /);
});

test.each([[['--help']], [['demo', '--help']], [['sandbox', '-h']], [['help']]])('%j helps', (args) => {
  const { out, err, code } = run(args);
  expect([err, code, out]).toEqual(['', 0, expect.stringContaining('Exit codes: 0 as expected')]);
});

test.each([['demo'], ['sandbox']])('%s on a machine without git: one sentence, no stack', (command) => {
  const empty = mkdtempSync(join(tmpdir(), 'vigil-cli-'));
  const { out, err, code } = run([command], { PATH: empty, TMPDIR: empty, CHROMIUM_PATH: '/bin/false' });
  rmSync(empty, { recursive: true });
  expect([out, code]).toEqual(['', 1]);
  expect(err).toContain('git: not found. Install it (`apt-get install git`).\n');
  expect(err).not.toMatch(/\n\s+at |Error:/);
});

test('a temporary folder that is not there: one sentence, no stack', () => {
  const { out, err, code } = run(['demo', '--json'], { TMPDIR: '/no/such/folder' });
  expect([out, code]).toEqual(['', 1]);
  expect(err).toContain('temp: /no/such/folder may not be written to: it does not exist. Set TMPDIR');
  expect(err).not.toMatch(/\n\s+at |Error:/);
});
