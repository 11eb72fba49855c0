// What a step changes in its job, by commands and by files. Must never let a wrong line take back what came before it.
// https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs
import { blocked, type Effects, type Log, messageOf } from './commands.ts';
import { readPairs, readPaths, readSummary, type StepFiles } from './files.ts';
import type { Job, StepRecord, Task } from './step.ts';

/** `env` is what the step's own expressions see. */
export function effectsOf(
  job: Job,
  task: Task,
  env: Record<string, string>,
  { outputs }: StepRecord,
): Effects {
  return {
    says: (variable) => /^\s*true\s*$/i.test(env[variable] ?? ''),
    setEnv: (name, value) => {
      job.env[name] = env[name] = value;
    },
    addPath: (path) => {
      job.path = [...job.path.filter((one) => one !== path), path];
    },
    setOutput(name, value) {
      if (name === '') throw new Error('the name of an output must not be empty');
      // Names ignore case, the last value wins.
      const known = Object.keys(outputs).find((one) => one.toUpperCase() === name.toUpperCase());
      outputs[known ?? name] = value;
    },
    saveState: (name, value) => {
      task.saved[name] = value;
    },
  };
}

/** Reads the files in the runner's order. An error in one fails the step, and the next is read. */
export async function collect(job: Job, files: StepFiles, effects: Effects, log: Log) {
  const read = (name: keyof StepFiles, reader: (file: string) => Promise<void>) =>
    reader(files[name]).catch((error) =>
      log.fail(`Unable to process file command '${name}' successfully.`, messageOf(error)),
    );
  await read('GITHUB_PATH', async (file) => {
    for (const path of await readPaths(file)) effects.addPath(path);
  });
  await read('GITHUB_ENV', (file) =>
    readPairs(file, (name, value) => {
      if (blocked(name))
        log.issue('error', `Can't store ${name} output parameter using '$GITHUB_ENV' command.`);
      else effects.setEnv(name, value);
    }),
  );
  await read('GITHUB_STEP_SUMMARY', async (file) => {
    const lines = await readSummary(file, (message) => log.issue('error', message));
    job.state.summary += lines.map((line) => `${job.masks.apply(line)}\n`).join('');
  });
  await read('GITHUB_STATE', (file) => readPairs(file, effects.saveState));
  await read('GITHUB_OUTPUT', (file) => readPairs(file, effects.setOutput));
}
