// Imports run one way: actions and app's edges → adapters → core, and production never knows the sandbox. What each part
// may import is the table below; everything else is refused, so a new folder has to be put here on purpose.
import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { isTest, root, sourceFiles } from './support/files.ts';

type Manifest = {
  imports: Record<string, string>;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/** Parts by path; the first that fits counts. */
const parts = [
  ['core', /^app\/core\//],
  ['adapters', /^app\/adapters\//],
  ['desk', /^app\/desk\//],
  ['webhooks', /^app\/webhooks\//],
  ['cli', /^app\/cli\//],
  ['evaluation', /^app\/eval\//],
  ['config', /^app\/config\.ts$/],
  ['registration', /^app\/index\.ts$/],
  ['start', /^app\/(start|server)\.ts$/],
  ['shared', /^actions\/shared\//],
  ['actions', /^actions\//],
  ['sandbox', /^sandbox\//],
  ['scripts', /^(scripts\/|[\w.]+\.config\.(ts|js)$)/],
] as const;
type Part = (typeof parts)[number][0] | 'tests';

const edges = ['core', 'adapters', 'config'] as const;
/** An action's own folder is one step, so its files may know each other; another step's they may not. */
const allowed: Readonly<Record<Exclude<Part, 'tests'>, readonly Part[]>> = {
  core: ['core'],
  adapters: ['core', 'adapters'],
  desk: [...edges, 'desk', 'webhooks'],
  webhooks: [...edges, 'webhooks', 'desk'],
  cli: [...edges, 'cli', 'evaluation'],
  evaluation: ['core', 'adapters', 'evaluation'],
  config: ['core'],
  registration: [...edges, 'desk', 'webhooks'],
  start: [...edges, 'desk', 'webhooks', 'registration', 'start'],
  shared: ['core', 'adapters', 'shared'],
  actions: ['core', 'adapters', 'shared'],
  sandbox: [...edges, 'sandbox'],
  scripts: [...edges, 'scripts', 'sandbox', 'tests'],
};
const production: readonly Part[] = [
  ...edges,
  'desk',
  'webhooks',
  'cli',
  'evaluation',
  'registration',
  'start',
  'actions',
  'shared',
];
/** All that core may take from outside: it has no I/O, clock, environment or randomness. */
const corePackages = ['zod', 'unbash', 'node:crypto'];

type Import = { from: string; part: Part; name: string; to: string | null };

function partOf(path: string): Part {
  if (isTest(path)) return 'tests';
  const part = parts.find(([, pattern]) => pattern.test(path))?.[0];
  if (!part)
    throw new Error(
      `${path} belongs to no part of the project; say in test/imports.test.ts what it may import`,
    );
  return part;
}

/** `to` is a path of the project, or null for a package. */
function importsOf(path: string, text: string): Import[] {
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: name }) => {
    const [alias, target] =
      Object.entries(manifest.imports).find(([key]) => name.startsWith(key.slice(0, -1))) ?? [];
    const to = name.startsWith('.')
      ? normalize(join(dirname(path), name))
      : alias && target
        ? normalize(target.replace('*', name.slice(alias.length - 1)))
        : null;
    return { from: path, part: partOf(path), name, to };
  });
}

/** One sentence for each import that breaks a rule. */
function faults(imports: readonly Import[], exists: (path: string) => boolean): string[] {
  return imports.flatMap(({ from, part, name, to }) => {
    if (to === null) return packageFaults(from, part, name);
    if (!exists(to)) return [`${from} imports ${name}, which does not exist`];
    if (part === 'tests') return [];
    const target = partOf(to);
    const sameStep = part === 'actions' && dirname(from) === dirname(to);
    if (!sameStep && !allowed[part].includes(target)) return [`${from} (${part}) imports ${to} (${target})`];
    return target === 'registration' && from !== 'app/start.ts' ? [`${from} imports app/index.ts`] : [];
  });
}

function packageFaults(from: string, part: Part, name: string): string[] {
  if (part === 'core' && !corePackages.includes(name)) return [`${from} is core and imports ${name}`];
  // Some are known by their full name alone, such as node:sqlite.
  if (builtinModules.includes(name) && !name.startsWith('node:'))
    return [`${from} imports ${name} without node:`];
  if (name.startsWith('node:')) return [];
  const known = { ...manifest.dependencies, ...(production.includes(part) ? {} : manifest.devDependencies) };
  const owner = name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
  return owner in known
    ? []
    : [`${from} imports ${name}, which is no ${production.includes(part) ? 'production ' : ''}dependency`];
}

const onDisk = (path: string): boolean => existsSync(join(root, path));

describe('imports', () => {
  const all = sourceFiles().flatMap(({ path, text }) => importsOf(path, text));

  it('are seen at all, also through the aliases', () => {
    expect(all.length).toBeGreaterThan(300);
    expect(all.some(({ name, to }) => name === '#core/hash' && to === 'app/core/hash.ts')).toBe(true);
  });

  it('run one way, and name files and packages that exist', () => expect(faults(all, onDisk)).toEqual([]));

  it.each([
    [
      'app/core/due.ts',
      `import { readFile } from 'node:fs/promises'`,
      'app/core/due.ts is core and imports node:fs/promises',
    ],
    [
      'app/core/due.ts',
      `import '#adapters/git'`,
      'app/core/due.ts (core) imports app/adapters/git.ts (adapters)',
    ],
    [
      'app/adapters/git.ts',
      `export * from '../desk/desk.ts'`,
      'app/adapters/git.ts (adapters) imports app/desk/desk.ts (desk)',
    ],
    [
      'app/adapters/git.ts',
      `const x = await import('../../sandbox/world.ts')`,
      'app/adapters/git.ts (adapters) imports sandbox/world.ts (sandbox)',
    ],
    [
      'actions/undo/index.ts',
      `import type { World } from '../../sandbox/world.ts'`,
      'actions/undo/index.ts (actions) imports sandbox/world.ts (sandbox)',
    ],
    [
      'actions/undo/index.ts',
      `import { think } from '../decide/think.ts'`,
      'actions/undo/index.ts (actions) imports actions/decide/think.ts (actions)',
    ],
    [
      'sandbox/world.ts',
      `import '../actions/undo/index.ts'`,
      'sandbox/world.ts (sandbox) imports actions/undo/index.ts (actions)',
    ],
    ['app/server.ts', `import { vigil } from './index.ts'`, 'app/server.ts imports app/index.ts'],
    [
      'app/cli/check.ts',
      `import ts from 'typescript'`,
      'app/cli/check.ts imports typescript, which is no production dependency',
    ],
    ['app/cli/check.ts', `import { join } from 'path'`, 'app/cli/check.ts imports path without node:'],
    [
      'app/cli/check.ts',
      `import { nothing } from '#core/nothing'`,
      'app/cli/check.ts imports #core/nothing, which does not exist',
    ],
  ])('would be refused: in %s, %s', (path, text, fault) =>
    expect(faults(importsOf(path, text), onDisk)).toEqual([fault]),
  );
});
