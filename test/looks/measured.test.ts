// A plan that asks monitoring and names a secret, with jobs that really run: the job that measures has the keys and the secret, and those
// that open pages and judge have neither.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { followUntil, settled } from '../../sandbox/follow.ts';
import { asPerson } from '../../sandbox/people.ts';
import { checkoutErrors } from '../../sandbox/scenarios/checkout-errors.ts';
import { startWorld, type World } from '../../sandbox/world.ts';
import { type ChangedRoot, changedRoot } from '../support/changed-root.ts';

/** The number of the stand-in's only monitor. */
const MONITOR = `  - id: errors
    kind: monitor
    monitor: 155844758
    timeout_s: 10
`;
const BUYER = 'canary-7f3a91c2@example.com';
let folder: ChangedRoot;
beforeAll(async () => {
  folder = await changedRoot({
    '.github/vigil.yml': (text) =>
      text.replace(/^check_secrets:.*$/m, "$&\n  SHOP_BUYER: { origins: ['http://127.0.0.1:4600'] }"),
    'runbooks/shop-checkout-errors.md': (text) =>
      text
        .replace('value: vigil@example.com', "value: '{secret.SHOP_BUYER}'")
        .replace(
          /^symptom:\n {2}checks: \[order\]$/m,
          `${MONITOR}settle: { within: 5m }\nsymptom:\n  checks: [order, errors]`,
        ),
  });
});
afterAll(() => folder?.remove());

/** The incident of a broken checkout, when it has ended. */
async function played(world: World): Promise<Incident> {
  await checkoutErrors.begin(world);
  const ended = await followUntil(world, { deadlineMs: 280_000, done: settled, onRecord: () => undefined });
  if (!ended)
    throw new Error(`the incident did not end:\n${(await readFile(world.log, 'utf8')).slice(-3000)}`);
  await world.github.idle();
  return ended;
}

const said = ({ records }: Incident, type: string) =>
  records.flatMap((one) => (one.type === type && one.actor.kind === 'job' ? [one] : []));
const outcomes = (incident: Incident, check: string, of: 'remediation.rehearsed' | 'recovery.confirmed') => [
  ...new Set(
    incident.latest[of]?.data.samples.filter((one) => one.check === check).map(({ outcome }) => outcome),
  ),
];

describe('with keys for the job that measures', () => {
  let world: World;
  let incident: Incident;
  beforeAll(async () => {
    world = await startWorld({
      ...{ root: folder.path, ...checkoutErrors.world },
      checkSecrets: JSON.stringify({ SHOP_BUYER: BUYER }),
    });
    incident = await played(world);
  });
  afterAll(async () => {
    await world?.close();
    expect(world?.github.violations ?? []).toEqual([]);
  });

  test('it is red by both, and well by both in the end', () => {
    expect(incident.stage).toBe('RESOLVED');
    for (const check of ['order', 'errors']) {
      expect(outcomes(incident, check, 'remediation.rehearsed'), check).toEqual(['fail']);
      expect(outcomes(incident, check, 'recovery.confirmed'), check).toEqual(['pass']);
    }
  });

  test('only the job that measures looks at what needs a key, and it looks at nothing else', () => {
    const measured = said(incident, 'symptom.measured');
    const seen = measured.flatMap((one) => (one.type === 'symptom.measured' ? one.data.samples : []));
    expect([...new Set(seen.map(({ check }) => check))]).toEqual(['order', 'errors']);
    expect([...new Set(measured.map(({ actor }) => (actor.kind === 'job' ? actor.job : '')))]).toEqual([
      'measure',
    ]);
  });

  test('rehearse judges by what the job before it saw, in the same run', async () => {
    const { jobs, log } = await runOf(world, 'respond');
    expect(jobs).toEqual(['orient success', 'decide success', 'measure success', 'rehearse success']);
    expect(log).toMatch(/measured: order fail \(Chromium alone, \d+ ms\): step /);
    expect(log).toMatch(/measured: errors fail \(HTTP, \d+ ms\): the monitor is in Alert, expected OK/);
  });

  test('the secret bought something, and stands in no record, log or message', async () => {
    const bought = world.shop.journal().some(({ message }) => message.includes('order'));
    expect(bought).toBe(true);
    const { bareRepository: git } = world.github;
    const ledger = await promisify(execFile)('git', ['-C', git, 'log', '--all', '-p', '--format=%B'], {
      maxBuffer: 1e9,
    });
    const texts = {
      ledger: ledger.stdout,
      app: await readFile(world.log, 'utf8'),
      slack: JSON.stringify(world.slack.messages()),
      respond: (await runOf(world, 'respond')).log,
      remediate: (await runOf(world, 'remediate')).log,
    };
    for (const [where, text] of Object.entries(texts)) {
      expect(text.length, where).toBeGreaterThan(100);
      expect(text.includes(BUYER), where).toBe(false);
    }
  });
});

describe('without keys for it', () => {
  let world: World;
  let incident: Incident;
  beforeAll(async () => {
    world = await startWorld({ root: folder.path, ...checkoutErrors.world, unmeasured: true });
    incident = await played(world);
  });
  afterAll(() => world?.close());

  test('nobody calls it red or green, nothing is proposed to people, and they are told why', () => {
    expect(incident.stage).toBe('ESCALATED');
    expect(incident.latest['pull.opened']).toBeUndefined();
    expect(incident.latest['incident.escalated']?.data).toEqual({
      code: 'eyes',
      reason: expect.stringMatching(
        /^the symptom could not be looked at: .*errors passed 0 and failed 0 of \d \(3 of 5 needed\), \d saw nothing, last: this job has no keys of Datadog: docs\/integrations\/datadog\.md$/,
      ),
    });
  });
});

/** The newest run of a workflow: its jobs in their order, and what they printed. */
async function runOf(world: World, workflow: string): Promise<{ jobs: string[]; log: string }> {
  const { workflow_runs: runs } = (await asPerson(world, 'riley', 'GET', '/actions/runs')) as {
    workflow_runs: { id: number; display_title: string }[];
  };
  const run = runs.find(({ display_title }) => display_title.startsWith(workflow));
  const { jobs } = (await asPerson(world, 'riley', 'GET', `/actions/runs/${run?.id}/jobs`)) as {
    jobs: { name: string; conclusion: string }[];
  };
  const url = `${world.github.api}/repos/${world.owner}/${world.repo}/actions/runs/${run?.id}/logs`;
  const log = await fetch(url, { headers: { authorization: `token ${world.people['riley']}` } });
  return {
    jobs: jobs.map(({ name, conclusion }) => `${name.split(' / ')[1]} ${conclusion}`),
    log: await log.text(),
  };
}
