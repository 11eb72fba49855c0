// `npm run demo`: one story that stays up on a terminal, or all of them with one table at the end. It must never decide an
// outcome: that is found out by demo.ts.
import { copyFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type Played, play, type Voices } from './demo.ts';
import { closing, jsonLine, outcome, titled } from './demo-report.ts';
import type { Ending } from './ending.ts';
import type { Eyes } from './lightpanda.ts';
import type { Machine } from './preflight.ts';
import { type Choice, choose } from './prompt.ts';
import { longest } from './scenarios/names.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { places, wrapped } from './telling.ts';
import { paint } from './terminal.ts';
import { type KindName, weatherOf } from './weather/kinds.ts';
import { startWorld, type World } from './world.ts';

/** How a person wants the demo to be played. */
export type DemoWishes = {
  root: string;
  /** The story told first, alone; null plays all that are chosen. */
  one: Scenario | null;
  chosen: readonly Scenario[];
  /** Whether somebody sits at a terminal, where a story that has ended stays up. */
  stays: boolean;
  together: number;
  approve: boolean;
  json: boolean;
  verbose: boolean;
  weather: readonly KindName[];
  /** What the jobs look with, and the sentence that says so. */
  eyes: Eyes;
  open(url: string): void;
};
type Staged = { played: Played; world: World | null; close(): Promise<unknown> };

/** Plays what is wanted; gives the exit code. */
export async function demo(wishes: DemoWishes, machine: Machine, ending: Ending): Promise<number> {
  const done = new Map<Scenario, Played>();
  for (const line of wrapped(wishes.eyes.line)) printer(wishes)(line);
  if (wishes.one === null) {
    await playAll(wishes.chosen, wishes, machine, ending, done);
    return end(done, wishes);
  }
  for (let next: Scenario | undefined = wishes.one; next; ) {
    const { played, world, close } = await playOne(next, wishes, machine, ending);
    done.set(next, played);
    const rest: Scenario[] = wishes.chosen.filter((scenario) => !done.has(scenario));
    const choice: Choice =
      wishes.stays && world ? await stay(played, world, rest.length > 0, ending) : 'quit';
    await close();
    if (choice === 'all')
      await playAll(rest.length > 0 ? rest : wishes.chosen, wishes, machine, ending, done);
    next = choice === 'next' ? rest[0] : undefined;
  }
  return end(done, wishes);
}

/** One story, told while it happens. Its world is still up afterwards. */
async function playOne(
  scenario: Scenario,
  wishes: DemoWishes,
  machine: Machine,
  ending: Ending,
): Promise<Staged> {
  const print = printer(wishes);
  for (const line of ['', ...titled(scenario)]) print(line);
  const nobody = (): void => undefined;
  const voices = { tell: print, now: print, detail: wishes.verbose ? print : nobody, up: nobody };
  const staged = await stage(scenario, wishes, machine, ending, voices);
  for (const line of outcome(staged.played, wishes.verbose)) print(line);
  if (wishes.json) print(jsonLine(staged.played), true);
  return staged;
}

/** Some worlds at a time; each story is told when it has ended. */
async function playAll(
  scenarios: readonly Scenario[],
  wishes: DemoWishes,
  machine: Machine,
  ending: Ending,
  done: Map<Scenario, Played>,
): Promise<void> {
  const print = printer(wishes);
  const together = Math.min(wishes.together, machine.room, scenarios.length);
  print(`${scenarios.length} stories, ${together} at a time; each is told when it has ended.`);
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  const late = (one: Scenario): boolean => !longest.includes(one.name);
  const waiting = scenarios.toSorted((a, b) => Number(late(a)) - Number(late(b)));
  // A story that is cut short makes room for no other.
  void ending.asked.then(() => waiting.splice(0));
  const worker = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
      const { name } = scenario;
      const live = (line: string): void => print(`${paint('bold', name.padEnd(width))}  ${line}`);
      const lines = titled(scenario);
      const voices = {
        tell: (line: string) => void lines.push(line),
        now: live,
        detail: wishes.verbose ? live : () => undefined,
        up: () => live('begins'),
      };
      const { played, close } = await stage(scenario, wishes, machine, ending, voices);
      done.set(scenario, played);
      for (const line of ['', ...lines, ...outcome(played, wishes.verbose)]) print(line);
      if (wishes.json) print(jsonLine(played), true);
      await close();
    }
  };
  await Promise.all(Array.from({ length: together }, worker));
}

