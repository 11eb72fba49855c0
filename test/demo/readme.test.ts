// README's own command lines, word for word and in their order, as somebody types them who reads it from top to bottom:
// one shell, one sandbox. A line that is neither run here nor named below with the place that runs it fails the test.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text as allOf } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sanity, startSanity } from '../../sandbox/sanity/server.ts';
import { root } from '../support/files.ts';
import { eventually } from '../support/outside.ts';

/** What each line says, and how it ends where that is not with 0. */
const told: Readonly<Record<string, { says: RegExp; code?: number }>> = {
  'npm run sandbox -- --where where.json &': { says: /^/ },
  'until [ -s where.json ]; do sleep 1; done': { says: /Drive it +http:\/\/127\.0\.0\.1:\d+/ },
  [`j() { node -p "require('./where.json')$1"; }`]: { says: /^$/ },
  'curl -sX POST "$(j .shop.admin)/break/workers"': { says: /"stuck":2/ },
  'curl -s "$(j .pagerduty.events)/v2/enqueue" -H \'content-type: application/json\' -d \'{"routing_key": "\'"$(j .pagerduty.routingKey)"\'",\n  "event_action": "trigger", "payload": {"summary": "Order workers are exhausted", "source": "shop", "severity": "critical"}}\'':
    { says: /"status":"success"/ },
  'pulls=$(j .github.api)/repos/acme/production/pulls': { says: /^$/ },
  'riley="authorization: token $(j .github.people.riley)"': { says: /^$/ },
  'until curl -s "$pulls" -H "$riley" | grep -q \'"number": *2\'; do sleep 2; done': { says: /^$/ },
  'curl -s "$pulls/2" -H "$riley" | node -p "JSON.parse(require(\'fs\').readFileSync(0)).body"': {
    says: /\*\*What is broken\*\* Order workers are exhausted/,
  },
  'curl -s "$pulls/2/reviews" -H "$riley" -H \'content-type: application/json\' -d \'{"event": "APPROVE"}\'':
    {
      says: /"state":"APPROVED"/,
    },
  'npm run vigil -- check': { says: /^ok: \.github\/vigil\.yml and \d+ runbooks, no problems/m },
  'npm run vigil -- eval': { says: /^of \d+ cases \d+ right, \d+ too careful, 0 wrong/m },
  'npm run ingest:runbooks ./runbooks': { says: /^written: \d+ new, 0 changed, 0 removed$/m },
  'npm run test:conformance -- --list': { says: /^\d{2,} rules$/m },
  'echo \'{"id": 1, "title": "Checkout error rate is high on shop"}\' | npm run -s vigil -- match --runbooks runbooks':
    { says: /^ +\d+ +shop-checkout-errors: /m },
  "echo 'rm -rf /srv/orders' | npm run -s vigil -- policy -": {
    says: /rm -rf \/srv\/orders\n +\| \^+/,
    code: 2,
  },
  "echo 'ada@example.com came with password=hunter2' | npm run -s vigil -- redact": {
    says: /^\[EMAIL_\d+\] came with password=\[REDACTED:password\]$/m,
  },
  'npm run -s vigil -- run runbooks/edge-disk.md --dry-run': {
    says: /edge-disk\.md: review, risk MEDIUM\n[\s\S]*^It would run on this machine, closed off by bubblewrap/m,
    code: 1,
  },
  'export GITHUB_SERVER_URL=$(j .github.web) GITHUB_TOKEN=$(j .github.people.robin)': { says: /^$/ },
  'npm run vigil -- audit 1 --repository "$(j .github.git)"': { says: /\bproved\b/ },
  'npm run vigil -- explain 1 --repository "$(j .github.git)"': { says: /✓ .*approv/ },
  'npm run vigil -- calibration --repository "$(j .github.git)"': {
    says: /left out: 40 incidents of sample history/,
  },
  'npm run -s vigil -- report --repository "$(j .github.git)"': {
    says: /^out of its usual state: nothing that the ledger knows of$/m,
  },
  'npm run vigil -- rejudge --repository "$(j .github.git)"': {
    // The shop of this checkout's vigil.yml has other addresses than the sandbox's, so that nothing may touch it.
    says: /is not an action that the inventory offers[\s\S]*one proposal judged again by policy/,
    code: 1,
  },
  'npm run vigil -- patterns export --dry-run --repository "$(j .github.git)"': {
    says: /^no patterns, not signed/m,
  },
  'kill %1': { says: /^/ },
};

/** Lines that take too long for here, each with the file that runs what it runs. */
const elsewhere: Readonly<Record<string, { because: string; file: string; runs: RegExp[] }>> = {
  'npm ci && npm run demo': {
    because: 'CI does so itself, in a fresh clone',
    file: '.ci/run',
    runs: [/^step .*'npm ci && npm run demo'$/m],
  },
  'npm ci && npm test': {
    because: 'this is one of the tests',
    file: '.ci/run',
    runs: [/^step .*'npm ci && npm test'$/m],
  },
  'npm run bench -- policy redact': {
    because: 'it measures, for minutes, on a quiet machine; its front door is tested',
    file: 'test/bench.test.ts',
    runs: [/policy, redact/],
  },
  'npm run test:demo': {
    because: 'this is one of them',
    file: '.ci/run',
    runs: [/^step .*npm run .*test:demo\b/m],
  },
  'npm run test:endings': {
    because: 'a suite of its own',
    file: '.ci/run',
    runs: [/^step .*npm run .*test:endings\b/m],
  },
  'npm run test:unanswered': {
    because: 'a suite of its own',
    file: '.ci/run',
    runs: [/^step .*npm run .*test:unanswered\b/m],
  },
  'npm run test:installing': {
    because: 'a suite of its own, which asks the registry of npm',
    file: '.ci/run',
    runs: [/^step .*npm run .*test:installing\b/m],
  },
  'npm run weather': {
    because: 'a suite of its own; CI plays the stories in which people approve',
    file: '.ci/run',
    runs: [/^step .*test\/weather\b/m],
  },
  'npm run test:crash': {
    because: 'it takes an hour; CI sweeps a few of its points',
    file: '.ci/run',
    runs: [/^step .*test\/crash\b/m],
  },
  'npm run check': {
    because: 'CI does both halves as steps of their own',
    file: '.ci/run',
    runs: [/^step .*npm run .*\btypes\b/m, /^step .*npm run .*\blint\b/m],
  },
};

