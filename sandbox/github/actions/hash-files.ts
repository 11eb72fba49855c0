// The function hashFiles() of a step. Must never read a file outside the workspace.
// https://github.com/actions/runner/blob/main/src/Misc/expressionFunc/hashFiles/src/hashFiles.ts
import { createHash } from 'node:crypto';
import { globSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import { data } from '@actions/expressions';
import type { FunctionDefinition } from '@actions/expressions/funcs/info';

const digest = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest();

/** The digest of the digests of all files that the patterns name, in order; empty when there is none. */
export const hashFiles = (workspace: string): FunctionDefinition => ({
  ...{ name: 'hashfiles', minArgs: 1, maxArgs: 255 },
  call(...patterns) {
    const written = patterns.map((pattern) => pattern.coerceString());
    const exclude = written.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));
    const include = written.filter((pattern) => !pattern.startsWith('!'));
    const files = globSync(include, { cwd: workspace, exclude })
      .map((path) => join(workspace, path))
      .filter(
        (file) => realpathSync(file).startsWith(realpathSync(workspace) + sep) && statSync(file).isFile(),
      )
      .sort();
    const digests = files.map((file) => digest(readFileSync(file)));
    return new data.StringData(files.length === 0 ? '' : digest(Buffer.concat(digests)).toString('hex'));
  },
});
