// What a scenario is: how the world breaks, what people do in it, how it should end, and what must then be true outside.
import type { Stage } from '#core/ledger/lifecycle';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import type { Aside } from '../telling.ts';
import type { World, WorldOptions } from '../world.ts';
import type { ScenarioName } from './names.ts';

/** `played` is about what played people did: nobody else has to do the same. */
export type Verdict = { what: string; ok: boolean; played?: true };
/** What a scenario's people may do besides acting. */
export type Stagehand = {
  /** Takes pictures of what they look at, named after the moment. */
  look(moment: string): Promise<void>;
  /** Tells what no record shows. */
  aside(which: Aside): void;
};
export type Scenario = {
  name: ScenarioName;
  about: string;
  expected: Stage;
  deadlineMs: number;
  /** What this world has beside the usual. */
  world?: Partial<WorldOptions>;
  /** Breaks the world; whatever rings afterwards rings by itself. */
  begin(world: World): Promise<void>;
  /** What people do when a record appears, through GitHub's API. Left out with --no-approve: then you are the person. */
  people?(world: World, record: LedgerRecord, incident: Incident, hand: Stagehand): Promise<void>;
  verdicts(world: World, incident: Incident): Promise<Verdict[]>;
};
