// `npm run graph`: the rooms of the house, the floor each stands on, and every circle of imports. Exit code 1 when there is one.
// A room is a folder with code in it. A floor is one above the highest room it imports from. Types count like values: whoever
// reads a file must read what its types come from. Tests are left out, since they may look anywhere.
import { dirname } from 'node:path';
import { isTest, sourceFiles } from '../test/support/files.ts';
import { type Import, importsOf } from './imports.ts';

export type Arrows = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Rooms that stand in one circle on purpose, each with its reason. They count as one room.
 * A circle that is not here is a fault.
 */
export const together: Readonly<Record<string, string>> = {
  'app/core/policy': 'a shell walks words inside commands inside words; later work replaces this engine',
  'sandbox/github': 'one stand-in: its server mounts the pages, and the pages read its state',
};

/** Folders that hold rooms and are none: a file that lies in one of them is a room by itself. */
const halls = ['app', 'app/core', 'app/adapters', 'sandbox'];

/** The room that holds a file: its folder, or the circle that the folder is excused to be part of. */
export function roomOf(path: string): string {
  const folder = dirname(path);
  if (halls.includes(folder)) return path;
  return Object.keys(together).find((room) => folder === room || folder.startsWith(`${room}/`)) ?? folder;
}

export function fileArrows(imports: readonly Import[]): Arrows {
  return arrows(imports.flatMap(({ from, to }) => (to === null ? [] : [[from, to] as const])));
}

export function roomArrows(imports: readonly Import[]): Arrows {
  return arrows(
    imports.flatMap(({ from, to }) => {
      const pair = to === null ? null : ([roomOf(from), roomOf(to)] as const);
      return pair === null || pair[0] === pair[1] ? [] : [pair];
    }),
  );
}

function arrows(pairs: readonly (readonly [string, string])[]): Arrows {
  const found = new Map<string, Set<string>>();
  for (const [from, to] of pairs) {
    found.set(from, (found.get(from) ?? new Set()).add(to));
    if (!found.has(to)) found.set(to, new Set());
  }
  return found;
}

/** Every set of places that lead back to each other, by Tarjan's algorithm. */
export function circles(all: Arrows): string[][] {
  const seen = new Map<string, { index: number; low: number }>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (place: string): number => {
    const here = { index: seen.size, low: seen.size };
    seen.set(place, here);
    open.push(place);
    for (const next of all.get(place) ?? []) {
      const known = seen.get(next);
      if (!known) here.low = Math.min(here.low, visit(next));
      else if (open.includes(next)) here.low = Math.min(here.low, known.index);
    }
    if (here.low === here.index) {
      const circle = open.splice(open.indexOf(place));
      if (circle.length > 1 || all.get(place)?.has(place)) found.push(circle.sort());
    }
    return here.low;
  };
  for (const place of all.keys()) if (!seen.has(place)) visit(place);
  return found;
}

/** One above the highest place that this one leads to; only for places without circles. */
export function floors(all: Arrows): Map<string, number> {
  const found = new Map<string, number>();
  const floor = (place: string): number => {
    const known = found.get(place);
    if (known !== undefined) return known;
    const below = [...(all.get(place) ?? [])].map(floor);
    found.set(place, 1 + Math.max(0, ...below));
    return found.get(place) ?? 1;
  };
  for (const place of all.keys()) floor(place);
  return found;
}

/** Imports of the program itself: what ships, and the sandbox beside it. */
export function projectImports(): Import[] {
  return sourceFiles()
    .filter(({ path }) => /^(app|actions|sandbox)\//.test(path) && !isTest(path))
    .flatMap(({ path, text }) => importsOf(path, text));
}

/** A sentence for each circle: of rooms, and of files outside the rooms that are excused. Inside those, types may lead back. */
export function faultsOf(imports: readonly Import[]): string[] {
  const strict = imports.filter(({ from, type }) => !(roomOf(from) in together && type));
  const files = circles(fileArrows(strict.filter(({ from }) => roomOf(from) !== 'app/core/policy')));
  return [
    ...circles(roomArrows(imports)).map((circle) => `rooms in a circle: ${circle.join(' · ')}`),
    ...files.map((circle) => `files in a circle: ${circle.join(' · ')}`),
  ];
}

function main(): number {
  const imports = projectImports();
  const rooms = roomArrows(imports);
  const bad = faultsOf(imports);
  if (bad.length === 0) {
    const byFloor = [...floors(rooms)].sort(([a, i], [b, j]) => i - j || a.localeCompare(b));
    for (const [room, floor] of byFloor)
      process.stdout.write(
        `${String(floor).padStart(3)}  ${room.padEnd(36)} ${[...(rooms.get(room) ?? [])].sort().join(' ')}\n`,
      );
  }
  for (const [room, reason] of Object.entries(together))
    process.stdout.write(`excused: ${room}: ${reason}\n`);
  for (const line of bad) process.stdout.write(`${line}\n`);
  process.stdout.write(
    `${imports.length} imports, ${rooms.size} rooms, ${bad.length} ${bad.length === 1 ? 'circle' : 'circles'}\n`,
  );
  return bad.length === 0 ? 0 : 1;
}

if (import.meta.main) process.exitCode = main();
