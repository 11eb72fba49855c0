import { tmpdir } from 'node:os';
import { expect, it, vi } from 'vitest';
import { openAgent, type Upload } from './agent.ts';

const start = (script: string, timeout = 10_000, upload: Upload = { perRow: 0, perByte: 0 }) => {
  const env = { PATH: '/usr/bin:/bin' };
  const command = { file: 'bash', args: ['-c', script], env, end: 'SIGTERM' as const };
  const agent = openAgent({ text: script, command, folder: tmpdir(), timeout, upload });
  return { ...agent, finished: agent.connect(), script: agent.body.scripts[0] };
};

it('loses what comes after 1 MiB of log, and says so', async () => {
  const agent = start('yes 123456789 | head -c 2000000; echo last >&2');
  await agent.finished;
  expect(agent.body).toMatchObject({
    logs_overflowed: true,
    lifecycle_state: 'ready',
  });
  expect(agent.rows().map(({ output }) => output)).not.toContain('last');
});

it('keeps streams apart, half lines, and text that is no text', async () => {
  const agent = start(
    "printf 'caf\\303'; sleep 0.05; printf '\\251 a\\0b \\377\\377'; printf 'two\\nlines\\n' >&2",
  );
  await agent.finished;
  expect(
    agent
      .rows()
      .map(({ level, output }) => [level, output])
      .toSorted(),
  ).toEqual([
    ['error', 'lines'],
    ['error', 'two'],
    ['info', 'café a❌b ❌'],
  ]);
});

it('tells a signal and its own time limit from an exit code', async () => {
  const killed = start('kill -9 $$');
  const late = start('sleep 60', 50);
  await Promise.all([killed.finished, late.finished]);
  expect(killed.script).toMatchObject({ exit_code: -1, status: 'exit_failure' });
  expect(late).toMatchObject({
    script: { exit_code: 255, status: 'timed_out' },
    body: { lifecycle_state: 'start_timeout' },
  });
});

it('knows how a script ended before the server has the last of its output', async () => {
  const agent = start('seq 1 1000', 10_000, { perRow: 1, perByte: 0 });
  await agent.finished;
  expect(agent.script).toMatchObject({ exit_code: 0, status: 'ok' });
  const early = agent.rows().length;
  expect(early).toBeLessThan(1000);
  await vi.waitFor(() => expect(agent.rows()).toHaveLength(1000), { timeout: 5_000, interval: 50 });
});

it('goes on with its script when it is lost itself, and then tells nothing of it', async () => {
  const agent = start('echo before; sleep 0.3; echo after');
  await vi.waitFor(() => expect(agent.rows()).toHaveLength(1), { timeout: 3_000, interval: 20 });
  agent.lose();
  await agent.finished;
  expect(agent.body).toMatchObject({ status: 'disconnected', lifecycle_state: 'starting' });
  expect(agent.script).not.toHaveProperty('exit_code');
  expect(agent.rows()).toHaveLength(1);
});

it('never has the exit code of a script that ran while the server was started anew', async () => {
  const agent = start('sleep 0.2; echo end');
  agent.forget();
  await agent.finished;
  expect(agent.body.lifecycle_state).toBe('ready');
  expect(agent.script).not.toHaveProperty('exit_code');
  expect(agent.rows()).toHaveLength(1);
});
