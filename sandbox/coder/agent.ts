// The agent of a workspace: runs the start script as a real process and keeps its output as Coder's agent log does, row after
// row, with the time each row needs to reach the server. The script's end is known at once, so it comes before the last rows.
// It must never lose which stream a line came from, nor keep more than Coder would.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { type AgentBody, newAgent, now } from './bodies.ts';
import type { Command } from './isolation.ts';

/** Milliseconds that a row, and each of its bytes, takes to be uploaded. */
export type Upload = { perRow: number; perByte: number };
/** As measured at a live server: 50,000 short lines came up to 2.6 s late, 400 lines of 900 bytes up to 1.3 s, one line not. */
export const measured: Upload = { perRow: 2600 / 50_000, perByte: 1300 / 360_000 };

type Row = { id: number; created_at: string; level: 'info' | 'error'; output: string; source_id: string };
export type Agent = {
  body: AgentBody;
  /** What the server has of the log by now. */
  rows(): Row[];
  /** Connects and runs the script, again if it did before. Resolves at the script's end. */
  connect(): Promise<void>;
  /** The agent's process is gone; the script goes on, and nobody tells how it ends. */
  lose(): void;
  /** The server was started anew: the result of what runs now will never be reported. */
  forget(): void;
  /** Ends every script of it. */
  kill(): Promise<void>;
};

/** Coder's cap on one agent's log: what would cross it and all later lines are lost. */
const cap = 1_048_576;
let count = 400_000;

export type Started = { text: string; command: Command; folder: string; timeout: number; upload?: Upload };

/** `timeout` in milliseconds is the agent's own limit, behind the wrapper's. */
export function openAgent({ text, command, folder, timeout, upload = measured }: Started): Agent {
  const body = newAgent(text, timeout, 120);
  const script = body.scripts[0] as AgentBody['scripts'][number];
  const log: { row: Row; at: number }[] = [];
  const running = new Map<ChildProcess, Promise<void>>();
  let [length, free, round, lost, silent] = [0, 0, 0, false, false];

  const write = (level: 'info' | 'error', line: Buffer) => {
    if (lost || body.logs_overflowed) return;
    const output = tidy(line);
    const bytes = Buffer.byteLength(output);
    if (length + bytes > cap) {
      body.logs_overflowed = true;
      return;
    }
    length += bytes;
    free = Math.max(free, Date.now()) + upload.perRow + bytes * upload.perByte;
    count += 1;
    log.push({
      row: { id: count, created_at: now(), level, output, source_id: script.log_source_id },
      at: free,
    });
  };
  const rows = () => log.filter(({ at }) => at <= Date.now() + 1).map(({ row }) => row);
  const stop = (child: ChildProcess) => {
    try {
      if (child.pid) process.kill(-child.pid, command.end);
    } catch {} // it has already ended
  };

  const connect = () => {
    const mine = ++round;
    [lost, silent] = [false, false];
    const at = now();
    body.first_connected_at ??= at;
    Object.assign(body, { last_connected_at: at, started_at: at, updated_at: at, version: 'v2.36.0' });
    Object.assign(body, { status: 'connected', lifecycle_state: 'starting', health: { healthy: true } });
    delete body.disconnected_at;
    const { file, args, env, input } = command;
    const stdio = [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] as const;
    const child = spawn(file, args, { env, cwd: folder, stdio: [...stdio], detached: true });
    child.stdin?.on('error', () => undefined).end(input);
    const kill = () => stop(child);
    process.prependOnceListener('exit', kill); // a script must outlive neither its deployment nor its folder
    if (child.stdout) follow(child.stdout, (line) => write('info', line));
    if (child.stderr) follow(child.stderr, (line) => write('error', line));
    const ended = new Promise<void>((resolve) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        kill();
      }, timeout);
      child.once('error', ({ message }) => write('error', Buffer.from(message)));
      child.once('close', (code, signal) => {
        clearTimeout(timer);
        process.removeListener('exit', kill);
        running.delete(child);
        if (!lost && mine === round) {
          body.ready_at = now();
          body.lifecycle_state = late ? 'start_timeout' : code === 0 ? 'ready' : 'start_error';
          if (!silent) {
            script.exit_code = late ? 255 : signal ? -1 : (code ?? 255);
            script.status = late ? 'timed_out' : code === 0 ? 'ok' : 'exit_failure';
          }
        }
        resolve();
      });
    });
    running.set(child, ended);
    return ended;
  };

  return {
    ...{ body, rows, connect },
    lose() {
      lost = true;
      Object.assign(body, { status: 'disconnected', disconnected_at: now() });
      body.health = { healthy: false, reason: 'agent has lost connection' };
    },
    forget() {
      silent = running.size > 0;
    },
    async kill() {
      for (const child of running.keys()) stop(child);
      await Promise.all(running.values());
    },
  };
}

/** What `GET /workspacebuilds/{id}/timings` tells of the script, once it has ended. */
export function timings({ started_at, ready_at: ended_at, id, name, scripts }: AgentBody) {
  const [{ display_name, status, exit_code } = { exit_code: undefined }] = scripts;
  if (ended_at === undefined || exit_code === undefined) return [];
  const ofAgent = { workspace_agent_id: id, workspace_agent_name: name };
  return [{ display_name, stage: 'start', status, exit_code, started_at, ended_at, ...ofAgent }];
}

/** Coder's clean-up: each NUL, and each run of bytes that are no UTF-8, becomes one sign of three bytes. */
const tidy = (line: Buffer) =>
  line
    .toString()
    .replaceAll('\0', '❌')
    .replace(/\u{fffd}+/gu, '❌');

function follow(stream: Readable, take: (line: Buffer) => void): void {
  let rest: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      take(Buffer.concat([...rest, chunk.subarray(from, end)]));
      [rest, from] = [[], end + 1];
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  });
  stream.on('end', () => {
    if (rest.length > 0) take(Buffer.concat(rest));
  });
}
