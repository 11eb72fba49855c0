// One story in one kind of weather, in a world of its own with the real app as a process. It must never help the app along, nor
// take weather that struck nothing for weather that was endured.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { freePort, startApp } from '../../sandbox/app-process.ts';
import { type KindName, kinds, weatherOf } from '../../sandbox/weather/kinds.ts';
import type { Kind } from '../../sandbox/weather/terms.ts';
import { everybodySees, type Story, TITLE } from '../support/endings.ts';
import { root } from '../support/files.ts';
import { fact } from '../support/incidents.ts';
import { runOf, say } from '../support/quick-jobs.ts';
import { type Alert, incidentThat, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickWorld } from '../support/quick-world.ts';
import { type StoryName, stories } from '../support/told-stories.ts';
import { after } from './after.ts';

/** A world in which nothing happened for so long will not go on. Vigil gives GitHub's lists 20 s after a lost answer. */
const PATIENCE_MS = 70_000;
const GRACE_MS = 4000;
const PEOPLE_MS = 20_000;
/** So long a git that says nothing is waited for. */
const SILENCE_S = 35;

/** Throws with what was not as it should be. `met`: whether the weather struck at all. */
export async function tellIn(kind: KindName, story: StoryName): Promise<{ met: boolean }> {
  const weather = weatherOf([kind]);
  const patience = PATIENCE_MS + longest(kinds[kind]) * 1000;
  const world = await startQuickWorld('shop-bad-flag', weather, patience);
  const port = await freePort();
  const log = join(world.dir, 'app.log');
  const environment: Record<string, string> = {
    ...world.environment('one', port),
    NODE_COMPILE_CACHE: join(root, 'node_modules/.cache/compiled'),
    // The alert that goes away while Vigil looks is the look's to explain, also on a busy machine.
    VIGIL_QUIET_SECONDS: '10',
    // Limits are kept as in production, where the weather is about limits.
    ...(kind === 'github-limited' ? { GITHUB_THROTTLE: 'on' } : {}),
  };
  const app = await startApp(root, log, port, environment);
  try {
    world.connect(app.url);
    // A clock that is off by minutes is told, and every job is refused until somebody sets it right: whatever the story, it ends so.
    const { happens, seen } = kind === 'clock-ahead' ? refused : stories[story];
    const alert = await ring(world, TITLE);
    await Promise.race([happens(world, alert), tooSoon(world, alert)]);
    const incident = await settled(world, alert.key);
    // People take their time, and a story may be over before theirs is.
    const met = (): boolean => weather.clockMs !== 0 || (weather.struck()[kind] ?? 0) > 0;
    for (let left = PEOPLE_MS; kinds[kind].people && !met() && left > 0; left -= 200) await pause(200);
    await after[kind]?.(world, incident);
    // Whoever does something besides the story is answered, and what they changed is asked anew.
    const more = kind === 'unanswered' || kind === 'cut' ? 2 : kinds[kind].people ? 4 : 0;
    const silent = kind === 'locked-issue' ? 'issue' : kind === 'channel-archived' ? 'slack' : null;
    await everybodySees(world, alert, incident, { ...seen, ...(silent ? { silent } : {}), more });
    return { met: met() };
  } finally {
    await app.kill('SIGKILL');
    await world.close();
    const stumbled = weather.stumbled();
    // biome-ignore lint/correctness/noUnsafeFinally: what people could not do explains everything else
    if (stumbled.length > 0) throw new Error(`people could not act: ${stumbled.join('; ')}`);
  }
}

const refused: Story = {
  name: 'every job is refused: ESCALATED, with how far the clock is off',
  async happens(world, { key }) {
    const dispatched = (seen: Incident) => seen.effects.get('respond.dispatch#1')?.status === 'done';
    const incident = await incidentThat(world, key, 'is investigated', dispatched);
    const run = await runOf(world, 'respond', incident);
    const said = await say(world, run, 'orient', incident, [fact('evidence.gathered', { items: [] })]);
    const error = expect.stringMatching(/the app's clock is \d+ s ahead of GitHub's/);
    expect(said).toMatchObject({ status: 401, body: { error } });
    world.jobs.end(run, 'failure');
  },
  seen: {
    stage: 'ESCALATED',
    why: /workflow run \d+ failed; the app's clock is \d+ s ahead of GitHub's, so that no job is believed/,
    ...{
      pulls: [],
      runs: ['respond 1'],
      page: 'triggered',
      stages: ['TRIGGERED', 'INVESTIGATING', 'ESCALATED'],
    },
  },
};

/** An incident that has ended while its story still waits will not go on. */
async function tooSoon(world: QuickWorld, { key }: Alert): Promise<never> {
  const { stage, records } = await settled(world, key);
  await pause(GRACE_MS);
  const why = records.findLast(({ type }) => type === 'incident.escalated')?.data;
  throw new Error(`it is ${stage} before its story ended: ${JSON.stringify(why)}`);
}

/** How long the kind keeps everything waiting, at most. */
function longest({ rules = [] }: Kind): number {
  const each = rules.map(({ span, trouble }) => {
    if (typeof span !== 'object') return 0;
    if ('seconds' in span) return Math.min(span.seconds, 120);
    return trouble.answer === 'silence' ? span.first * SILENCE_S : 0;
  });
  return Math.max(0, ...each);
}
