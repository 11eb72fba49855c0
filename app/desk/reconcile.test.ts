// Over 250 lines: every kind of news that no webhook brought has its case against one PagerDuty.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { incidentKey } from '#core/ledger/incident-key';
import type { Incident } from '#core/ledger/replay';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import { hearing, memoryLedger, testConfig, testSource } from '../../test/support/hearing.ts';
import { fact, incidentOf, untilProposed, untilVerifying, withFacts } from '../../test/support/incidents.ts';
import { alertOf, setStatus } from '../../test/support/pages.ts';
import { lookAtPages } from './reconcile.ts';

let pagerduty: PagerDuty;
let ledger: Ledger;
let woken: string[];
let logged: { level: string; words: string; about: Record<string, unknown> }[];
let cleaned: number;
let now: Date;
let sweep: () => Promise<void>;
let account: { apiKey: string };
const services = [
  { id: 'PSHOP01', name: 'shop' },
  { id: 'PSHOP02', name: 'second shop' },
  { id: 'POTHER1', name: 'other' },
];

beforeEach(async () => {
  const from = ['vigil@acme.example'];
  pagerduty = await startPagerDuty({ apiKey: 'key', from, service: services });
  now = new Date();
  open();
});
afterEach(() => pagerduty.close());

function open(start: Incident[] = [], changes: Record<string, string> = {}, wanted = {}): void {
  ledger = memoryLedger(start);
  [woken, logged, cleaned] = [[], [], 0];
  const config = testConfig({ PAGERDUTY_API_URL: pagerduty.api, VIGIL_QUIET_SECONDS: '300', ...changes });
  const world = hearing(ledger, config, testSource(['PSHOP01', 'PSHOP02'], wanted));
  for (const level of ['info', 'warn', 'error'] as const)
    world.log[level] = (about: object, words = '') => void logged.push({ level, about: { ...about }, words });
  account = config.pagerduty;
  const { clean } = world;
  const counted: typeof world = {
    ...world,
    now: () => now,
    clean: (...given) => {
      cleaned += 1;
      return clean(...given);
    },
  };
  const desk = { wake: (key: string) => void woken.push(key) };
  const parts = { ...counted, repo: {} as never };
  sweep = () => lookAtPages(parts, desk);
}

const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

const ring = (service?: string, summary?: string) => alertOf(pagerduty, service, summary);
const put = (id: string, status: string) => setStatus(pagerduty, id, status);

/** An incident of the ledger about a page, as its webhooks told it. */
function about(id: string, list: Parameters<typeof incidentOf>[0], data = {}): Incident {
  const [, ...rest] = list;
  const page = { pagerduty: { id, number: 1, url: null }, service: { id: 'PSHOP01', name: 'shop' } };
  const first = fact('incident.opened', { key: incidentKey(id), ...page, ...data });
  return incidentOf([first, ...rest]);
}
const early = (id: string, data = {}) => about(id, untilProposed, data);
const seen = (id: string): Incident => {
  const incident = ledger.get(incidentKey(id));
  if (!incident) throw new Error('there is no incident');
  return incident;
};
const told = (level: string) => logged.filter((one) => one.level === level);

describe('a sweep finds', () => {
  it('an alert whose trigger was missed, also one of many and one that is old', async () => {
    const ids = [];
    for (let n = 0; n < 3; n++) ids.push(await ring());
    await sweep();
    expect(ids.map((id) => seen(id).stage)).toEqual(['TRIGGERED', 'TRIGGERED', 'TRIGGERED']);
    expect(woken.toSorted()).toEqual(ids.map(incidentKey).toSorted());

    open();
    later(3600);
    await sweep();
    expect(seen(ids[0] ?? '').opened.late).toMatchObject({ confirmed: true });
  });

  it('a resolve that was missed, and takes it for quiet only after the time set', async () => {
    const id = await ring();
    await put(id, 'resolved');
    open([early(id)]);
    await sweep();
    expect(seen(id).records.at(-1)).toMatchObject({ type: 'alert.resolved', data: { by: 'PagerDuty' } });

    later(299);
    await sweep();
    expect(seen(id).stage).toBe('SYNTHESIZING');
    later(2);
    await sweep();
    expect(seen(id).stage).toBe('RESOLVED');
  });

  it('a reopening that was missed, before anything was decided', async () => {
    const id = await ring();
    open([withFacts(early(id), [fact('alert.resolved')])]);
    later(60);
    await sweep();
    expect(seen(id).records.at(-1)?.type).toBe('alert.joined');
    later(3600);
    await sweep();
    expect(seen(id).stage).toBe('SYNTHESIZING');
  });

  it.each([
    [
      'what Vigil healed and resolved',
      [fact('recovery.confirmed'), fact('effect.done', { effect: 'pagerduty.resolve#1' })],
    ],
    ['what people healed', [fact('recovery.refuted'), fact('alert.resolved')]],
  ])('a reopening that was missed, of %s', async (_, end) => {
    const id = await ring();
    open([about(id, [...untilVerifying, ...end])]);
    now = new Date(Date.parse(seen(id).records.at(-1)?.at ?? '') + 3_600_000);
    await sweep();
    expect([seen(id).stage, seen(id).attempt]).toEqual(['INVESTIGATING', 2]);
    await sweep();
    expect(seen(id).attempt).toBe(2);
  });

  it('no reopening where the page is only still open', async () => {
    const ids = [await ring(), await ring()];
    const [healed = '', failed = ''] = ids;
    open([
      about(healed, [...untilVerifying, fact('recovery.confirmed')]),
      about(failed, [...untilVerifying, fact('recovery.refuted')]),
    ]);
    now = new Date(Date.parse(seen(healed).records.at(-1)?.at ?? '') + 3_600_000);
    await sweep();
    expect(ids.map((id) => seen(id).attempt)).toEqual([1, 1]);
  });

  it('a new title, priority and service, and asks the privacy service once about a title', async () => {
    const id = await ring();
    open([early(id)]);
    pagerduty.edit(id, { title: 'All of checkout is down', priority: 'P1' });
    await sweep();
    await sweep();
    expect(seen(id).opened).toMatchObject({ title: 'All of checkout is down', priority: 'P1' });
    expect(seen(id).records.filter(({ type }) => type === 'alert.changed')).toHaveLength(1);
    expect(cleaned).toBe(1);

    pagerduty.edit(id, { service: 'PSHOP02' });
    await sweep();
    expect([seen(id).opened.service.name, seen(id).attempt]).toEqual(['second shop', 2]);
  });

  it('a page that was moved out of the inventory', async () => {
    const id = await ring();
    open([early(id)]);
    pagerduty.edit(id, { service: 'POTHER1' });
    await sweep();
    expect([seen(id).opened.service.id, seen(id).stage, seen(id).attempt]).toEqual([
      ...['POTHER1', 'INVESTIGATING', 2],
    ]);
  });

  it('a page that was merged, and the one it goes on in', async () => {
    const [merged, target] = [await ring(), await ring('PSHOP02', 'All shops are down')];
    open([early(merged)]);
    pagerduty.merge(merged, target);
    await sweep();
    expect([seen(merged).stage, seen(merged).records.at(-1)?.data]).toMatchObject([
      'RESOLVED',
      { into: target },
    ]);
    expect(seen(target).stage).toBe('TRIGGERED');
  });
});

