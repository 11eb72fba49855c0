// Over 250 lines: every way in which an event can be late, repeated, odd or about something else has its case at one door.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { condition, decisionText } from '#core/decision';
import { autoLane } from '#core/gate/approval';
import { isDoubtful } from '#core/incident/heard';
import { incidentKey } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';
import { issueBody } from '#core/messages/issue';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import {
  type Door,
  door,
  hearing,
  memoryLedger,
  NOW,
  secrets,
  sign,
  testConfig,
  testSource,
} from '../../test/support/hearing.ts';
import { fact, facts, incidentOf, KEY, untilProposed, untilVerifying } from '../../test/support/incidents.ts';
import { alertOf, setStatus } from '../../test/support/pages.ts';
import { handlePagerDuty } from './pagerduty.ts';

let pagerduty: PagerDuty;
let ledger: Ledger;
let site: Door | undefined;
let logged: { level: string; about: Record<string, unknown>; words: string }[];
const services = [
  { id: 'PSHOP01', name: 'shop' },
  { id: 'POTHER1', name: 'other' },
];
const minutes = (ago: number) => new Date(NOW.getTime() - ago * 60_000).toISOString();

beforeAll(async () => {
  const from = ['vigil@acme.example'];
  pagerduty = await startPagerDuty({ apiKey: 'key', from, service: services });
});
afterAll(() => pagerduty.close());
beforeEach(() => open(memoryLedger()));
afterEach(() => site?.close());

async function open(with_: Ledger, source = testSource(), api = pagerduty.api): Promise<void> {
  await site?.close();
  ledger = with_;
  logged = [];
  const world = hearing(ledger, testConfig({ PAGERDUTY_API_URL: api }), source);
  for (const level of ['info', 'warn', 'error'] as const)
    world.log[level] = (about: object, words = '') => void logged.push({ level, about: { ...about }, words });
  site = await door((request, response) =>
    handlePagerDuty(world, { wake: () => undefined }, request, response),
  );
}

async function post(body: unknown): Promise<{ status: number; said: Record<string, unknown> }> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(site?.url ?? '', {
    ...{ method: 'POST', body: text, headers: { 'x-pagerduty-signature': sign(text, secrets[1] ?? '') } },
  });
  return { status: answer.status, said: (await answer.json()) as Record<string, unknown> };
}

/** An incident at PagerDuty, which tells nobody. */
const ring = () => alertOf(pagerduty);
const put = (id: string, status: string) => setStatus(pagerduty, id, status);

let events = 0;
function event(type: string, data: object = {}, around: object = {}) {
  const about = { type: 'incident', id: 'Q1SHOP1', number: 7, title: 'Checkout error rate is high' };
  const rest = { urgency: 'high', priority: null, service: { id: 'PSHOP01', summary: 'Web shop' } };
  return {
    event: {
      ...{ id: `E${++events}`, event_type: type, resource_type: 'incident', occurred_at: minutes(1) },
      ...{ agent: null, client: null, data: { ...about, ...rest, ...data } },
      ...around,
    },
  };
}
const types = (key = KEY) => ledger.get(key)?.records.map(({ type }) => type);
const known = (): Incident => {
  const incident = ledger.get(KEY);
  if (!incident) throw new Error('there is no incident');
  return incident;
};

describe('the same event again', () => {
  const healed = () => incidentOf([...untilVerifying, fact('recovery.confirmed')]);

  it('opens the incident again once, whenever it comes', async () => {
    await open(memoryLedger([healed()]));
    const reopened = event('incident.reopened');
    await post(reopened);
    await ledger.append(KEY, () => ({
      ...{ facts: [fact('incident.escalated')], actor: { kind: 'app' }, at: NOW },
    }));
    await post(reopened);
    expect([known().attempt, known().stage]).toEqual([2, 'ESCALATED']);

    await post(event('incident.reopened'));
    expect([known().attempt, known().stage]).toEqual([3, 'INVESTIGATING']);
  });

  it('is known to another replica and after a restart, since the ledger holds its id', async () => {
    await open(memoryLedger([healed()]));
    const reopened = event('incident.reopened');
    await post(reopened);
    await open(memoryLedger([known()]));
    await Promise.all([post(reopened), post(reopened)]);
    expect(types()?.filter((type) => type === 'incident.reopened')).toHaveLength(1);
  });

  it('joins, resolves, changes and begins once', async () => {
    const opens = event('incident.reopened');
    const told = [
      event('incident.resolved'),
      event('incident.reopened'),
      event('incident.priority_updated', { priority: { id: 'P1', summary: 'P1' } }),
    ];
    for (const one of [opens, ...told]) {
      await post(one);
      await post(one);
    }
    for (const one of told) await post(one);
    const once = ['incident.opened', 'alert.resolved', 'alert.joined', 'alert.changed'];
    expect(types()).toEqual(once);

    await ledger.append(KEY, () => ({
      ...{ facts: [fact('incident.escalated')], actor: { kind: 'app' }, at: NOW },
    }));
    await post(opens);
    expect(types()).toEqual([...once, 'incident.escalated']);
  });

  it('is known by its bytes when it has no id', async () => {
    await open(memoryLedger([healed()]));
    const { event: all } = event('incident.reopened');
    const { id: _, ...nameless } = all;
    await post({ event: nameless });
    await ledger.append(KEY, () => ({
      ...{ facts: [fact('incident.escalated')], actor: { kind: 'app' }, at: NOW },
    }));
    await post({ event: nameless });
    expect(known().attempt).toBe(2);
    await post({ event: { ...nameless, occurred_at: minutes(0.5) } });
    expect(known().attempt).toBe(3);
  });

  it('does not undo what a newer event told', async () => {
    await post(event('incident.triggered'));
    await post(
      event('incident.priority_updated', { priority: { summary: 'P1' } }, { occurred_at: minutes(1) }),
    );
    await post(
      event('incident.priority_updated', { priority: { summary: 'P3' } }, { occurred_at: minutes(2) }),
    );
    expect(known().opened.priority).toBe('P1');
  });
});

