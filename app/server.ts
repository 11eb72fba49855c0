// Starts the app from the environment. On SIGTERM the app finishes what it has claimed and takes nothing new.
// Must never outlive a parent that started it as its child.
import { Owned } from '#adapters/git/owner';
import { unexpected } from '#core/messages/starting';
import { readConfig } from './config.ts';
import { type Running, start } from './start.ts';
import { Refused } from './starting/trouble.ts';

const ORPHAN_MS = 5_000; // what an orphan may take to drain: whoever it speaks to may be gone as well

const cannot = (problems: readonly string[], code: number): never => {
  const lines = problems.map((problem) => `  ${problem}\n`).join('');
  process.stderr.write(
    `Vigil cannot start:\n${lines}See .env.example and docs/operations.md for every setting.\n`,
  );
  process.exit(code);
};
const read = readConfig(process.env);
const config = read.ok ? read.config : cannot(read.problems, 2);
// Started as a child with a channel, it ends with its parent. Without one this never happens.
process.once('disconnect', () => setTimeout(() => process.exit(1), ORPHAN_MS).unref());
let running: Running | null = null;
const stop = (): void => {
  // Before it is at work it has claimed nothing.
  if (!running) process.exit(0);
  running.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
process.once('disconnect', stop);
running = await start(config, (why) => {
  process.stderr.write(`Vigil ends itself: ${why}\n`);
  process.exit(1);
}).catch((error: unknown) => {
  if (error instanceof Owned) return cannot([error.message], 2);
  const { message } = error as Error;
  return error instanceof Refused ? cannot([message], error.code) : cannot([unexpected(message)], 1);
});
