// Plays one scenario in a world that was started for it, and finds out how it ended. It must never decide an outcome: it reads
// the ledger and the stand-ins like anybody else.
import { performance } from 'node:perf_hooks';
import type { Stage } from '#core/ledger/lifecycle';
import type { LedgerRecord } from '#core/ledger/record';
import { type Incident, latestOf } from '#core/ledger/replay';
import { sentence } from '#core/messages/sentence';
import { followUntil, settled } from './follow.ts';
import { issueState, pageStatus } from './scenarios/outside.ts';
import type { Scenario, Verdict } from './scenarios/scenario.ts';
import { takeScreenshots } from './screenshots.ts';
import { openStory, yourTurn } from './telling.ts';
import { paint } from './terminal.ts';
import type { World } from './world.ts';

/** Where each kind of line goes: the story, what a person must know now, and everything else there is to know. */
export type Voices = Record<'tell' | 'now' | 'detail', (line: string) => void>;
export type PlayOptions = {
  voices: Voices;
  /** Played people review. Without it somebody who watches does. */
  approve: boolean;
  /** Where pictures of the issue, the pull request and Slack go; null takes none. */
  pictures: string | null;
};
export type Played = {
  scenario: string;
  stage: string;
  expected: Stage;
  pass: boolean;
  seconds: number;
  isolation: string;
  stages: { name: string; ms: number }[];
  /** How many looks each engine took that the ledger holds. */
  looks: Readonly<Record<string, number>>;
  calls: number;
  writes: number;
  screenshots: string[];
  /** Why there are fewer pictures than wanted. */
  unpictured: string | null;
  told: readonly string[];
  verdicts: Verdict[];
  incident: Incident | null;
  /** Where the app's log was kept, when something went wrong. */
  log: string | null;
  /** What the weather did, when there was any. */
  weather: { struck: Readonly<Record<string, number>>; stumbled: readonly string[] } | null;
};

const quiet = new Set<LedgerRecord['type']>([
  'alert.described',
  'alert.joined',
  'alert.resolved',
  'effect.claimed',
  'effect.done',
  'hypothesis.received',
  'investigation.started',
  'synthesis.started',
]);

// Somebody has to find the page and click.
const PATIENT_MS = 30 * 60_000;

/** Plays the scenario to its end and looks at what is then true outside. `booted` is when its world began to start. */
export async function play(
  scenario: Scenario,
  world: World,
  booted: number,
  { voices, approve, pictures }: PlayOptions,
): Promise<Played> {
  const began = Date.now();
  const story = openStory(began, voices.tell);
  await scenario.begin(world);
  const acts: Promise<void>[] = [];
  const stumbled: string[] = [];
  const gallery = openGallery(world, scenario.name, pictures);
  const stage = {
    look: (seen: Incident) => (moment: string) => gallery.take(seen, moment),
    aside: story.aside,
  };
  const incident = await followUntil(world, {
    deadlineMs: approve ? scenario.deadlineMs : PATIENT_MS,
    done: settled,
    onRecord: (record, seen) => {
      story.record(record, seen);
      if (!quiet.has(record.type)) voices.detail(detailed(record, began));
      if (approve && scenario.people)
        acts.push(
          scenario
            .people(world, record, seen, { look: stage.look(seen), aside: stage.aside })
            .catch((error: Error) => void stumbled.push(error.message)),
        );
      if (!approve && record.type === 'pull.opened' && latestOf(seen, 'remediation.judged')?.lane === 'human')
        for (const line of yourTurn(record.data.url, world.slack.web)) voices.now(line);
    },
  });
  await Promise.all(acts);
  const rejected = !approve && incident !== null && latestOf(incident, 'remediation.rejected') !== null;
  const expected = rejected ? 'ESCALATED' : scenario.expected;
  const verdicts = await judge(scenario, world, incident, { approve, rejected, stumbled });
  const seconds = Math.round((performance.now() - booted) / 100) / 10;
  if (incident) {
    const outside = { page: pageStatus(world, incident), issue: await issueState(world, incident) };
    story.end(outside, (Date.now() - began) / 1000);
    await gallery.take(incident, 'end');
  }
  const { calls } = world.github;
  return {
    scenario: scenario.name,
    stage: incident?.stage ?? 'none',
    expected,
    pass: incident?.stage === expected && verdicts.every(({ ok }) => ok),
    seconds,
    isolation: world.coder.isolation,
    stages: incident ? stageTimes(incident) : [],
    looks: incident ? looksOf(incident) : {},
    calls: calls.length,
    writes: calls.filter(({ method }) => method !== 'GET').length,
    screenshots: gallery.taken,
    unpictured: gallery.problem(),
    told: story.lines,
    verdicts,
    incident,
    log: null,
    weather: null,
  };
}

/** Pictures are beside the point: what goes wrong with them is said, and never more. */
function openGallery(world: World, name: string, folder: string | null) {
  const taken: string[] = [];
  let problem: string | null = null;
  return {
    taken,
    problem: () => problem,
    async take(seen: Incident, moment: string): Promise<void> {
      if (folder === null) return;
      try {
        taken.push(...(await takeScreenshots(world, seen, folder, `${name}-${moment}`)));
      } catch (error) {
        problem = `pictures of ${name}-${moment} could not be taken: ${(error as Error).message}`;
      }
    },
  };
}

async function judge(
  scenario: Scenario,
  world: World,
  incident: Incident | null,
  hand: { approve: boolean; rejected: boolean; stumbled: readonly string[] },
): Promise<Verdict[]> {
  const people = hand.stumbled.map((reason) => ({ what: `people could act: ${reason}`, ok: false }));
  if (!incident)
    return [{ what: `the incident ended within ${scenario.deadlineMs / 1000} s`, ok: false }, ...people];
  if (hand.rejected)
    return [
      { what: 'it was rejected, and nothing ran', ok: world.coder.workspaces().length === 0 },
      { what: 'the issue stays open', ok: (await issueState(world, incident)) === 'open' },
    ];
  // What played people were to do is asked of nobody else.
  const asked = (await scenario.verdicts(world, incident)).filter(({ played }) => hand.approve || !played);
  return [...asked, ...people];
}

/** How long each stage lasted; the last one counts from its start to the last record. */
function stageTimes(incident: Incident): { name: string; ms: number }[] {
  const last = incident.records.at(-1)?.at ?? incident.openedAt;
  return incident.history.map(({ stage, at }, index) => ({
    name: stage,
    ms: Date.parse(incident.history[index + 1]?.at ?? last) - Date.parse(at),
  }));
}

/** Who looked how often. A look that two engines took counts for both. */
function looksOf({ records }: Incident): Record<string, number> {
  const looks: Record<string, number> = {};
  const samples = records.flatMap(({ data }) => ('samples' in data ? data.samples : []));
  for (const { engine, overruled, agreed } of samples)
    for (const one of new Set([engine, overruled?.engine ?? agreed ?? engine]))
      looks[one] = (looks[one] ?? 0) + 1;
  return looks;
}

function detailed(record: LedgerRecord, began: number): string {
  const after = `${((Date.parse(record.at) - began) / 1000).toFixed(1).padStart(5)} s`;
  return `${after}  ${paint('cyan', record.type.padEnd(21))} ${sentence(record)}`;
}
