// Starts the app from the environment and drains it on SIGTERM: what is claimed is finished, nothing new is taken.
import { Owned } from '#adapters/git/owner';
import { readConfig } from './config.ts';
import { start } from './start.ts';

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(
    `Vigil cannot start:\n${read.problems.map((problem) => `  ${problem}\n`).join('')}See .env.example for every setting.\n`,
  );
  process.exit(2);
}
const running = await start(read.config, (why) => {
  process.stderr.write(`Vigil ends itself: ${why}\n`);
  process.exit(1);
}).catch((error: unknown) => {
  if (!(error instanceof Owned)) throw error;
  process.stderr.write(`Vigil cannot start: ${error.message}\n`);
  process.exit(2);
});
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
