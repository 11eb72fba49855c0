// `npm run demo`: plays what was asked for, some worlds at a time, and says at the end how each one ended. It must never
// decide an outcome: that is found out by demo.ts.
import { type Played, playScenario, report, summary } from './demo.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { paint } from './terminal.ts';

/** How a person wants the demo to be played. */
export type DemoWishes = {
  root: string;
  chosen: readonly Scenario[];
  together: number;
  approve: boolean;
  /** Where pictures go; null takes none. */
  screenshots: string | null;
  json: boolean;
  open(url: string): void;
};

/** Plays the chosen scenarios; gives the exit code. */
export async function demo({
  root,
  chosen,
  together,
  approve,
  screenshots,
  json,
  open,
}: DemoWishes): Promise<number> {
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const print = (line: string): void => void (json || process.stdout.write(`${line}\n`));
  const results = new Map<Scenario, Played>();
  const waiting = [...chosen];
  const worker = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario; scenario = waiting.shift()) {
      const label = chosen.length > 1 ? `${paint('bold', scenario.name.padEnd(width))}  ` : '';
      const say = (line: string): void => print(`${label}${line}`);
      const played = await playScenario(scenario, { root, say, approve, open, screenshots });
      results.set(scenario, played);
      for (const line of report(played)) say(line);
      if (json) {
        const { verdicts: _, ...line } = played;
        process.stdout.write(`${JSON.stringify(line)}\n`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(together, chosen.length) }, worker));
  const all = chosen.flatMap((scenario) => results.get(scenario) ?? []);
  print(`\n${summary(all)}`);
  return all.every(({ pass }) => pass) ? 0 : 1;
}
