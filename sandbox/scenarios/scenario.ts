// What a scenario is: how the world breaks, what people do in it, how it should end, and what must then be true outside.
import type { Stage } from '#core/ledger/lifecycle';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import type { World, WorldOptions } from '../world.ts';

export type Verdict = { what: string; ok: boolean };
export type Scenario = {
  name: string;
  about: string;
  expected: Stage;
  deadlineMs: number;
  /** What this world has beside the usual. */
  world?: Partial<WorldOptions>;
  /** Breaks the world; whatever rings afterwards rings by itself. */
  begin(world: World): Promise<void>;
  /** What people do when a record appears, through GitHub's API. Left out with --no-approve: then you are the person. */
  people?(
    world: World,
    record: LedgerRecord,
    incident: Incident,
    /** Takes pictures of what these people look at, named after the moment. */
    look: (moment: string) => Promise<void>,
  ): Promise<void>;
  verdicts(world: World, incident: Incident): Promise<Verdict[]>;
};
