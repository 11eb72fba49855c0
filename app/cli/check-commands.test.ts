// What `vigil check` says, with file and line, of a plan whose commands have no place, do more than read, or break an own rule.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { root } from '../../test/support/files.ts';
import { vigil } from '../../test/support/vigil.ts';

const RUNBOOK = 'runbooks/orders-queue-lag.md';
const SETTINGS = '.github/vigil.yml';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-commands-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of [SETTINGS, RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function edit(file: string, from: string | RegExp, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  const edited = text.replace(from, to);
  if (edited === text) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(dir, file), edited);
}
const command = (run: string) => edit(RUNBOOK, /run: >-\n[\s\S]*?(?= {4}expect)/, `run: ${run}\n`);

/** The lines with problems, relative to the line of the command. */
async function told(): Promise<string[]> {
  const text = await readFile(join(dir, RUNBOOK), 'utf8');
  const line = text.split('\n').findIndex((one) => /^ {4}run:/.test(one)) + 1;
  const { out } = await vigil(dir, ['check', '--json']);
  const { problems } = JSON.parse(out) as {
    problems: { file: string; line: number; level: string; cause: string }[];
  };
  return problems
    .filter(({ level }) => level === 'problem')
    .map((one) => `${one.file === RUNBOOK ? one.line - line : one.file}: ${one.cause}`);
}

it('has nothing to say of a command that only reads and has a place', async () => {
  expect(await told()).toEqual([]);
});

it('wants a template of its own in vigil.yml', async () => {
  await edit(SETTINGS, / {2}measure_template:[\s\S]*?(?=\n\n)/, '');
  expect(await told()).toEqual(['0: backlog is a command, and vigil.yml names no place where it may run']);
});

it('tells what does more than read', async () => {
  await command('kafka-consumer-groups --bootstrap-server {ORDERS_KAFKA} --delete --group {ORDERS_GROUP}');
  expect(await told()).toEqual([
    '0: the policy refuses this: backlog: This option takes something away for good.',
  ]);
});

it('tells what has another form, and a value that nobody gives', async () => {
  await command('date; date');
  expect(await told()).toEqual([expect.stringMatching(/^0: .*is one command, or one pipeline/)]);
  await edit(RUNBOOK, 'date; date', 'kafka-topics --bootstrap-server {ORDERS_BROKER} --list');
  expect(await told()).toEqual(['0: the verify plan does not bind: the inventory has no ORDERS_BROKER']);
});

it('holds commands to the organisation’s own rules', async () => {
  const rule = '{ name: no-kafka, verdict: refuse, because: It is slow, command: kafka-consumer-groups }';
  await edit(SETTINGS, 'timeouts:', `policy: { rules: [${rule}] }\n\ntimeouts:`);
  expect(await told()).toEqual([
    '0: the policy refuses this: backlog: The rule no-kafka of vigil.yml refuses this: It is slow',
  ]);
});
