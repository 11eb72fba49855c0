// Puts pictures where the job's next step takes them up as an artifact of its run. Must never put one anywhere else, nor end a job because one
// could not be kept: what was seen stands in the samples.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as core from '@actions/core';
import type { Sampling } from '#adapters/browser/checks/sampling';
import type { Pictures } from '#core/ledger/pictures';
import { PICTURES, pictureName } from '#core/verification/pictures';
import type { Step } from './job.ts';
import { runnerTold } from './told.ts';

/** For a fact: that there are pictures, and which run has them. Nothing, when there are none. */
export async function handPictures(
  { run }: Pick<Step, 'run'>,
  { taken = [] }: Pick<Sampling, 'taken'>,
): Promise<{ pictures?: Pictures }> {
  const few = taken.slice(0, PICTURES.most);
  if (few.length === 0) return {};
  const folder = join(runnerTold().temp, 'vigil-pictures');
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const picture of few)
      await writeFile(join(folder, pictureName(picture)), picture.jpeg, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    core.warning(`no picture could be kept: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
    return {};
  }
  core.setOutput('pictures', folder);
  return { pictures: { run, of: few.map(({ check, at, outcome }) => ({ check, at, outcome })) } };
}
