// `npm run demo`: plays every scenario on a fresh world and shows what happens while it happens.
// It must never decide an outcome: it reads the ledger and the stand-ins like anybody else.
import { copyFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import type { LedgerRecord } from '#core/record';
import type { Incident } from '#core/replay';
import { followUntil, settled } from './follow.ts';
import type { Scenario, Verdict } from './scenarios/scenario.ts';
import { paint, table } from './terminal.ts';
import { startWorld, type World } from './world.ts';

export type DemoOptions = { root: string; json: boolean; approve: boolean; open: (url: string) => void };
export type Played = {
  scenario: string;
  stage: string;
  expected: string;
  pass: boolean;
  stages: { name: string; ms: number }[];
  calls: number;
  writes: number;
  verdicts: Verdict[];
};

const told = new Set([
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

/** One line about a record, with a link where there is something to look at. */
function sentence(record: LedgerRecord): string {
  switch (record.type) {
    case 'incident.opened':
      return `PagerDuty rang: ${record.data.title} ${record.data.pagerduty.url ?? ''}`;
    case 'issue.opened':
      return `issue #${record.data.number} ${record.data.url}`;
    case 'context.retrieved':
      return `runbook ${record.data.matches[0]?.runbook ?? 'none'} matches ${record.data.matches[0]?.score ?? 0} of 100`;
    case 'remediation.proposed':
      return `proposal: ${record.data.kind} on ${record.data.target}`;
    case 'remediation.rehearsed':
      return `red: ${record.data.reason}`;
    case 'remediation.judged':
      return `policy ${record.data.verdict}, risk ${record.data.risk}, confidence ${record.data.confidence.value} (${record.data.confidence.components.map((part) => part.reason).join('; ')}), ${record.data.lane} lane`;
    case 'pull.opened':
      return `pull request #${record.data.number} ${record.data.url}`;
    case 'remediation.approved':
      return record.data.lane === 'auto'
        ? 'approved by the auto lane'
        : `approved by ${record.data.by.join(', ')}`;
    case 'remediation.started':
      return `red again, running in workspace ${record.data.workspace} ${record.data.run.url}`;
    case 'remediation.finished':
      return `script ${record.data.outcome}, exit code ${record.data.exit}`;
    case 'recovery.confirmed':
      return `green: ${record.data.reason}`;
    case 'incident.escalated':
      return `${record.data.code}: ${record.data.reason}`;
    case 'effect.failed':
      return `${record.data.effect}: ${record.data.reason}`;
    default:
      return 'reason' in record.data ? String(record.data.reason) : '';
  }
}

export async function playScenario(scenario: Scenario, options: DemoOptions): Promise<Played> {
  const { json } = options;
  const say = (line: string): void => void (json || process.stdout.write(`${line}\n`));
  say(paint('bold', `\n${scenario.name}: ${scenario.about}`));
  const booting = performance.now();
  const world = await startWorld({ root: options.root, say });
  try {
    say(
      `the world is up after ${((performance.now() - booting) / 1000).toFixed(1)} s: ${world.github.web} · Slack ${world.slack.web} · PagerDuty ${world.pagerduty.web} · shop ${world.shop.url} · scripts run in ${world.coder.isolation === 'bubblewrap' ? 'bubblewrap' : 'a plain process (no bubblewrap here: only the demo’s own shipped scripts may run)'}`,
    );
    options.open(world.github.web);
    const began = Date.now();
    await scenario.begin(world);
    const acts: Promise<void>[] = [];
    const stumbled: string[] = [];
    const incident = await followUntil(world, {
      deadlineMs: options.approve ? scenario.deadlineMs : PATIENT_MS,
      done: settled,
      onRecord: (record, seen) => {
        const { at, type } = record;
        const after = `${((Date.parse(at) - began) / 1000).toFixed(1).padStart(6)} s`;
        if (told.has(type)) say(`${after}  ${paint('cyan', type.padEnd(22))} ${sentence(record)}`);
        if (options.approve && scenario.people)
          acts.push(
            scenario.people(world, record, seen).catch((error: Error) => void stumbled.push(error.message)),
          );
      },
    });
    await Promise.all(acts);
    const played = await judge(scenario, world, incident, stumbled);
    say(`\n${report(played)}`);
    if (!played.pass) say(`\nThe app's log is copied to ${await keepLog(world, scenario.name)}`);
    return played;
  } finally {
    await world.close();
  }
}

async function judge(
  scenario: Scenario,
  world: World,
  incident: Incident | null,
  stumbled: readonly string[],
): Promise<Played> {
  const people = stumbled.map((reason) => ({ what: `people could act: ${reason}`, ok: false }));
  const verdicts = incident
    ? [...(await scenario.verdicts(world, incident)), ...people]
    : [{ what: `the incident ended within ${scenario.deadlineMs / 1000} s`, ok: false }];
  const { calls } = world.github;
  return {
    scenario: scenario.name,
    stage: incident?.stage ?? 'none',
    expected: scenario.expected,
    pass: incident?.stage === scenario.expected && verdicts.every(({ ok }) => ok),
    stages: incident ? stageTimes(incident) : [],
    calls: calls.length,
    writes: calls.filter(({ method }) => method !== 'GET').length,
    verdicts,
  };
}

/** How long each stage lasted; the last one counts from its start to the last record. */
function stageTimes(incident: Incident): { name: string; ms: number }[] {
  const last = incident.records.at(-1)?.at ?? incident.openedAt;
  return incident.history.map(({ stage, at }, index) => ({
    name: stage,
    ms: Date.parse(incident.history[index + 1]?.at ?? last) - Date.parse(at),
  }));
}

function report({ scenario, stage, expected, pass, stages, calls, writes, verdicts }: Played): string {
  return [
    table([['stage', 'lasted'], ...stages.map(({ name, ms }) => [name, `${(ms / 1000).toFixed(1)} s`])]),
    '',
    ...verdicts.map(({ what, ok }) => `${ok ? paint('green', '✓') : paint('red', '✗')} ${what}`),
    '',
    `${pass ? paint('green', 'PASS') : paint('red', 'FAIL')} ${scenario}: ${stage}, expected ${expected}; ${calls} GitHub calls, ${writes} of them writes`,
  ].join('\n');
}

async function keepLog(world: World, name: string): Promise<string> {
  const kept = join(tmpdir(), `vigil-demo-${name}-${process.pid}.log`);
  await copyFile(world.log, kept);
  return kept;
}
