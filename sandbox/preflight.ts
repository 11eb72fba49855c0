// What the sandbox needs of this machine, looked at before any world starts: each lack is one line with its cure. It must
// never change the machine, nor let a world begin that cannot come to its end here.
import {
  browserHere,
  type Finding,
  fine,
  gitHere,
  memoryHere,
  outputHere,
  temporaryHere,
  toolsHere,
  wallsHere,
} from './machine.ts';
import { wrapped } from './telling.ts';

export type Machine = {
  findings: Finding[];
  /** A browser that was seen to start, when nothing stops the worlds. */
  chromium: string;
  /** Where pictures can go; null when nowhere. */
  pictures: string | null;
  /** How many worlds fit into the memory that is free. */
  room: number;
};

/** Looks at everything at once. `pictures` is where they are wanted, null for none. */
export async function preflight(
  wanted: { pictures: string | null },
  say: (line: string) => void,
): Promise<Machine> {
  const temp = await temporaryHere();
  const [git, tools, walls, browser, folder] = await Promise.all([
    gitHere(),
    toolsHere(),
    temp.stops ? null : wallsHere(),
    temp.stops ? null : browserHere(say),
    wanted.pictures === null ? null : outputHere(wanted.pictures),
  ]);
  const memory = memoryHere();
  const findings = [fine('node', process.version, `node ${process.version.slice(1)}`), git, tools, temp];
  if (walls) findings.push(walls);
  if (browser) findings.push(browser.finding);
  if (folder) findings.push(folder);
  findings.push(memory.finding);
  return {
    findings,
    chromium: browser?.path ?? '',
    pictures: folder?.cure === null ? wanted.pictures : null,
    room: memory.room,
  };
}

/** For people: what is amiss, each with its cure; what is well on one line or, when asked for, on lines of its own. */
export function told({ findings }: Pick<Machine, 'findings'>, verbose: boolean): string[] {
  const well = findings.filter(({ cure }) => cure === null);
  const briefs = well.flatMap(({ brief }) => brief ?? []);
  return [
    ...(verbose ? well.map(({ what, found }) => `${what}: ${found}`) : [briefs.join(' · ')]),
    ...findings
      .filter(({ cure }) => cure !== null)
      .flatMap(({ what, found, cure }) => wrapped(`${what}: ${found}. ${cure}`)),
  ].filter((line) => line !== '');
}
