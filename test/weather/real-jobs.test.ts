// The demo's first story, whose jobs really run, in the kinds of weather that reach jobs, limits or clocks.
import { performance } from 'node:perf_hooks';
import { play } from '../../sandbox/demo.ts';
import { asPerson } from '../../sandbox/people.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import type { Scenario } from '../../sandbox/scenarios/scenario.ts';
import { type KindName, kinds, weatherOf } from '../../sandbox/weather/kinds.ts';
import { startWorld } from '../../sandbox/world.ts';
import { root } from '../support/files.ts';
import { cells } from './cells.ts';

const ALSO: readonly KindName[] = [
  ...(['clock-ahead', 'clock-behind', 'git-limited', 'git-away', 'github-limited'] as const),
];
// A job whose outcome nobody takes tries for five minutes, and its clean-up again.
const DEADLINE_MS = 840_000;
/** Kinds after which people must look, and what must be so then. */
const ends: Partial<Record<KindName, Pick<Scenario, 'expected' | 'verdicts'>>> = {
  // Told and refused: a clock that is off by minutes is for people to set right.
  'clock-ahead': {
    expected: 'ESCALATED',
    verdicts: async (world, { issue }) => {
      const comments = (await asPerson(world, 'riley', 'GET', `/issues/${issue?.number}/comments`)) as {
        body: string;
      }[];
      const told = comments.some(({ body }) => /the app's clock is \d+ s ahead of GitHub's/.test(body));
      return [
        { what: 'the issue tells how far the clock is off', ok: told },
        { what: 'nothing ran', ok: world.coder.workspaces().length === 0 },
      ];
    },
  },
  'login-before-start': {
    expected: 'ESCALATED',
    verdicts: async (world) => [{ what: 'nothing ran', ok: world.coder.workspaces().length === 0 }],
  },
  'login-before-end': {
    expected: 'ESCALATED',
    verdicts: async (world) => [
      {
        what: 'the workspace is kept',
        ok: world.coder.workspaces().some(({ status }) => status !== 'deleted'),
      },
    ],
  },
};

cells(
  'real jobs',
  (kind) => kinds[kind].jobs === true || ALSO.includes(kind),
  async (kind) => {
    const weather = weatherOf([kind]);
    const world = await startWorld({ root, weather, ...checkoutErrors.world });
    try {
      const quiet = (): void => undefined;
      const voices = { tell: quiet, now: quiet, detail: quiet };
      const scenario = { ...checkoutErrors, ...ends[kind], deadlineMs: DEADLINE_MS };
      const played = await play(scenario, world, performance.now(), {
        voices,
        approve: true,
        pictures: null,
      });
      const wrong = played.verdicts.filter(({ ok }) => !ok).map(({ what }) => what);
      if (!played.pass)
        throw new Error(`${played.stage}, expected ${played.expected}; not so: ${wrong.join('; ')}`);
      return { met: weather.clockMs !== 0 || (weather.struck()[kind] ?? 0) > 0 };
    } finally {
      await world.close();
    }
  },
);
