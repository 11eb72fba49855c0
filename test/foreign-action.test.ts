// The one action of somebody else in the workflows: which it is, at which commit, where it stands, and what it is handed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UPLOAD } from '../sandbox/github/actions/node-action.ts';
import { root } from './support/files.ts';

describe('somebody else’s action', () => {
  it('is GitHub’s own upload-artifact at one commit, in the two jobs that take pictures, and is handed one folder', () => {
    const foreign = readdirSync(join(root, '.github/workflows')).flatMap((file) =>
      [
        ...readFileSync(join(root, '.github/workflows', file), 'utf8').matchAll(
          /^.*uses: (?!\$\/|\.\/)(\S+).*\n.*\n {8}with:\n((?: {10}.*\n)+)/gm,
        ),
      ].map(([, uses = '', given = '']) => [file, uses, /path: (.*)/.exec(given)?.[1]]),
    );
    expect(foreign).toEqual([
      ['remediate-job.yml', UPLOAD, '${{ steps.verify.outputs.pictures }}'],
      ['respond-job.yml', UPLOAD, '${{ steps.rehearse.outputs.pictures }}'],
    ]);
  });
});
