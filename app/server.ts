// Starts the app from the environment. On SIGTERM the app finishes what it has claimed. Must never take anything new then.
import { readConfig } from './config.ts';
import { start } from './start.ts';

const read = readConfig(process.env);
if (!read.ok) {
  process.stderr.write(
    `Vigil cannot start:\n${read.problems.map((problem) => `  ${problem}\n`).join('')}See .env.example for every setting.\n`,
  );
  process.exit(2);
}
const running = await start(read.config);
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    running.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  });
}