describe('an alert that is over, or old', () => {
  it('opens nothing when its resolve came before its trigger: PagerDuty says that it is resolved', async () => {
    const id = await ring();
    await put(id, 'resolved');
    await post(event('incident.resolved', { id }));
    const answer = await post(event('incident.triggered', { id }));

    expect(answer).toEqual({
      status: 202,
      said: { incident: incidentKey(id), note: 'PagerDuty says that it is over' },
    });
    expect([...ledger.open()]).toEqual([]);
  });

  it('opens nothing when a trigger comes 47 h late and the page is resolved', async () => {
    const id = await ring();
    await put(id, 'resolved');
    await post(event('incident.triggered', { id }, { occurred_at: minutes(47 * 60) }));
    expect([...ledger.open()]).toEqual([]);
  });

  it('tells how old it is when PagerDuty says that it is still open', async () => {
    const id = await ring();
    await post(event('incident.triggered', { id }, { occurred_at: minutes(47 * 60) }));

    const incident = ledger.get(incidentKey(id));
    if (!incident) throw new Error('it was not opened');
    expect(issueBody(incident)).toContain(
      'The alert was 47 hours old when Vigil heard of it; PagerDuty said that it is still open.',
    );
    expect(isDoubtful(incident)).toBe(false);
  });

  it('goes on when PagerDuty cannot be asked, but never in the auto lane', async () => {
    await open(memoryLedger(), testSource(), 'http://127.0.0.1:9');
    await post(event('incident.triggered', {}, { occurred_at: minutes(16) }));

    expect(issueBody(known())).toContain('nothing runs without a review');
    expect(isDoubtful(known())).toBe(true);
    const yes = condition('yes', true, '');
    const { settings } = testSource();
    const lane = autoLane({
      ...{ judged: facts['remediation.judged'], runbook: null, match: 100, rehearsed: true, held: false },
      ...{ settings, runsToday: 0, eligible: true, trust: { block: yes, lane: yes } },
      doubtful: isDoubtful(known()),
    });
    expect(decisionText(lane)).toContain(
      '✗ the alert is still open: it was old, and PagerDuty could not be asked',
    );
  });

  it('is not taken for open when PagerDuty does not say so', async () => {
    const id = await ring();
    const mute = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ incident: { id, status: null } }));
    });
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as AddressInfo;
    await open(memoryLedger(), testSource(), `http://127.0.0.1:${port}`);
    await post(event('incident.triggered', {}, { occurred_at: minutes(16) }));
    mute.close();
    expect(isDoubtful(known())).toBe(true);
  });

  it('counts as fresh for a quarter of an hour, also when PagerDuty cannot be asked', async () => {
    await open(memoryLedger(), testSource(), 'http://127.0.0.1:9');
    await post(event('incident.triggered', {}, { occurred_at: minutes(14) }));
    expect([known().opened.late, isDoubtful(known())]).toEqual([undefined, false]);
  });

  it('is not opened again by an old reopening when PagerDuty says that it is resolved', async () => {
    const id = await ring();
    await put(id, 'resolved');
    const key = incidentKey(id);
    await open(
      memoryLedger([
        incidentOf([
          fact('incident.opened', { key, pagerduty: { id, number: 1, url: null } }),
          fact('incident.escalated'),
        ]),
      ]),
    );
    await post(event('incident.reopened', { id }, { occurred_at: minutes(20) }));
    expect(ledger.get(key)?.stage).toBe('ESCALATED');
  });

  it('is over for Vigil when its page was merged into another one', async () => {
    await open(memoryLedger([incidentOf(untilProposed)]));
    const resolve_reason = {
      type: 'merge_resolve_reason',
      incident: { id: 'Q2SHOP2', type: 'incident_reference' },
    };
    await post(event('incident.resolved', { status: 'resolved', resolve_reason }));
    expect([known().stage, known().records.at(-1)?.data]).toEqual([
      'RESOLVED',
      { event: `E${events}`, at: minutes(1), into: 'Q2SHOP2' },
    ]);
  });
});

