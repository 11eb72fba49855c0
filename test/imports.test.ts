// Imports run one way: actions and app's edges → adapters → core, and production never knows the sandbox. What each part
// may import is the table below; everything else is refused, so a new folder has to be put here on purpose.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, faultsOf, floors, projectImports, roomArrows, together } from '../scripts/import-graph.ts';
import { importsOf, type Import as Seen } from '../scripts/imports.ts';
import { isTest, root, sourceFiles } from './support/files.ts';

type Manifest = {
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
  ['installation', /^app\/installation\//],
  ['config', /^app\/(config|variables)\.ts$/],
  ['registration', /^app\/index\.ts$/],
  ['start', /^app\/(start|server)\.ts$|^app\/starting\//],
  ['shared', /^actions\/shared\//],
  ['bundle', /^actions\/looks\//],
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
  desk: [...edges, 'desk'],
  webhooks: [...edges, 'webhooks', 'desk'],
  cli: [...edges, 'cli', 'evaluation', 'installation'],
  evaluation: ['core', 'adapters', 'evaluation'],
  installation: ['core', 'adapters', 'installation'],
  config: ['core', 'config'],
  registration: [...edges, 'desk', 'webhooks'],
  start: [...edges, 'desk', 'webhooks', 'registration', 'start'],
  shared: ['core', 'adapters', 'shared'],
  actions: ['core', 'adapters', 'shared'],
  // It begins one of several steps, and holds nothing of its own.
  bundle: ['actions'],
  sandbox: [...edges, 'sandbox', 'installation'],
  scripts: [...edges, 'scripts', 'sandbox', 'tests'],
};
const production: readonly Part[] = [
  ...edges,
  'desk',
  'webhooks',
  'cli',
  'evaluation',
  'installation',
  'registration',
  'start',
  'actions',
  'bundle',
  'shared',
];
/** All that core may take from outside: it has no I/O, clock, environment or randomness. */
const corePackages = ['zod', 'unbash', 'node:crypto'];

function partOf(path: string): Part {
  if (isTest(path)) return 'tests';
  const part = parts.find(([, pattern]) => pattern.test(path))?.[0];
  if (!part)
    throw new Error(
      `${path} belongs to no part of the project; say in test/imports.test.ts what it may import`,
    );
  return part;
}

/** One sentence for each import that breaks a rule. */
function faults(imports: readonly Seen[], exists: (path: string) => boolean): string[] {
  return imports.flatMap(({ from, name, to }) => {
    // It stands beside the built bundle, and starts before anything is known to be there.
    if (from === 'deploy/npm/vigil.js')
      return /^node:|^\.\/lib\/index\.js$/.test(name) ? [] : [`${from} imports ${name}`];
    const part = partOf(from);
    if (to === null) return packageFaults(from, part, name);
    if (!exists(to)) return [`${from} imports ${name}, which does not exist`];
    if (part === 'tests' || (part === 'cli' && to === 'package.json')) return []; // the version that is told
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
    expect(all.some(({ name, to }) => name === '#core/text/hash' && to === 'app/core/text/hash.ts')).toBe(
      true,
    );
  });

  it('run one way, and name files and packages that exist', () => expect(faults(all, onDisk)).toEqual([]));

  it.each([
    [
      'app/core/incident/due.ts',
      `import { readFile } from 'node:fs/promises'`,
      'app/core/incident/due.ts is core and imports node:fs/promises',
    ],
    [
      'app/core/incident/due.ts',
      `import '#adapters/git/clone'`,
      'app/core/incident/due.ts (core) imports app/adapters/git/clone.ts (adapters)',
    ],
    [
      'app/adapters/git/clone.ts',
      `export * from '../../desk/desk.ts'`,
      'app/adapters/git/clone.ts (adapters) imports app/desk/desk.ts (desk)',
    ],
    [
      'app/adapters/git/clone.ts',
      `const x = await import('../../../sandbox/world.ts')`,
      'app/adapters/git/clone.ts (adapters) imports sandbox/world.ts (sandbox)',
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

/** Rooms of the core, lowest first. A room may import from rooms that stand before it, never from one behind it. */
const coreRooms = [
  ...['text', 'decision.ts', 'policy', 'redact', 'verification/rates', 'verification/commands'],
  ...['verification', 'catalogue'],
  ...['addresses.ts', 'settings.ts', 'ledger', 'incident', 'evidence', 'evidence/findings'],
  ...['knowledge/retrieval', 'knowledge', 'trust', 'knowledge/patterns', 'proposal', 'proposal/model'],
  ...['gate', 'learning', 'messages', 'messages/answers'],
].map((room) => `app/core/${room}`);

describe('the rooms', () => {
  const imports = projectImports();
  const arrows = roomArrows(imports);

  it('form no circle, and neither do the files in them', () => expect(faultsOf(imports)).toEqual([]));

  it('stand on floors, since there is no circle', () => {
    const floor = floors(arrows);
    expect(floor.get('app/core/text')).toBe(1);
    expect(floor.get('app/index.ts')).toBeGreaterThan(floor.get('app/desk') ?? Number.POSITIVE_INFINITY);
  });

  it('of the core lead downward, in the order of the table', () => {
    const found = [...arrows.keys()].filter((room) => room.startsWith('app/core/'));
    expect(found.filter((room) => !coreRooms.includes(room))).toEqual([]);
    const upward = found.flatMap((room) =>
      [...(arrows.get(room) ?? [])]
        .filter((below) => coreRooms.indexOf(below) >= coreRooms.indexOf(room))
        .map((below) => `${room} → ${below}`),
    );
    expect(upward).toEqual([]);
  });

  it('keep the first look small: core at most 17 entries, adapters at most 14, tests not counted', () => {
    const entries = (hall: string): string[] =>
      readdirSync(join(root, hall)).filter(
        (name) => !isTest(name) && (statSync(join(root, hall, name)).isDirectory() || name.endsWith('.ts')),
      );
    expect(entries('app/core').length).toBeLessThanOrEqual(17);
    expect(entries('app/adapters').length).toBeLessThanOrEqual(14);
  });

  it('are excused from this only where a reason is given, and only while it is needed', () => {
    for (const [room, reason] of Object.entries(together)) {
      expect(reason.length).toBeGreaterThan(20);
      const inside = imports.filter(({ from, to }) => from.startsWith(room) && to?.startsWith(room));
      const folders = new Map<string, Set<string>>();
      for (const { from, to } of inside)
        if (to !== null && dirname(from) !== dirname(to))
          folders.set(dirname(from), (folders.get(dirname(from)) ?? new Set()).add(dirname(to)));
      expect(circles(folders), `${room} has no circle of folders any more`).not.toEqual([]);
    }
  });

  it('would be seen in a circle, by types as well', () => {
    const [a, b] = ['app/core/gate/a.ts', 'app/core/trust/b.ts'];
    const seen = [
      ...importsOf(a, `import { b } from '#core/trust/b';`),
      ...importsOf(b, `import type { a } from '#core/gate/a';`),
    ];
    expect(seen.map(({ type }) => type)).toEqual([false, true]);
    expect(faultsOf(seen)).toEqual([
      'rooms in a circle: app/core/gate · app/core/trust',
      'files in a circle: app/core/gate/a.ts · app/core/trust/b.ts',
    ]);
  });
});
