// Over 250 lines: every way a job's fact can be refused stands here, against one door.
import { afterEach, describe, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import type { JobIdentity } from '#adapters/github/job-identity';
import { type Fact, factTypes } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { sha256 } from '#core/text/hash';
import { type Door, door, hearing, memoryLedger, NOW } from '../../test/support/hearing.ts';
import {
  fact,
  facts,
  hex,
  incidentOf,
  KEY,
  untilInvestigating,
  untilMerged,
  untilProposed,
  untilSynthesizing,
  untilVerifying,
} from '../../test/support/incidents.ts';
import { handleFacts } from './facts.ts';

let site: Door | undefined;
let ledger: Ledger;
afterEach(() => site?.close());

const job = (name: string, change: Partial<JobIdentity> = {}): JobIdentity => ({
  job: name,
  run: 7,
  runAttempt: 1,
  workflow: ['execute', 'verify', 'conclude'].includes(name)
    ? '.github/workflows/remediate.yml'
    : '.github/workflows/respond.yml',
  actor: 'vigil[bot]',
  ...change,
});

async function post(
  incidents: readonly Incident[],
  identity: JobIdentity | string,
  list: readonly Fact[],
  change: Record<string, unknown> = {},
): Promise<{ status: number; body: Record<string, unknown> }> {
  await site?.close();
  ledger = memoryLedger(incidents);
  const world = hearing(ledger);
  const port = {
    identify: async () =>
      typeof identity === 'string'
        ? { ok: false as const, reason: identity }
        : { ok: true as const, identity },
    storeEvidence: async (
      _key: string,
      items: { id: string; source: string; title: string; text: string }[],
    ) => ({
      branch: 'vigil/evidence-2026-11',
      items: items.map(({ text, ...item }) => ({ ...item, sha256: sha256(text), bytes: text.length })),
    }),
  };
  site = await door((request, response) =>
    handleFacts(world, { wake: () => undefined }, port, request, response),
  );
  const answer = await fetch(site.url, {
    method: 'POST',
    headers: { authorization: 'Bearer a-token' },
    body: JSON.stringify({ incident: KEY, attempt: 1, facts: list, ...change }),
  });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

it('takes the facts of the job whose step it is, and says who said them', async () => {
  const { status, body } = await post([incidentOf(untilSynthesizing)], job('decide'), [
    fact('remediation.proposed'),
  ]);

  expect([status, body['stage']]).toEqual([202, 'SYNTHESIZING']);
  expect(ledger.get(KEY)?.records.at(-1)).toMatchObject({
    type: 'remediation.proposed',
    actor: { kind: 'job', job: 'decide', run: 7, attempt: 1 },
  });
});

it('refuses a caller without a token it can believe', async () => {
  expect(await post([], 'the token is of another repository', [fact('remediation.proposed')])).toEqual({
    status: 401,
    body: { error: 'the token is of another repository' },
  });
  expect((await fetch(site?.url ?? '', { method: 'POST', body: '{}' })).status).toBe(401);
});

it.each([
  [
    'a fact of another job',
    job('decide'),
    fact('remediation.started'),
    'a decide job may not say remediation.started',
  ],
  [
    'a fact of the app',
    job('verify'),
    fact('remediation.approved'),
    'a verify job may not say remediation.approved',
  ],
  [
    'the environment in another workflow',
    job('execute', { workflow: '.github/workflows/respond.yml' }),
    fact('remediation.started'),
    'the environment vigil-execute is not one of .github/workflows/respond.yml',
  ],
  [
    'a start from a re-run',
    job('execute', { runAttempt: 2 }),
    fact('remediation.started'),
    'a re-run never executes; dispatch the workflow again',
  ],
  [
    'an undo from a re-run',
    job('execute', { runAttempt: 2 }),
    fact('undo.started'),
    'a re-run never executes; dispatch the workflow again',
  ],
])('refuses %s', async (_, identity, said, reason) => {
  expect(await post([incidentOf(untilMerged)], identity, [said])).toEqual({
    status: 403,
    body: { incident: KEY, error: reason },
  });
  expect(ledger.get(KEY)?.stage).toBe('SYNTHESIZING');
});

it('refuses bodies that are not of the form, naming the field', async () => {
  const surprising = {
    type: 'remediation.proposed',
    data: { ...facts['remediation.proposed'], surprise: 1 },
  };
  const bad = await post([incidentOf(untilSynthesizing)], job('decide'), [], { facts: [surprising] });
  expect([bad.status, String(bad.body['error']).includes('surprise')]).toEqual([400, true]);
  expect((await post([], job('decide'), [], { facts: [] })).status).toBe(400);
  const elsewhere = { incident: '../../etc' };
  expect((await post([], job('decide'), [fact('remediation.proposed')], elsewhere)).status).toBe(400);
});

it('says the same thing once: a repeated delivery is answered, not written', async () => {
  const before = incidentOf(untilSynthesizing);
  await post([before], job('decide'), [fact('remediation.proposed')]);
  const incident = ledger.get(KEY);
  if (!incident) throw new Error('no incident');

  expect(await post([incident], job('decide'), [fact('remediation.proposed')])).toEqual({
    status: 200,
    body: { incident: KEY, already: true },
  });
  expect(ledger.get(KEY)?.seq).toBe(incident.seq);
});

it('refuses what cannot be true now', async () => {
  expect(await post([incidentOf(untilInvestigating)], job('verify'), [fact('recovery.confirmed')])).toEqual({
    status: 409,
    body: { error: 'recovery.confirmed cannot happen in INVESTIGATING' },
  });
  expect(
    await post([incidentOf(untilSynthesizing)], job('decide'), [fact('remediation.proposed')], {
      attempt: 2,
    }),
  ).toEqual({ status: 409, body: { error: 'attempt 2 is over' } });
  expect((await post([], job('decide'), [fact('remediation.proposed')])).body).toEqual({
    error: 'there is no such incident',
  });
});

const soon = { expires: new Date(NOW.getTime() + 60_000).toISOString() };
const merged = (approve = {}) =>
  incidentOf([
    ...untilProposed,
    fact('remediation.judged'),
    fact('pull.opened'),
    fact('remediation.approved', { ...soon, ...approve }),
    fact('pull.merged'),
  ]);
const start = fact('remediation.started', { digest: facts['remediation.approved'].digest });

it('lets a start through when everything about it holds', async () => {
  expect((await post([merged()], job('execute'), [start])).status).toBe(202);
  expect(ledger.get(KEY)?.stage).toBe('EXECUTING');
});

it.each([
  [
    'other bytes',
    merged(),
    fact('remediation.started', { digest: hex('f') }),
    'what would run is not what was approved',
  ],
  [
    'an expired approval',
    merged({ expires: '2026-11-03T03:09:59.000Z' }),
    start,
    'the approval expired at 2026-11-03T03:09:59.000Z',
  ],
  ['no approval', incidentOf(untilProposed), start, 'what would run is not what was approved'],
  [
    'no merge',
    incidentOf([
      ...untilProposed,
      fact('remediation.judged'),
      fact('pull.opened'),
      fact('remediation.approved', soon),
    ]),
    start,
    'the pull request is not merged',
  ],
])('stops a start with %s', async (_, incident, said, reason) => {
  expect(await post([incident], job('execute'), [said])).toEqual({ status: 409, body: { error: reason } });
});

it('stops a start while another incident is at work on the service', async () => {
  const other = incidentOf([fact('incident.opened', { key: 'pd-other1' }), ...untilVerifying.slice(1)]);

  expect(await post([merged(), other], job('execute'), [start])).toEqual({
    status: 409,
    body: { error: 'pd-other1 is at work on shop' },
  });
});

it('stops a start and an undo while a script of an earlier attempt may still be at work', async () => {
  const lost = [
    ...merged().records.map(({ type, data }) => ({ type, data }) as Fact),
    fact('remediation.started'),
    fact('remediation.lost'),
  ];
  const again = [...lost, fact('incident.reopened'), fact('investigation.started')];
  const second = [
    ...again,
    ...untilMerged.slice(3, -2),
    fact('remediation.approved', soon),
    fact('pull.merged'),
  ];
  const at = { attempt: 2 };
  const refused = await post([incidentOf(second)], job('execute'), [start], at);
  expect(refused).toEqual({
    status: 409,
    body: { error: 'the script of attempt 1 may still be at work in vigil-pd-q1shop1-1' },
  });
  const freed = [...second, fact('workspace.deleted')];
  expect((await post([incidentOf(freed)], job('execute'), [start], at)).status).toBe(202);
});

it('stores evidence cleaned and keeps its hash, and starts the synthesis itself', async () => {
  const evidence = [
    { id: 'alert-1', source: 'pagerduty', title: 'Checkout 5xx', text: 'mail olga@example.com' },
  ];
  const said = [
    fact('evidence.gathered', { items: [], branch: '' }),
    fact('hypothesis.received', { text: 'ask olga@example.com' }),
    fact('context.retrieved'),
  ];

  const { status } = await post([incidentOf(untilInvestigating)], job('orient'), said, { evidence });

  const incident = ledger.get(KEY);
  expect([status, incident?.stage]).toEqual([202, 'SYNTHESIZING']);
  expect(incident && latestOf(incident, 'evidence.gathered')).toMatchObject({
    branch: 'vigil/evidence-2026-11',
    items: [{ id: 'alert-1', bytes: expect.any(Number) }],
  });
  expect(JSON.stringify(incident?.records)).not.toContain('olga@example.com');
});

it('asks PagerDuty itself whether the alert cleared, whatever the job says', async () => {
  await post([incidentOf(untilProposed)], job('rehearse'), [fact('symptom.absent', { alert: 'cleared' })]);

  const incident = ledger.get(KEY);
  expect([incident?.stage, incident && latestOf(incident, 'symptom.absent')?.alert]).toEqual([
    'ESCALATED',
    'unknown',
  ]);
});

it('lets an undo start only when it is owed and the service is free', async () => {
  const undoable = fact('remediation.proposed', {
    files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
  });
  const ran = [
    ...untilSynthesizing,
    undoable,
    ...untilMerged.slice(untilSynthesizing.length + 1),
    fact('remediation.started'),
  ];
  const lost = [...ran, fact('remediation.lost')];
  const asked = incidentOf([...lost, fact('undo.requested')]);
  const undo = [fact('undo.started')];
  expect((await post([asked], job('execute'), undo)).status).toBe(202);
  const early = await post([incidentOf(lost)], job('execute'), undo);
  expect([early.status, early.body['error']]).toEqual([409, 'no undo is owed']);
  const other = incidentOf([fact('incident.opened', { key: 'pd-other1' }), ...ran.slice(1)]);
  const busy = await post([asked, other], job('execute'), undo);
  expect([busy.status, busy.body['error']]).toEqual([409, 'pd-other1 is at work on shop']);
});

describe('the job that measures', () => {
  const run = (id: number) => ({ id, url: `https://github.com/acme/ops/actions/runs/${id}` });
  const measured = (phase: 'red' | 'green', id = 7) => fact('symptom.measured', { phase, run: run(id) });
  const remediate = { workflow: '.github/workflows/remediate.yml' };
  const proposed = () => incidentOf([...untilSynthesizing, fact('remediation.proposed')]);

  it('speaks from both workflows, and moves nothing', async () => {
    expect(await post([proposed()], job('measure'), [measured('red')])).toMatchObject({
      ...{ status: 202, body: { stage: 'SYNTHESIZING' } },
    });
    const verifying = incidentOf(untilVerifying);
    expect(await post([verifying], job('measure', remediate), [measured('green')])).toMatchObject({
      ...{ status: 202, body: { stage: 'VERIFYING' } },
    });
  });
  it('may say nothing else, not even that people are needed', async () => {
    for (const other of ['incident.escalated', 'remediation.rehearsed', 'recovery.confirmed'] as const)
      expect((await post([proposed()], job('measure'), [fact(other)])).status).toBe(403);
  });
  it('speaks of its own run, and of what is looked for now', async () => {
    expect((await post([proposed()], job('measure'), [measured('red', 8)])).body['error']).toBe(
      'it was measured in another run',
    );
    expect((await post([proposed()], job('measure'), [measured('green')])).body['error']).toBe(
      'nobody looks for that in SYNTHESIZING',
    );
  });
  it('is believed again when it is run again, and once for each answer', async () => {
    await post([proposed()], job('measure'), [measured('red')]);
    const [once] = [ledger.get(KEY)].flatMap((one) => one ?? []);
    if (!once) throw new Error('nothing was written');
    expect((await post([once], job('measure'), [measured('red')])).body).toMatchObject({ already: true });
    const later = fact('symptom.measured', { phase: 'red', run: run(7), reason: 'lag was red 5 of 5 times' });
    expect((await post([once], job('measure', { runAttempt: 2 }), [later])).status).toBe(202);
  });
});

describe('the job that removes left workspaces', () => {
  const watch = job('watch', { workflow: '.github/workflows/watch.yml' });
  const gone = (workspace = `vigil-${KEY}-1`) => fact('workspace.deleted', { workspace });
  const executing = [...untilMerged, fact('remediation.started')];
  const lost = incidentOf([...executing, fact('remediation.lost')]);

  it('may say that one is gone, and nothing else', async () => {
    expect((await post([lost], watch, [gone()])).status).toBe(202);
    for (const type of factTypes.filter((one) => one !== 'workspace.deleted'))
      expect(await post([lost], watch, [fact(type)])).toEqual({
        status: 403,
        body: { incident: KEY, error: `a watch job may not say ${type}` },
      });
  });

  it('may say it from its own workflow alone, and its environment serves no other', async () => {
    for (const file of ['remediate', 'respond', 'watch-job']) {
      const workflow = `.github/workflows/${file}.yml`;
      expect(await post([lost], job('watch', { workflow }), [gone()])).toEqual({
        status: 403,
        body: { incident: KEY, error: `the environment vigil-watch is not one of ${workflow}` },
      });
    }
    const { workflow } = watch;
    expect((await post([lost], job('execute', { workflow }), [gone()])).status).toBe(403);
  });

  it.each<[string, Incident, Fact, string]>([
    [
      'of another incident',
      lost,
      gone('vigil-pd-q9other1-1'),
      `vigil-pd-q9other1-1 is no workspace of ${KEY}`,
    ],
    ['that is none of Vigil’s', lost, gone('olgas-desk'), `olgas-desk is no workspace of ${KEY}`],
    ['of a script that runs', incidentOf(executing), gone(), `a script is at work in vigil-${KEY}-1`],
    [
      'of an undo that runs',
      incidentOf([...untilVerifying, fact('recovery.refuted'), fact('undo.started')]),
      gone(`vigil-${KEY}-1-undo`),
      `a script is at work in vigil-${KEY}-1-undo`,
    ],
  ])('is not believed about a workspace %s', async (_, incident, said, reason) => {
    expect(await post([incident], watch, [said])).toEqual({ status: 409, body: { error: reason } });
    expect(ledger.get(KEY)?.seq).toBe(incident.seq);
  });

  it('begins no investigation', async () => {
    await post([incidentOf([fact('incident.opened')])], watch, [gone()]);
    expect(ledger.get(KEY)?.records.map(({ type }) => type)).toEqual([
      'incident.opened',
      'workspace.deleted',
    ]);
  });
});

it('writes every workspace that one run took away, and each of them once', async () => {
  const one = fact('workspace.deleted', { workspace: `vigil-${KEY}-1` });
  const two = fact('workspace.deleted', { workspace: `vigil-${KEY}-1-undo` });
  const before = incidentOf(untilMerged);
  const first = await post([before], job('execute'), [one]);
  const half = ledger.get(KEY) as Incident;
  const second = await post([half], job('execute'), [two]);
  const whole = ledger.get(KEY) as Incident;
  const again = await post([whole], job('execute'), [one]);
  expect([first.status, second.status, again.status]).toEqual([202, 202, 200]);
  expect(ledger.get(KEY)?.seq).toBe(before.seq + 2);
});
