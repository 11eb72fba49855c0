// However the demo and the sandbox are ended, nothing of them is left: no process, no folder.
import { afterEach, expect, test } from 'vitest';
import { type Begun, begin } from '../support/leftovers.ts';

const open: Begun[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.remove())));
async function run(file: string, ...args: string[]): Promise<Begun> {
  const begun = await begin(file, args);
  open.push(begun);
  return begun;
}
const node = process.execPath;
const story = ['--scenario', 'checkout-errors', '--no-screenshots'];
const LIMIT_MS = 340_000;

test(
  'Ctrl-C, while jobs and a browser are at work',
  async () => {
    const demo = await run(node, 'sandbox/cli.ts', 'demo', ...story);
    await demo.says(/A root-cause note/);
    demo.child.kill('SIGINT');
    expect([await demo.ended(), await demo.left()]).toEqual([[130, null], []]);
    expect(demo.out() + demo.err()).not.toMatch(/\n\s+at |Error:/);
  },
  LIMIT_MS,
);

test.each([
  ['SIGTERM to the demo', 'SIGTERM', node, ['sandbox/cli.ts', 'demo', ...story], [143, null]],
  ['a terminal that is closed', 'SIGHUP', node, ['sandbox/cli.ts', 'demo', ...story], [129, null]],
  ['SIGTERM to npm', 'SIGTERM', 'npm', ['run', '-s', 'demo', '--', ...story], null],
  ['an npm that is killed', 'SIGKILL', 'npm', ['run', '-s', 'demo', '--', ...story], [null, 'SIGKILL']],
] as const)(
  '%s, while its world starts',
  async (_, signal, file, args, end) => {
    const demo = await run(file, ...args);
    await demo.says(/checkout-errors: /);
    demo.child.kill(signal);
    const ended = await demo.ended();
    if (end !== null) expect(ended).toEqual(end);
    expect(await demo.left()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a reader that has seen enough',
  async () => {
    const all = await run('sh', '-c', `'${node}' sandbox/cli.ts demo --no-screenshots | head -1`);
    expect(await all.ended()).toEqual([0, null]);
    expect(await all.left()).toEqual([]);
    expect(all.out().trim().split('\n')).toHaveLength(1);
  },
  LIMIT_MS,
);

test(
  'SIGTERM to the npm that keeps a sandbox up',
  async () => {
    const sandbox = await run('npm', 'run', '-s', 'sandbox', '--', '--json');
    await sandbox.says(/"github":.*\n/);
    sandbox.child.kill('SIGTERM');
    await sandbox.ended();
    expect(await sandbox.left()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a sandbox that is killed takes its app with it, though its folder stays',
  async () => {
    const sandbox = await run(node, 'sandbox/cli.ts', 'sandbox', '--json');
    await sandbox.says(/"github":.*\n/);
    sandbox.child.kill('SIGKILL');
    await sandbox.ended();
    expect(await sandbox.left()).toEqual([expect.stringMatching(/^vigil-\w+$/)]);
  },
  LIMIT_MS,
);
