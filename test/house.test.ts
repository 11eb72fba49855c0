// The house rules that a machine can see: small files that say what they are for, one way of naming, the environment read
// in one place. An exception stands in a table here, with its reason, so that a reviewer sees it come in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isTest, projectPaths, root, sourceFiles } from './support/files.ts';

const MAX_LINES = 250;
const MEDIAN_LINES = 80;
const files = sourceFiles();
const lines = (text: string): number => text.trimEnd().split('\n').length;
const code = /\.(ts|js)$/;

describe('every source file', () => {
  it(`has at most ${MAX_LINES} lines, or says at its top why it is longer`, () => {
    const long = files.filter(({ text }) => lines(text) > MAX_LINES);
    const silent = long.filter(({ text }) => !/longer than 250 lines|over 250 lines/i.test(opening(text)));
    expect(silent.map(({ path, text }) => `${path}: ${lines(text)} lines`)).toEqual([]);
  });

  it(`is small as a rule: half of those that are no tests have at most ${MEDIAN_LINES} lines`, () => {
    const sizes = files.filter(({ path }) => !isTest(path)).map(({ text }) => lines(text));
    const sorted = sizes.sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)] ?? Number.POSITIVE_INFINITY;
    process.stdout.write(`median of ${sorted.length} source files: ${median} lines\n`);
    expect(median).toBeLessThanOrEqual(MEDIAN_LINES);
  });

  // A test beside the code is named after what it tests, and its describe() says the rest.
  it('opens with a comment that says what it is for', () => {
    const own = files.filter(({ path }) => path.startsWith('test/') || !isTest(path));
    const mute = own.filter(({ text }) => !/^(#![^\n]*\n)?\/\/ \S.{20,}/.test(text));
    expect(mute.map(({ path }) => path)).toEqual([]);
  });

  it('has a name in kebab-case, and so have its folders', () => {
    const name = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test|\.config)?\.(?:ts|js)$/;
    expect(files.map(({ path }) => path).filter((path) => !name.test(path))).toEqual([]);
  });

  it('exports by name; only a tool’s configuration may have a default', () => {
    const faults = files.filter(
      ({ path, text }) => !/\.config\.(ts|js)$/.test(path) && /^export default |\bas default\b/m.test(text),
    );
    expect(faults.map(({ path }) => path)).toEqual([]);
  });
});

/** Where production may read its environment, which variables, and why. `*` hands the whole of it to a schema. */
const environment: Readonly<Record<string, { names: readonly string[]; because: string }>> = {
  'app/server.ts': { names: ['*'], because: 'hands it to config.ts' },
  'app/cli/process.ts': { names: ['*'], because: 'hands it to config.ts' },
  'app/adapters/git/clone.ts': {
    names: ['PATH', 'HOME'],
    because: 'git must be found, and nothing else reaches it',
  },
  'app/adapters/claude/client.ts': {
    names: ['*', 'ANTHROPIC_BASE_URL'],
    because: 'hides from the SDK what would steer it, and refuses an address from there',
  },
  'actions/shared/told.ts': {
    names: [
      ...['GITHUB_RUN_ID', 'GITHUB_REPOSITORY', 'GITHUB_SERVER_URL', 'RUNNER_TEMP'],
      ...['ACTIONS_ID_TOKEN_REQUEST_URL', 'ACTIONS_ID_TOKEN_REQUEST_TOKEN'],
    ],
    because: 'the runner says what it runs, where, and whether the job may prove who it is',
  },
};

describe('the environment', () => {
  const production = files.filter(({ path }) => /^(app|actions)\//.test(path) && !isTest(path));
  const reads = production.flatMap(({ path, text }) => environmentReads(withoutComments(text), path));

  it('is read in one place, and elsewhere only as the table says', () => {
    const faults = reads.filter(({ path, name }) => !environment[path]?.names.includes(name));
    expect(faults.map(({ path, name }) => `${path} reads ${name}`)).toEqual([]);
  });

  it('has no exception in the table that nobody uses', () => {
    const unused = Object.entries(environment).flatMap(([path, { names }]) =>
      names
        .filter((name) => !reads.some((read) => read.path === path && read.name === name))
        .map((n) => `${path} ${n}`),
    );
    expect(unused).toEqual([]);
  });

  it.each([
    [`const { PATH = '', TOKEN } = process.env;`, ['PATH', 'TOKEN']],
    [`readConfig(process.env)`, ['*']],
    [`process.env['HOME'] ?? process.env.USER`, ['HOME', 'USER']],
    [`import { env } from 'node:process'; env.X`, ['node:process']],
    [`const { env } = process;`, ['process as a value']],
  ])('would be seen in: %s', (text, names) =>
    expect(environmentReads(text, 'x.ts').map(({ name }) => name)).toEqual(names),
  );
});

describe('every file of the project', () => {
  it('holds no path of the machine it was written on', () => {
    // Scripts write to /tmp, so that a clone which lies right there may have the name of their file.
    const own = /^\/tmp\/[^/]+$/.test(root) ? [] : [`${verbatim(root)}\\b`];
    const here = new RegExp([...own, '(?<![\\w.$}/-])/(?:work|Users|workspaces)/[a-z]'].join('|'));
    const faults = projectPaths()
      .filter((path) => !/\.(png|jpg|ico|woff2)$/.test(path))
      .filter((path) => here.test(readFileSync(join(root, path), 'utf8')));
    expect(faults).toEqual([]);
  });

  it('of TypeScript is type-checked and linted as it stands: no switch turns that off', () => {
    const off = /@ts-(ignore|nocheck|expect-error)|biome-ignore-all|as unknown as|eslint-disable/;
    const own = 'test/house.test.ts';
    const faults = files.filter(({ path, text }) => path !== own && code.test(path) && off.test(text));
    expect(faults.map(({ path }) => path)).toEqual([]);
  });
});

function opening(text: string): string {
  return text.split('\n').slice(0, 6).join('\n');
}

function withoutComments(text: string): string {
  return text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, '');
}

function verbatim(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Each name read from the environment; `*` for the whole of it. */
function environmentReads(text: string, path: string): { path: string; name: string }[] {
  const names: string[] = [];
  for (const found of text.matchAll(/(?:\{([^{}]*)\}\s*=\s*)?process\.env(?:\.(\w+)|\[['"](\w+)['"]\])?/g)) {
    const [, destructured, dotted, quoted] = found;
    const one = dotted ?? quoted;
    if (one) names.push(one);
    else if (destructured)
      names.push(...destructured.split(',').map((part) => part.split(/[=:]/)[0]?.trim() ?? ''));
    else names.push('*');
  }
  if (/from 'node:process'|from 'process'/.test(text)) names.push('node:process');
  if (/=\s*process\s*[;,)]/.test(text)) names.push('process as a value');
  return names.map((name) => ({ path, name }));
}