/** A world of its own for one scenario. An accident on the way is a story that went wrong, with the reason. */
async function stage(
  scenario: Scenario,
  { root, approve, open, eyes, weather: names }: DemoWishes,
  machine: Machine,
  ending: Ending,
  voices: Voices & { up(): void },
): Promise<Staged> {
  const booted = performance.now();
  const weather = names.length > 0 ? weatherOf(names) : undefined;
  const given = {
    root,
    chromium: machine.chromium,
    eyes: eyes.given,
    say: voices.now,
    weather,
  };
  const starting = startWorld({ ...given, ...scenario.world });
  const close = ending.closing(async () => (await starting.catch(() => null))?.close());
  let world: World | null = null;
  try {
    world = await starting;
    voices.detail(
      `up after ${((performance.now() - booted) / 1000).toFixed(1)} s: GitHub ${world.github.web} · Slack ${world.slack.web} · PagerDuty ${world.pagerduty.web} · Coder ${world.coder.web} · shop ${world.shop.url} · isolation ${world.coder.isolation}`,
    );
    voices.up();
    open(world.github.web);
    const played = await play(scenario, world, booted, { voices, approve, pictures: machine.pictures });
    if (weather) played.weather = { struck: weather.struck(), stumbled: weather.stumbled() };
    if (!played.pass) played.log = await keepLog(world, scenario.name, machine.pictures);
    return { played, world, close };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { played: broken(scenario, reason, booted), world, close };
  }
}

function broken(scenario: Scenario, reason: string, booted: number): Played {
  return {
    ...{ scenario: scenario.name, stage: 'none', expected: scenario.expected, pass: false },
    seconds: Math.round((performance.now() - booted) / 100) / 10,
    ...{
      isolation: 'unknown',
      stages: [],
      looks: {},
      calls: 0,
      writes: 0,
      screenshots: [],
      unpictured: null,
      told: [],
    },
    verdicts: [{ what: `it could be played: ${reason}`, ok: false }],
    ...{ incident: null, log: null, weather: null },
  };
}

/** The end of a story, kept up: where to look, and what may come next. */
async function stay(played: Played, world: World, more: boolean, ending: Ending): Promise<Choice> {
  const { incident } = played;
  const audit = incident?.issue
    ? `npm run -s vigil -- audit ${incident.issue.number} --repository ${shellWord(world.github.bareRepository)}`
    : null;
  const links = {
    issue: incident?.issue?.url,
    pull: incident?.latest['pull.opened']?.data.url,
    slack: world.slack.web,
    shop: world.shop.url,
    audit,
  };
  for (const line of ['', ...places(links), '']) process.stdout.write(`${line}\n`);
  return choose(more, ending.asked);
}

function end(done: ReadonlyMap<Scenario, Played>, wishes: DemoWishes): number {
  const all = wishes.chosen.flatMap((scenario) => done.get(scenario) ?? []);
  for (const line of closing(all)) printer(wishes)(line);
  return all.every(({ pass }) => pass) ? 0 : 1;
}

/** With --json only lines of JSON are written. */
function printer({ json }: DemoWishes): (line: string, machine?: boolean) => void {
  return (line, machine = false) => void (json !== machine || process.stdout.write(`${line}\n`));
}

async function keepLog(world: World, name: string, folder: string | null): Promise<string> {
  const kept = join(
    folder ?? tmpdir(),
    folder === null ? `vigil-demo-${name}-${process.pid}.log` : `${name}.log`,
  );
  await mkdir(folder ?? tmpdir(), { recursive: true });
  await copyFile(world.log, kept);
  return kept;
}

/** A path as a shell takes it for one word. */
function shellWord(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