describe('what is not listed', () => {
  it('is not quiet: the incident itself is asked, and still rings', async () => {
    const id = await ring('POTHER1');
    open([withFacts(early(id, { service: { id: 'POTHER1', name: 'other' } }), [fact('alert.resolved')])]);
    later(86_400);
    await sweep();
    expect(
      seen(id)
        .records.slice(-2)
        .map(({ type }) => type),
    ).not.toContain('alert.cleared');
    expect(seen(id).stage).toBe('SYNTHESIZING');
  });

  it('is not quiet either when PagerDuty does not know it or does not answer', async () => {
    open([withFacts(early('QNOBODY0000000'), [fact('alert.resolved')])]);
    later(86_400);
    await sweep();
    expect(seen('QNOBODY0000000').stage).toBe('SYNTHESIZING');
  });

  it('is asked about in turns when it is much', async () => {
    const ids = Array.from({ length: 120 }, (_, index) => `QNONE${100 + index}`);
    open(ids.map((id) => early(id)));
    await sweep();
    await sweep();
    const asked = new Set(told('warn').map(({ about }) => about['what']));
    expect(ids.filter((id) => !asked.has(`incident ${incidentKey(id)}`))).toEqual([]);
    expect(told('warn').filter(({ about }) => about['unlisted'] === 120)).toHaveLength(1);
  });
});

describe('what is odd', () => {
  it('hides no other incident, and is told and counted', async () => {
    const id = await ring();
    for (const odd of [null, { id: null }, 'odd']) {
      open();
      pagerduty.setOdd('incidents', odd);
      await sweep();
      expect(seen(id).stage).toBe('TRIGGERED');
      expect(told('warn').map(({ about }) => about)).toEqual([{ odd: 1 }]);
    }
  });

  it('is fetched where only its service is missing', async () => {
    const id = await ring('PSHOP02');
    const { number, title } = pagerduty.incidents()[0] ?? {};
    pagerduty.setOdd('incidents', { id, incident_number: number, title, service: null, status: 'triggered' });
    await sweep();
    expect(seen(id).opened.service).toEqual({ id: 'PSHOP02', name: 'second shop' });
  });

  it('hides nothing behind the first page', async () => {
    for (let n = 0; n < 105; n++) await ring(n % 2 === 0 ? 'PSHOP01' : 'PSHOP02');
    pagerduty.setBare(true);
    await sweep();
    expect([...ledger.open()]).toHaveLength(105);
  }, 20_000);

  it('is one incident that the ledger does not take: the others go on', async () => {
    const [first, second] = [await ring(), await ring()];
    const { append } = ledger;
    Object.assign(ledger, {
      append: (key: string, decide: Parameters<Ledger['append']>[1]) =>
        key === incidentKey(first) ? Promise.reject(new Error('the ledger is away')) : append(key, decide),
    });
    await sweep();
    expect([ledger.get(incidentKey(first)), seen(second).stage]).toEqual([null, 'TRIGGERED']);
    expect(told('warn').map(({ about }) => about['what'])).toEqual([`incident ${incidentKey(first)}`]);
  });
});

describe('trouble', () => {
  it('is told once, however often it is met, and so is its end', async () => {
    open([], { PAGERDUTY_API_KEY: 'wrong' });
    for (let n = 0; n < 4; n++) await sweep();
    expect(logged.map(({ level, about }) => [level, about['what'], about['reason']])).toEqual([
      ['warn', 'PagerDuty', 'PagerDuty answered 401: it does not accept Vigil’s token'],
    ]);
    account.apiKey = 'key';
    for (let n = 0; n < 2; n++) await sweep();
    expect(logged.slice(1)).toEqual([
      { level: 'info', words: 'the sweep can look at this again', about: { what: 'PagerDuty' } },
    ]);
  });
});

it('opens incidents of services outside the inventory only where they are wanted', async () => {
  const id = await ring('POTHER1');
  await sweep();
  expect([...ledger.open()]).toEqual([]);
  open([], {}, { outside_inventory: 'open' });
  await sweep();
  expect(seen(id).opened.service.id).toBe('POTHER1');
});