describe('what PagerDuty changes', () => {
  it('is followed: priority, urgency and a new title, by whichever event tells it', async () => {
    await post(event('incident.triggered'));
    await post(event('incident.priority_updated', { priority: { summary: 'P1' } }));
    await post(
      event('incident.acknowledged', { priority: { summary: 'P1' }, title: 'All of checkout is down' }),
    );
    await post(event('incident.escalated', { title: 'Ask olga@example.com', urgency: 'low' }));
    expect(known().opened).toMatchObject({ priority: null, urgency: 'low' });
    expect(known().opened.title).toMatch(/^Ask \[EMAIL_\w+\]$/);
  });

  it('begins anew on another service, as long as nothing was started', async () => {
    await open(memoryLedger([incidentOf(untilProposed)]));
    await post(event('incident.service_updated', { service: { id: 'POTHER1', summary: 'Payments' } }));
    expect([known().stage, known().attempt, known().opened.service.id]).toEqual([
      ...['INVESTIGATING', 2, 'POTHER1'],
    ]);
    expect(known().latest['remediation.proposed']).toBeUndefined();
  });

  it.each([
    ['a run', 'respond.dispatch#1', [fact('incident.opened'), fact('issue.opened')], 'investigation.started'],
    ['a pull request', 'pull.open#1', [...untilProposed, fact('remediation.judged')], 'pull.opened'],
  ] as const)(
    'waits with the new service while %s is being made, which would be nobody’s',
    async (_, effect, facts, made) => {
      await open(memoryLedger([incidentOf([...facts, fact('effect.claimed', { effect })])]));
      const service = { id: 'POTHER1', summary: 'Payments' };
      await post(event('incident.service_updated', { service }));
      expect([known().attempt, known().opened.service.id]).toEqual([1, 'PSHOP01']);

      const done = [fact(made), fact('effect.done', { effect })];
      await ledger.append(KEY, () => ({ facts: done, actor: { kind: 'app' }, at: NOW }));
      await post(event('incident.acknowledged', { service }));
      expect([known().attempt, known().opened.service.id]).toEqual([2, 'POTHER1']);
    },
  );

  it('is on the new service from the start where nothing was begun', async () => {
    await post(event('incident.triggered'));
    await post(event('incident.service_updated', { service: { id: 'POTHER1', summary: 'Payments' } }));
    expect([known().stage, known().attempt, known().opened.service.id]).toEqual(['TRIGGERED', 1, 'POTHER1']);
  });

  it('changes no script that was started', async () => {
    await open(memoryLedger([incidentOf(untilVerifying)]));
    await post(event('incident.service_updated', { service: { id: 'POTHER1', summary: 'Payments' } }));
    expect([known().stage, known().attempt, known().opened.service.id]).toEqual(['VERIFYING', 1, 'POTHER1']);
  });

  it('is no news when the event tells less than the ledger has', async () => {
    await post(event('incident.triggered', { priority: { summary: 'P2' } }));
    await post(
      event('incident.acknowledged', { priority: undefined, title: null, urgency: 7.5, service: null }),
    );
    expect(known().opened).toMatchObject({ priority: 'P2', service: { id: 'PSHOP01' } });
    expect(known().opened.title).toBe('Checkout error rate is high');
  });
});

