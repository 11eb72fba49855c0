import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { startAgent } from './agent.ts';

const start = (script: string, timeout = 10_000) =>
  startAgent(
    { file: 'bash', args: ['-c', script], env: { PATH: '/usr/bin:/bin' }, end: 'SIGTERM' },
    tmpdir(),
    timeout,
  );

it('loses what comes after 1 MiB of log, and says so', async () => {
  const agent = start('yes 123456789 | head -c 2000000; echo last >&2');
  await agent.finished;
  expect(agent.body).toMatchObject({
    logs_overflowed: true,
    logs_length: 1_048_572,
    lifecycle_state: 'ready',
  });
  expect(agent.logs.map(({ output }) => output)).not.toContain('last');
});

it('keeps streams apart, half lines, and text that is no text', async () => {
  const agent = start(
    "printf 'caf\\303'; sleep 0.05; printf '\\251 a\\0b \\377'; printf 'two\\nlines\\n' >&2",
  );
  await agent.finished;
  expect(agent.logs.map(({ level, output }) => [level, output]).toSorted()).toEqual([
    ['error', 'lines'],
    ['error', 'two'],
    ['info', 'café a\u{fffd}b \u{fffd}'],
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
