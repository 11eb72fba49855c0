// The agent of a workspace: runs the start script as a real process and keeps its output as Coder's agent log does. It must
// never lose which stream a line came from, nor keep more than Coder would.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { Command } from './isolation.ts';

export type Line = {
  id: number;
  created_at: string;
  level: 'info' | 'error';
  output: string;
  source_id: string;
};
export type Result = { exit_code: number; status: 'ok' | 'exit_failure' | 'timed_out' };
export type Agent = {
  id: string;
  source: string;
  script: string;
  timeout: number;
  started: string;
  ended?: string;
  lifecycle: 'starting' | 'ready' | 'start_error' | 'start_timeout' | 'off';
  logs: Line[];
  length: number;
  overflowed: boolean;
  result?: Result;
  finished: Promise<void>;
  kill(): void;
};

/** Coder's cap on one agent's log: the line that would cross it and all later ones are lost. */
const cap = 1_048_576;
let lines = 0;

/** Starts the command in its own process group. `timeout` in milliseconds is the agent's own limit, behind the wrapper's. */
export function startAgent({ file, args, env, end }: Command, folder: string, timeout: number): Agent {
  const child = spawn(file, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const stop = (signal: NodeJS.Signals) => {
    try {
      if (child.pid) process.kill(-child.pid, signal);
    } catch {} // it has already ended
  };
  const agent: Agent = {
    id: randomUUID(),
    source: randomUUID(),
    script: randomUUID(),
    timeout,
    started: new Date().toISOString(),
    lifecycle: 'starting',
    logs: [],
    length: 0,
    overflowed: false,
    kill: () => stop(end),
    finished: Promise.resolve(),
  };
  follow(child.stdout, 'info', agent);
  follow(child.stderr, 'error', agent);
  agent.finished = new Promise((resolve) => {
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      agent.kill();
    }, timeout);
    child.once('error', ({ message }) => write(agent, 'error', message));
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      agent.ended = new Date().toISOString();
      agent.result = late
        ? { exit_code: 255, status: 'timed_out' }
        : { exit_code: signal ? -1 : (code ?? 255), status: code === 0 ? 'ok' : 'exit_failure' };
      agent.lifecycle = late ? 'start_timeout' : code === 0 ? 'ready' : 'start_error';
      resolve();
    });
  });
  return agent;
}

function write(agent: Agent, level: Line['level'], output: string): void {
  agent.length += Buffer.byteLength(output);
  agent.overflowed ||= agent.length > cap;
  if (agent.overflowed) return;
  lines += 1;
  agent.logs.push({
    id: lines,
    created_at: new Date().toISOString(),
    level,
    output: output.replaceAll('\0', '\u{fffd}'),
    source_id: agent.source,
  });
}

function follow(stream: Readable, level: Line['level'], agent: Agent): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const parts = (rest + decoder.write(chunk)).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) write(agent, level, part);
  });
  stream.on('end', () => {
    rest += decoder.end();
    if (rest) write(agent, level, rest);
  });
}
