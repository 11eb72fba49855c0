// Runs allowed scripts for real, many in one sandbox without a network, and tells of each what it called, printed and changed.
// It must never run one outside of bubblewrap.
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describedTools } from '#core/policy/engine/described-tools';
import { wrappers } from '#core/policy/engine/wrappers';
import { forbiddenData } from '#core/policy/forbidden';
import { libraries, WALLS } from '../support/walls.ts';
import { driver, stub, working } from './planted.ts';

export type Order = {
  script: string /** What every program ends with: 2 is now this, now that. */;
  code: 0 | 1 | 2;
  answer: string;
};
/** `changes`: path to what has become of it, null for what is gone. Null for all: the sandbox itself failed. */
export type Run = { calls: string[][]; output: string; changes: Map<string, string | null> };

const names = new Set(
  [
    ...describedTools.keys(),
    ...wrappers.keys(),
    ...Object.values(forbiddenData).flatMap((group) => group.names.split(' ')),
    ...['evil', 'work', 'python3', 'perl', 'ruby', 'node', 'gcc', 'pod', 'web', 'a'],
    ...working,
  ].filter((name) => /^([\w.+-]+|\[)$/.test(name)),
);

export function execute(orders: readonly Order[]): (Run | null)[] {
  if (orders.length === 0) return [];
  const room = mkdtempSync(join(tmpdir(), 'vigil-generated-'));
  try {
    for (const folder of ['stubs', 'scripts', 'answers', 'logs', 'outs', 'changes', 'work'])
      mkdirSync(join(room, folder));
    writeFileSync(join(room, 'stub'), stub, { mode: 0o755 });
    writeFileSync(join(room, 'driver'), driver);
    for (const name of names) symlinkSync('/w/stub', join(room, 'stubs', name));
    for (const name of working) {
      const program = [`/usr/bin/${name === 'awk' ? 'mawk' : name}`].find((path) => existsSync(path));
      if (program) symlinkSync(program.replace('/usr/bin', '/real'), join(room, 'work', name));
    }
    const id = (at: number): string => String(at).padStart(6, '0');
    for (const [at, { script, code, answer }] of orders.entries()) {
      writeFileSync(join(room, 'scripts', id(at)), script);
      writeFileSync(join(room, 'answers', id(at)), `${code}\n${answer}\n`);
    }
    sandbox(room, orders.length);
    const base = existsSync(join(room, 'base')) ? listing(join(room, 'base')) : null;
    return orders.map((_, at) => {
      const log = join(room, 'logs', id(at));
      if (!base || !existsSync(log)) return null;
      const calls = readFileSync(log, 'utf8')
        .split('\x1e')
        .filter((call) => call !== '')
        .map((call) => call.split('\x1f'));
      const changed = join(room, 'changes', id(at));
      const changes = existsSync(changed)
        ? difference(base, listing(changed))
        : new Map<string, string | null>();
      return { calls, output: readFileSync(join(room, 'outs', id(at)), 'latin1'), changes };
    });
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
}

function sandbox(room: string, scripts: number): void {
  const links = ['/bin', '/sbin', '/usr/sbin', '/usr/local/bin'];
  execFileSync(
    'bwrap',
    [
      ...WALLS,
      ...['--tmpfs', '/', '--ro-bind', '/usr/bin', '/real', '--ro-bind', join(room, 'stubs'), '/usr/bin'],
      ...libraries(),
      ...['--symlink', 'usr/lib', '/lib', '--symlink', 'usr/lib64', '/lib64'],
      ...links.flatMap((path) => ['--symlink', '/usr/bin', path]),
      ...['--proc', '/proc', '--dev', '/dev', '--bind', room, '/w'],
      ...['/real/bash', '-p', '/w/driver'],
    ],
    { stdio: 'ignore', timeout: 60_000 + scripts * 4000 },
  );
}

const listing = (path: string): Map<string, string> =>
  new Map(
    readFileSync(path, 'latin1')
      .split('\x1e')
      .filter((line) => line !== '')
      .map(
        (line) => [line.slice(0, line.lastIndexOf('\t')), line.slice(line.lastIndexOf('\t') + 1)] as const,
      ),
  );

function difference(before: Map<string, string>, after: Map<string, string>): Map<string, string | null> {
  const out = new Map<string, string | null>();
  for (const [path, is] of after) if (before.get(path) !== is) out.set(path, is);
  for (const path of before.keys()) if (!after.has(path)) out.set(path, null);
  return out;
}
