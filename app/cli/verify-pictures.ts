// The pictures of `vigil verify --screenshots FOLDER`: of each check the first look that failed and the first that passed. Must never write over
// anything, nor more than a job would keep: a picture shows what nobody redacted.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Picture } from '#adapters/browser/checks/pictures';
import { PICTURES, pictureName } from '#core/verification/pictures';
import { InputError, type Shell } from './command.ts';

export type Album = {
  /** Whether a picture of such a look would be kept. */
  wants(file: string, check: string, outcome: 'pass' | 'fail'): boolean;
  /** Gives the file, as it was named on the command line. */
  keep(file: string, picture: Picture): Promise<string>;
};

/** Makes the folder when there is none, so that a place that cannot be written to is told before anything is looked at. */
export async function openAlbum(folder: string, shell: Pick<Shell, 'cwd'>): Promise<Album> {
  const path = resolve(shell.cwd, folder);
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error: Error) => {
    throw new InputError(`${folder} is no folder for pictures: ${error.message}`, { cause: error });
  });
  const kept = new Set<string>();
  const nameOf = (file: string, check: string, outcome: string) => `${file} ${check} ${outcome}`;
  return {
    wants: (file, check, outcome) => kept.size < PICTURES.most && !kept.has(nameOf(file, check, outcome)),
    async keep(file, picture) {
      const name = pictureName(picture);
      await writeFile(join(path, name), picture.jpeg, { flag: 'wx', mode: 0o600 }).catch((error: Error) => {
        throw new InputError(`${join(folder, name)} cannot be written: ${error.message}`, { cause: error });
      });
      kept.add(nameOf(file, picture.check, picture.outcome));
      return join(folder, name);
    },
  };
}
