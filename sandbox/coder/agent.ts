// The agent of a workspace: runs the start script as a real process and keeps its output as Coder's agent log does. It must
// never lose which stream a line came from, nor keep more than Coder would.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from './isolation.ts';

/** `exit_code` and `status` are missing until the script has ended, as since Coder 2.34. */
type Result = { exit_code?: number; status?: 'ok' | 'exit_failure' | 'timed_out' };
type Kept = ReturnType<typeof newAgent>;
export type Agent = Kept & { finished: Promise<void>; kill(): void };

/** Coder's cap on one agent's log: the line that would cross it and all later ones are lost. */
const cap = 1_048_576;
const now = () => new Date().toISOString();
let lines = 0;

const newLine = (level: 'info' | 'error', output: string, source_id: string) => {
  lines += 1;
  return { id: lines, created_at: now(), level, output, source_id };
};

function newAgent(timeout: number) {
  const [started_at, source, display_name] = [now(), randomUUID(), 'remediation'];
  const result: Result = {};
  const common = { id: randomUUID(), log_source_id: source, display_name, run_on_start: true };
  const script = { ...common, start_blocks_login: true, timeout: timeout * 1e6, ...result };
  const body = {
    id: randomUUID(),
    name: 'main',
    status: 'connected',
    lifecycle_state: 'starting',
    started_at,
    ready_at: null as string | null,
    first_connected_at: started_at,
    connection_timeout_seconds: 120,
    logs_length: 0,
    logs_overflowed: false,
    log_sources: [{ id: source, display_name }],
    scripts: [script],
  };
  return { body, script, source, logs: [] as ReturnType<typeof newLine>[] };
}

/** Starts the command in its own process group. `timeout` in milliseconds is the agent's own limit, behind the wrapper's. */
export function startAgent({ file, args, env, end }: Command, folder: string, timeout: number): Agent {
  const child = spawn(file, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const kill = () => {
    try {
      if (child.pid) process.kill(-child.pid, end);
    } catch {} // it has already ended
  };
  process.prependOnceListener('exit', kill); // a script must outlive neither its deployment nor its folder
  const agent = newAgent(timeout);
  const { body, script } = agent;
  follow(child.stdout, (output) => write(agent, 'info', output));
  follow(child.stderr, (output) => write(agent, 'error', output));
  const finished = new Promise<void>((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      kill();
    }, timeout);
    child.once('error', ({ message }) => write(agent, 'error', message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      process.removeListener('exit', kill);
      body.ready_at = now();
      script.exit_code = late ? 255 : signal ? -1 : (code ?? 255);
      script.status = late ? 'timed_out' : code === 0 ? 'ok' : 'exit_failure';
      body.lifecycle_state = late ? 'start_timeout' : code === 0 ? 'ready' : 'start_error';
      resolve();
    });
  });
  return { ...agent, finished, kill };
}

/** What `GET /workspacebuilds/{id}/timings` tells of the script, once it has ended. */
export function timings({ body: { started_at, ready_at: ended_at, id }, script }: Kept) {
  const { display_name, status, exit_code } = script;
  const row = {
    display_name,
    stage: 'start',
    status,
    exit_code,
    started_at,
    ended_at,
    workspace_agent_id: id,
  };
  return ended_at === null ? [] : [row];
}

function write({ body, logs, source }: Kept, level: 'info' | 'error', text: string): void {
  const output = text.replaceAll('\0', '\u{fffd}');
  const length = body.logs_length + Buffer.byteLength(output);
  body.logs_overflowed ||= length > cap;
  if (body.logs_overflowed) return;
  body.logs_length = length;
  logs.push(newLine(level, output, source));
}

function follow(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) take(part);
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest) take(rest);
  });
}
