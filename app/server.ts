// Starts the app from the environment and drains it on SIGTERM: what is claimed is finished, nothing new is taken.
// Must never outlive a parent that started it as its child.
import { readConfig } from './config.ts';
import { start } from './start.ts';

const ORPHAN_MS = 5_000; // what an orphan may take to drain: whoever it speaks to may be gone as well

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(
    `Vigil cannot start:\n${read.problems.map((problem) => `  ${problem}\n`).join('')}See .env.example for every setting.\n`,
  );
  process.exit(2);
}
// Started as a child with a channel, it ends with its parent. Without one this never happens.
process.once('disconnect', () => setTimeout(() => process.exit(1), ORPHAN_MS).unref());
const running = await start(read.config);
const stop = (): void => {
  running.close().then(
    () => process.exit(0),
    () => process.exit(1),
  );
};
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
process.once('disconnect', stop);