describe('an odd event', () => {
  it('is read as far as it can be, and PagerDuty is asked for the rest', async () => {
    const id = await ring();
    const missing = { service: null, title: undefined, urgency: undefined, number: '42', html_url: 'odd' };
    await post(event('incident.triggered', { id, ...missing }, { agent: { summary: 12 }, client: 'odd' }));
    expect(ledger.get(incidentKey(id))?.opened).toMatchObject({
      pagerduty: { id, number: 42 },
      service: { id: 'PSHOP01', name: 'shop' },
      ...{ title: 'Checkout error rate is high', urgency: 'high' },
    });
  });

  it.each([
    ['a service that is only an id', { service: 'PSHOP01' }],
    [
      'fields that nobody knows',
      { tomorrow: { is: ['another', 'day'] }, service: { id: 'PSHOP01', extra: 1 } },
    ],
    ['no type of its data', { type: undefined }],
    ['a number in place of the title', { title: 12 }],
    ['a priority that is a text', { priority: 'P1' }],
    ['an odd reason to resolve', { resolve_reason: 'because', assignees: null, teams: 'all' }],
  ])('opens the incident: %s', async (_, data) => {
    expect((await post(event('incident.triggered', data))).status).toBe(202);
    expect(known().opened.service.id).toBe('PSHOP01');
  });

  it('opens an incident for people when nobody can tell the service', async () => {
    await post(event('incident.triggered', { service: null }));
    expect(known().opened.service).toEqual({ id: 'unknown', name: 'an unknown service' });
  });

  it('is told and counted when it cannot be understood, without its text', async () => {
    const bodies = [
      ...['{"event":', '[]', 'null', '{}', '"x"', '{"messages":[{"event":"incident.trigger"}]}'],
      { event: null },
      { event: { id: 'E', event_type: 'incident.triggered', data: null } },
      { event: { id: 'E', event_type: 7, data: { type: 'incident' } } },
      event('incident.triggered', { id: null, title: 'a secret word' }),
      event('incident.annotated', { type: 'incident_note', incident: null, content: 'a secret word' }),
    ];
    for (const body of bodies) expect((await post(body)).status).toBe(202);

    expect(logged.map(({ level }) => level)).toEqual(bodies.map(() => 'warn'));
    expect(logged.at(-1)?.about).toMatchObject({ unreadable: bodies.length });
    expect(JSON.stringify(logged)).not.toContain('secret word');
  });

  it('makes no noise when it is of another type, also of one that does not exist yet', async () => {
    const others = {
      incident_status_update: ['incident.status_update_published'],
      incident_conference_bridge: ['incident.conference_bridge.updated'],
      incident_field_values: ['incident.custom_field_values.updated'],
      incident_responder: ['incident.responder.added', 'incident.responder.replied'],
      incident_role_assignment: ['incident.role.assigned'],
      incident_task: ['incident.task.created', 'incident.task.updated', 'incident.task.completed'],
      incident_action_invocation: ['created', 'updated', 'terminated'].map(
        (end) => `incident.action_invocation.${end}`,
      ),
      incident_workflow_instance: ['incident.workflow.started', 'incident.workflow.completed'],
      service: ['service.created', 'service.updated', 'service.deleted'],
      service_field_values: ['service.custom_field_values.updated'],
      ping: ['pagey.ping'],
      moon: ['moon.risen', 'incident.moonstruck'],
    };
    for (const [type, names] of Object.entries(others))
      for (const name of names)
        expect(
          await post({ event: { id: 'E', event_type: name, agent: null, data: { type, id: 'PX00001' } } }),
        ).toEqual({
          ...{ status: 202, said: { ignored: name } },
        });
    const quiet = [
      'acknowledged',
      'delegated',
      'escalated',
      'incident_type.changed',
      'reassigned',
      'unacknowledged',
    ];
    for (const name of [...quiet, 'resolved', 'priority_updated', 'service_updated'])
      expect((await post(event(`incident.${name}`))).status).toBe(202);
    expect([[...ledger.open()], logged]).toEqual([[], []]);
  });
});

describe('a service outside the inventory', () => {
  const outside = { service: { id: 'POTHER1', summary: 'Other' } };

  it('opens nothing: each alert is a line in the log, and they are counted', async () => {
    for (const id of ['Q1AAAAA', 'Q2BBBBB', 'Q3CCCCC'])
      await post(event('incident.triggered', { id, ...outside }));

    expect([...ledger.open()]).toEqual([]);
    expect(logged.map(({ about }) => [about['service'], about['ignored']])).toEqual([
      ['POTHER1', 1],
      ['POTHER1', 2],
      ['POTHER1', 3],
    ]);
  });

  it('is not let in by an event that does not name it: PagerDuty tells it', async () => {
    const id = await ring();
    pagerduty.edit(id, { service: 'POTHER1' });
    await post(event('incident.triggered', { id, service: null }));
    expect([...ledger.open()]).toEqual([]);
  });

  it('opens an incident where the team wants it', async () => {
    await open(memoryLedger(), testSource(['PSHOP01'], { outside_inventory: 'open' }));
    await post(event('incident.triggered', outside));
    expect(known().opened.service.id).toBe('POTHER1');
  });

  it('opens an incident when the inventory cannot be read', async () => {
    const away = testSource();
    Object.defineProperty(away, 'settings', {
      get: () => {
        throw new Error('git is away');
      },
    });
    await open(memoryLedger(), away);
    await post(event('incident.triggered', outside));
    expect(known().stage).toBe('TRIGGERED');
  });
});
