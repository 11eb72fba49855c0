// `npm run demo`: plays scenarios, each on a fresh world of its own, and shows what happens while it happens.
// It must never decide an outcome: it reads the ledger and the stand-ins like anybody else.
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { LedgerRecord } from '#core/ledger/record';
import type { Incident } from '#core/ledger/replay';
import { sentence } from '#core/messages/sentence';
import { followUntil, settled } from './follow.ts';
import type { Scenario, Verdict } from './scenarios/scenario.ts';
import { takeScreenshots } from './screenshots.ts';
import { paint, table } from './terminal.ts';
import { startWorld, type World } from './world.ts';

export type DemoOptions = {
  root: string;
  say(line: string): void;
  approve: boolean;
  open(url: string): void;
  /** Where pictures of the issue, the pull request and Slack go; null takes none. */
  screenshots: string | null;
};
export type Played = {
  scenario: string;
  stage: string;
  expected: string;
  pass: boolean;
  seconds: number;
  stages: { name: string; ms: number }[];
  calls: number;
  writes: number;
  screenshots: string[];
  verdicts: Verdict[];
};

const told = new Set<LedgerRecord['type']>([
  'incident.opened',
  'issue.opened',
  'evidence.gathered',
  'context.retrieved',
  'remediation.proposed',
  'remediation.rehearsed',
  'remediation.judged',
  'pull.opened',
  'remediation.approved',
  'remediation.withdrawn',
  'pull.merged',
  'remediation.started',
  'remediation.finished',
  'workspace.deleted',
  'recovery.confirmed',
  'recovery.refuted',
  'recovery.inconclusive',
  'symptom.absent',
  'undo.finished',
  'incident.escalated',
  'remediation.rejected',
  'effect.failed',
]);

// With --no-approve somebody has to find the page and click.
const PATIENT_MS = 30 * 60_000;

/** Plays one scenario to its end and looks at what is then true outside. */
export async function playScenario(scenario: Scenario, options: DemoOptions): Promise<Played> {
  const { say } = options;
  const booting = performance.now();
  const world = await startWorld({ root: options.root, say, ...scenario.world });
  const isolation =
    world.coder.isolation === 'bubblewrap'
      ? 'bubblewrap'
      : 'a plain process (no bubblewrap here: only the demo’s own shipped scripts may run)';
  try {
    say(`${scenario.about}`);
    say(
      `the world is up after ${((performance.now() - booting) / 1000).toFixed(1)} s: GitHub ${world.github.web} · Slack ${world.slack.web} · PagerDuty ${world.pagerduty.web} · Coder ${world.coder.web} · shop ${world.shop.url} · scripts run in ${isolation}`,
    );
    options.open(world.github.web);
    const began = Date.now();
    await scenario.begin(world);
    const acts: Promise<void>[] = [];
    const stumbled: string[] = [];
    const pictures: string[] = [];
    const picture = async (seen: Incident, moment: string): Promise<void> => {
      const folder = options.screenshots;
      if (folder)
        pictures.push(...(await takeScreenshots(world, seen, folder, `${scenario.name}-${moment}`)));
    };
    const incident = await followUntil(world, {
      deadlineMs: options.approve ? scenario.deadlineMs : PATIENT_MS,
      done: settled,
      onRecord: (record, seen) => {
        const after = `${((Date.parse(record.at) - began) / 1000).toFixed(1).padStart(5)} s`;
        if (told.has(record.type))
          say(`${after}  ${paint('cyan', record.type.padEnd(21))} ${sentence(record)}`);
        if (options.approve && scenario.people)
          acts.push(
            scenario
              .people(world, record, seen, (moment) => picture(seen, moment))
              .catch((error: Error) => void stumbled.push(error.message)),
          );
      },
    });
    await Promise.all(acts);
    const verdicts = await judge(scenario, world, incident, stumbled);
    if (incident) await picture(incident, 'end');
    const { calls } = world.github;
    const pass = incident?.stage === scenario.expected && verdicts.every(({ ok }) => ok);
    if (!pass) say(`the app's log is copied to ${await keepLog(world, scenario.name)}`);
    return {
      scenario: scenario.name,
      stage: incident?.stage ?? 'none',
      expected: scenario.expected,
      pass,
      seconds: Math.round((performance.now() - booting) / 100) / 10,
      stages: incident ? stageTimes(incident) : [],
      calls: calls.length,
      writes: calls.filter(({ method }) => method !== 'GET').length,
      screenshots: pictures,
      verdicts,
    };
  } finally {
    await world.close();
  }
}

async function judge(
  scenario: Scenario,
  world: World,
  incident: Incident | null,
  stumbled: readonly string[],
): Promise<Verdict[]> {
  const people = stumbled.map((reason) => ({ what: `people could act: ${reason}`, ok: false }));
  if (!incident)
    return [{ what: `the incident ended within ${scenario.deadlineMs / 1000} s`, ok: false }, ...people];
  return [...(await scenario.verdicts(world, incident)), ...people];
}

/** How long each stage lasted; the last one counts from its start to the last record. */
function stageTimes(incident: Incident): { name: string; ms: number }[] {
  const last = incident.records.at(-1)?.at ?? incident.openedAt;
  return incident.history.map(({ stage, at }, index) => ({
    name: stage,
    ms: Date.parse(incident.history[index + 1]?.at ?? last) - Date.parse(at),
  }));
}

/** What was found out at the end of a scenario, for people. */
export function report(played: Played): string[] {
  const { scenario, stage, expected, pass, stages, calls, writes, verdicts, screenshots, seconds } = played;
  return [
    ...table(stages.map(({ name, ms }) => [name, `${(ms / 1000).toFixed(1)} s`])).split('\n'),
    ...verdicts.map(({ what, ok }) => `${ok ? paint('green', '✓') : paint('red', '✗')} ${what}`),
    ...screenshots.map((path) => `picture ${path}`),
    `${pass ? paint('green', 'PASS') : paint('red', 'FAIL')} ${scenario}: ${stage}, expected ${expected}; ${seconds} s, ${calls} GitHub calls, ${writes} of them writes`,
  ];
}

/** One line per scenario. */
export function summary(all: readonly Played[]): string {
  return table([
    ['scenario', 'ended', 'expected', 'seconds', ''],
    ...all.map(({ scenario, stage, expected, pass, seconds }) => [
      scenario,
      stage,
      expected,
      seconds.toFixed(1),
      pass ? 'PASS' : 'FAIL',
    ]),
  ]);
}

async function keepLog(world: World, name: string): Promise<string> {
  const kept = join(tmpdir(), `vigil-demo-${name}-${process.pid}.log`);
  await copyFile(world.log, kept);
  return kept;
}
