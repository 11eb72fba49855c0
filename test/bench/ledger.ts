// The ledger at a size: how long the app takes to start and to write, a job to read, an audit to prove, and in how much memory;
// beside `git commit` in a worktree with a file for each record, and SQLite. All over the same records in the same run.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { incidentDirectory } from '#core/incident-key';
import { encodeRecord, recordFile } from '#core/record';
import type { Incident } from '#core/replay';
import { madeUpLedger } from '../../sandbox/made-up-ledger.ts';
import { keyOf, lifeOf, RECORDS } from './ledger-life.ts';
import type { Bench, Row } from './table.ts';
import { median, p99 } from './table.ts';

const LIMITS = { start: 3000, fact: 100, ten: 500, memory: 300, job: 2000, audit: 2000 };
const HOUR_MS = 3_600_000;
const REF = 'refs/heads/vigil/ledger';

export const bench: Bench = async ({ incidents }) => {
  const rows: Row[] = [];
  for (const count of incidents) {
    const dir = mkdtempSync(join(tmpdir(), 'vigil-bench-ledger-'));
    try {
      rows.push(...(await measure(dir, count)));
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  }
  return rows;
};

/** What the child process reports, in milliseconds and megabytes. */
export type Measured = {
  cold: number;
  warm: number;
  past: number;
  facts: number[];
  tens: number[];
  mb: number;
  job: number;
  jobPast: number;
  auditSealed: number;
  auditOpen: number;
  open: number;
};

async function measure(dir: string, count: number): Promise<Row[]> {
  const say = (text: string): void => void process.stderr.write(`${count} incidents: ${text}\n`);
  const db = database(join(dir, 'records.db'));
  const worktree = join(dir, 'worktree');
  await make(dir, count, db, say);
  say('the app, a job and audits');
  const child = spawnSync(
    process.execPath,
    [join(import.meta.dirname, 'ledger-app.ts'), dir, String(count)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      maxBuffer: 1 << 24,
    },
  );
  if (child.status !== 0) throw new Error(`the app ended with ${child.status}`);
  const app = JSON.parse(child.stdout) as Measured;
  say('a worktree');
  const tree = inWorktree(worktree);
  say('SQLite');
  const sqlite = inSqlite(db);
  const subject = `ledger of ${count} incidents, ${count * RECORDS} records, ${app.open} open`;
  const row = (who: string, measure_: string, value: number, budget: number | null, unit = 'ms'): Row => ({
    ...{ subject, who, measure: measure_, value, unit, budget },
  });
  return [
    row('Vigil', 'start without a clone', app.cold, LIMITS.start),
    row('Vigil', 'start with a clone', app.warm, LIMITS.start),
    row('SQLite', 'start', sqlite.start, null),
    row('Vigil', 'all history for a judgement, first time', app.past, null),
    row('Vigil', 'one fact, median', median(app.facts), LIMITS.fact),
    row('Vigil', 'one fact, 99th percentile', p99(app.facts), null),
    row('git commit in a worktree, not pushed', 'one fact, median', median(tree.facts), null),
    row('SQLite', 'one fact, median', median(sqlite.facts), null),
    row('Vigil', 'ten facts at once, median', median(app.tens), LIMITS.ten),
    row('git commit in a worktree, not pushed', 'ten facts', tree.ten, null),
    row('SQLite', 'ten facts in one transaction', sqlite.ten, null),
    row('Vigil', 'most memory of the app', app.mb, LIMITS.memory, 'MB'),
    row('Vigil', "a job's read: incident, holds and leases", app.job, LIMITS.job),
    row('Vigil', "a job's read of the history too", app.jobPast, LIMITS.job),
    row('Vigil', 'audit of a sealed incident, no clone', app.auditSealed, LIMITS.audit),
    row('Vigil', 'audit of an open incident, no clone', app.auditOpen, LIMITS.audit),
  ];
}

/** The remote with its history, the same records in a database, and as files of a worktree. */
async function make(
  dir: string,
  count: number,
  db: DatabaseSync,
  say: (text: string) => void,
): Promise<void> {
  const remote = join(dir, 'ledger.git');
  const git = (...args: string[]) => execFileSync('git', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  git('init', '--quiet', '--bare', remote);
  for (const name of ['uploadpack.allowFilter', 'uploadpack.allowAnySHA1InWant'])
    git('-C', remote, 'config', name, 'true');
  // A server does that at its leisure, not while somebody waits for the answer to a push.
  git('-C', remote, 'config', 'receive.autogc', 'false');
  git('init', '--quiet', join(dir, 'worktree'));
  const started = Date.now();
  const importer = spawn('git', ['-C', remote, 'fast-import', '--quiet'], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = once(importer, 'close');
  const now = Date.now();
  const ledger = await madeUpLedger(REF, new Date(now - count * HOUR_MS));
  const insert = db.prepare('INSERT INTO records VALUES (?, ?, ?)');
  db.exec('BEGIN');
  for (let index = 0; index < count; index++) {
    // One an hour until now: about a day of them is open.
    const at = now - (count - index) * HOUR_MS;
    const key = keyOf(index);
    let incident: Incident | null = null;
    for (const [step, fact] of lifeOf(key, index).entries())
      incident = await ledger.add(key, fact, new Date(at + step * 20_000));
    await ledger.sealOver(new Date(at));
    for (const record of incident?.records ?? []) {
      const text = encodeRecord(record);
      insert.run(key, record.seq, text);
      const path = join(dir, 'worktree', incidentDirectory(key), recordFile(record));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    if (!importer.stdin.write(ledger.take())) await once(importer.stdin, 'drain');
    if (index % 500 === 499) say(`made ${index + 1} in ${((Date.now() - started) / 1000).toFixed(0)} s`);
  }
  db.exec('COMMIT');
  importer.stdin.end();
  const [code] = (await ended) as [number];
  if (code !== 0) throw new Error(`git fast-import ended with ${code}`);
  git('-C', remote, 'rev-parse', '--verify', ledger.head());
  const tip = execFileSync('git', ['-C', remote, 'rev-parse', REF], { encoding: 'utf8' }).trim();
  // Servers keep a reverse index of their packs; git fast-import leaves none, and then every fetch makes it anew.
  const packs = join(remote, 'objects/pack');
  for (const name of readdirSync(packs).filter((each) => each.endsWith('.pack')))
    git('-C', remote, 'index-pack', '--rev-index', join(packs, name));
  if (tip !== ledger.head()) throw new Error(`git made ${tip} of what was to be ${ledger.head()}`);
}

function inWorktree(dir: string): { facts: number[]; ten: number } {
  const git = (...args: string[]): void => {
    const quiet = ['-C', dir, '-c', 'user.name=b', '-c', 'user.email=b@example.com', '-c', 'gc.auto=0'];
    execFileSync('git', [...quiet, ...args], { stdio: ['ignore', 'ignore', 'inherit'] });
  };
  git('add', '--all');
  git('commit', '--quiet', '-m', 'All of them');
  const write = (name: string): number => {
    const started = performance.now();
    writeFileSync(join(dir, 'incidents', name), '{"a":"fact"}\n');
    git('add', '--', `incidents/${name}`);
    git('commit', '--quiet', '-m', name);
    return performance.now() - started;
  };
  const facts = Array.from({ length: 5 }, (_, index) => write(`one-${index}.json`));
  const ten = Array.from({ length: 10 }, (_, index) => write(`ten-${index}.json`));
  return { facts, ten: ten.reduce((a, b) => a + b, 0) };
}

function database(path: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  db.exec('CREATE TABLE records (key TEXT, seq INTEGER, text TEXT, PRIMARY KEY (key, seq))');
  return db;
}

function inSqlite(db: DatabaseSync): { start: number; facts: number[]; ten: number } {
  const path = db.location() ?? '';
  db.close();
  const begun = performance.now();
  const again = new DatabaseSync(path);
  again.exec('PRAGMA synchronous = FULL');
  again.prepare('SELECT text FROM records WHERE key = ?').all(keyOf(0));
  const start = performance.now() - begun;
  const insert = again.prepare('INSERT INTO records VALUES (?, ?, ?)');
  const facts = Array.from({ length: 50 }, (_, index) => {
    const started = performance.now();
    insert.run('pd-sqlite', index, '{"a":"fact"}');
    return performance.now() - started;
  });
  const started = performance.now();
  again.exec('BEGIN');
  for (let index = 0; index < 10; index++) insert.run('pd-tenten', index, '{"a":"fact"}');
  again.exec('COMMIT');
  const ten = performance.now() - started;
  again.close();
  return { start, facts, ten };
}