/** Every command line in a fenced block, its comment taken off. Where one ends, the shell itself says. */
function commandLines(readme: string): string[] {
  const lines: string[] = [];
  for (const [, block = ''] of readme.matchAll(/^```(?:bash|sh|)\n([\s\S]*?)^```$/gm)) {
    if (/[─►│]/.test(block)) continue; // a drawing
    let open = '';
    for (const line of block.split('\n')) {
      open = open === '' ? line : `${open}\n${line}`;
      if (spawnSync('bash', ['-n', '-c', open]).status !== 0) continue;
      const command = open.replace(/(^|\s+)#\s.*$/, '');
      if (command.trim() !== '') lines.push(command);
      open = '';
    }
    expect(open, 'a command line that does not end').toBe('');
  }
  return lines;
}

const PATIENCE_MS = 420_000; // one minute on a machine with nothing else to do
let dir = '';
let readme = '';
let lines: string[] = [];
let sanity: Sanity;
let shell: ChildProcess;
const outcomes = new Map<string, { code: number; said: string }>();

beforeAll(async () => {
  readme = await readFile(join(root, 'README.md'), 'utf8');
  lines = commandLines(readme);
  dir = await mkdtemp(join(tmpdir(), 'readme-'));
  // A checkout to stand in, so that a file which the reader names is not left in the real one.
  for (const name of await readdir(root))
    if (name !== '.vigil') await symlink(join(root, name), join(dir, name));
  sanity = await startSanity({ projectId: 'readme0', dataset: 'production', token: 'sk-readme' });
  const steps = lines
    .filter((line) => Object.hasOwn(told, line))
    .map((line, at) => `printf '\n@begin ${at}\n'\n${line}\nprintf '\n@end ${at} %d\n' "$?"\n`);
  await writeFile(join(dir, 'steps.sh'), `exec 2>&1\n${steps.join('')}`);
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|INIT_CWD$|NODE_OPTIONS$)/i.test(name));
  shell = spawn('bash', ['steps.sh'], {
    cwd: dir,
    detached: true, // a group of its own, so that nothing is left should it be stopped
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...Object.fromEntries(own),
      // A machine without curl has the sandbox's own.
      PATH: [process.env['PATH'], join(root, 'sandbox/coder/image')].join(delimiter),
      SANITY_PROJECT_ID: 'readme0',
      SANITY_TOKEN: 'sk-readme',
      SANITY_API_HOST: sanity.api,
    },
  });
  // A line that waits for ever is ended with all that runs, so that it is this line which fails.
  const patience = setTimeout(() => end(shell), PATIENCE_MS);
  const [said] = await Promise.all([allOf(shell.stdout ?? process.stdin), once(shell, 'close')]);
  clearTimeout(patience);
  const ran = lines.filter((line) => Object.hasOwn(told, line));
  for (const [, at, words = '', code] of said.matchAll(/^@begin (\d+)\n([\s\S]*?)^@end \1 (\d+)$/gm))
    outcomes.set(ran[Number(at)] ?? '', { code: Number(code), said: words.trim() });
}, PATIENCE_MS + 60_000);
afterAll(async () => {
  if (shell) end(shell);
  await sanity?.close();
  await rm(dir, { recursive: true, force: true });
});

function end({ pid }: ChildProcess): void {
  try {
    if (pid) process.kill(-pid, 'SIGKILL');
  } catch {} // all of it has ended
}

describe('README', () => {
  it('has no command line that nobody runs, and none is run that it does not have', () => {
    expect(new Set(lines)).toEqual(new Set([...Object.keys(told), ...Object.keys(elsewhere)]));
  });

  it.each(Object.entries(told))('works as written: %s', (line, { says, code = 0 }) => {
    const outcome = outcomes.get(line);
    expect(outcome, 'it did not come to its end').toBeDefined();
    expect(outcome?.said).toMatch(says);
    expect(outcome?.code).toBe(code);
  });

  it.each(Object.entries(elsewhere))('leaves to another place: %s', async (_, { because, file, runs }) => {
    const text = await readFile(join(root, file), 'utf8');
    for (const line of runs) expect(text, because).toMatch(line);
  });

  it('counts right', () => {
    const [, cases] = /takes (\d+) known alerts/.exec(readme) ?? [];
    expect(outcomes.get('npm run vigil -- eval')?.said).toContain(`of ${cases} cases`);
  });

  it('ends the sandbox that it began', async () => {
    const gone = () =>
      access(join(dir, 'where.json')).then(
        () => false,
        () => true,
      );
    await eventually('the file of the sandbox to go with it', gone, 15_000);
  });
});
