// Acts that are meant for a while, through the front door with the clock ahead: put back after quiet, once, also over a restart;
// reminded of where people are to do it, or a hold keeps it; and what is said when the alert comes back. Jobs are played.
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { stillOut } from '#core/trust/summary';
import type { Running } from '../../app/start.ts';
import { TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playPutBack, playRemediate, playRespond } from '../support/quick-jobs.ts';
import { as, incidentThat, outside, page, review, ring, settled } from '../support/quick-people.ts';
import { type QuickWorld, startQuickApp, startQuickWorld } from '../support/quick-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
let world: QuickWorld;
let app: Running;
let ahead = 0;
const RealDate = Date;

/** Everything in this process, app and stand-ins alike, hears this time; timers run as they do. */
function jump(ms: number): void {
  ahead += ms;
  vi.useFakeTimers({ toFake: ['Date'], now: RealDate.now() + ahead, shouldAdvanceTime: true });
}
const begin = async (): Promise<void> => {
  app = await startQuickApp(world, { VIGIL_SWEEP_SECONDS: '1' });
};

beforeAll(async () => {
  // Of twelve shops, each with its own copy of the runbook.
  const ends: Readonly<Record<string, string>> = {
    'shop-1': 'put_back: quiet for 2h',
    'shop-2': 'put_back: { quiet_for: 2h, by: person }',
    'shop-3': 'put_back: quiet for 2h',
    'shop-4': 'until: 4h',
  };
  world = await startQuickWorld('shop-bad-flag', undefined, 60_000, (text, shop) =>
    ends[shop] === undefined ? text : text.replace(/^remediation:$/m, `remediation:\n  ${ends[shop]}`),
  );
  await begin();
});
afterAll(async () => {
  // Closed while the clock is still ahead: what waits until a time would else wait for a day.
  await app?.close();
  await world?.close();
  vi.useRealTimers();
});

async function healed(service: string) {
  const alert = await ring(world, TITLE, service);
  await playRespond(world, alert.key);
  await review(world, alert.key, 'APPROVE');
  await playRemediate(world, alert.key);
  await settled(world, alert.key);
  return alert;
}
const saying = (number: number | undefined, body: string) =>
  as(world, 'riley', `/issues/${number}/comments`, 'POST', { body });
const comments = async (key: string): Promise<string[]> => {
  const number = (await world.incident(key))?.issue?.number;
  const all = await as<{ body: string }[]>(world, 'riley', `/issues/${number}/comments?per_page=100`);
  return all.map(({ body }) => body);
};

test('acts with an end', async () => {
  const [quiet, person, held, comes] = await Promise.all(
    ['PSHOP01', 'PSHOP02', 'PSHOP03', 'PSHOP04'].map(healed),
  );
  if (!quiet || !person || !held || !comes) throw new Error('four alerts rang');
  const { pulls } = await outside(world, quiet);
  expect(pulls).toHaveLength(1);
  expect((await comments(quiet.key))[0]).toContain('Vigil puts it back when the service was quiet for 2h');
  await saying((await world.incident(held.key))?.issue?.number, '/vigil hold the sale is on');
  await incidentThat(world, held.key, 'is held', ({ records }) =>
    records.some(({ type }) => type === 'hold.set'),
  );

  // Nothing happens before its time.
  jump(HOUR);
  await saying((await world.incident(quiet.key))?.issue?.number, '/vigil state');
  const listed = await eventually('the list', async () =>
    (await comments(quiet.key)).find((body) => body.startsWith('Out of its usual state')),
  );
  expect(listed.split('\n').filter((line) => line.startsWith('- '))).toHaveLength(4);
  expect(listed.split('\n')[2]).toMatch(
    /^- #\d+: flag\.set \S+ on shop-1; since .* UTC; until the service was quiet for 2h; approved by \S*riley \(6\d minutes\)$/,
  );
  expect(listed).toMatch(/flag\.set \S+ on shop-4; since .*; until \S+ \S+ UTC; approved/);
  for (const { key } of [quiet, person, held, comes])
    expect((await world.incident(key))?.records.some(({ type }) => type.startsWith('putback.'))).toBe(false);

  // The app is away when the time comes, and again while the job runs.
  await app.close();
  jump(HOUR + MINUTE);
  await begin();
  await incidentThat(world, quiet.key, 'is due', (seen) => seen.latest['putback.due'] !== undefined);
  await app.close();
  await begin();
  await playPutBack(world, quiet.key);
  const back = await settled(world, quiet.key);
  expect(back.stage).toBe('RESOLVED');
  expect(back.records.filter(({ type }) => type === 'undo.started')).toHaveLength(1);
  const seen = await outside(world, quiet);
  expect(seen.runs).toEqual([
    'respond 1',
    'remediate 1',
    `remediate 1 undo ${back.latest['putback.due']?.seq}`,
  ]);
  expect(seen.issues[0]).toMatchObject({ state: 'closed', labels: ['vigil:resolved'] });
  expect(seen.issues[0]?.comments[0]).toMatch(
    /^\*\*RESOLVED\.\*\* The fix ran and the service works again: .*\. Put back as agreed\./,
  );
  expect(seen.slack[0]).toMatch(/^Resolved: shop-1[\s\S]*Put back as agreed/);
  expect(stillOut([back])).toEqual([]);

  // People are reminded where they are to do it, and where a hold keeps Vigil from it.
  for (const [alert, because] of [
    [person, 'it was agreed that people put it back'],
    [held, 'a hold keeps Vigil from putting it back'],
  ] as const) {
    const told = await incidentThat(world, alert.key, 'is reminded', ({ effects }) =>
      [...effects.values()].some(({ name, status }) => name.startsWith('slack.remind') && status === 'done'),
    );
    expect(told.latest['putback.due']).toBeUndefined();
    const reminders = (await comments(alert.key)).filter((body) => body.includes('vigil:reminder'));
    expect(reminders).toHaveLength(1);
    expect(reminders[0]).toMatch(/^@riley \*\*Still out of its usual state for 2 hours:\*\*/);
    expect(reminders[0]).toContain(because);
  }
  expect(
    world.slack.messages().filter(({ text }) => text.startsWith('Still out of its usual state')),
  ).toHaveLength(2);

  // A person puts it back with one word; a hold that is let go lets Vigil do it.
  await saying((await world.incident(person.key))?.issue?.number, '/vigil undo');
  await playPutBack(world, person.key);
  const asked = await settled(world, person.key);
  expect(asked.stage).toBe('RESOLVED');
  expect((await comments(person.key))[0]).toMatch(/riley asked for it\. Put back as agreed\./);
  await saying((await world.incident(held.key))?.issue?.number, '/vigil release');
  await playPutBack(world, held.key);
  expect((await settled(world, held.key)).stage).toBe('RESOLVED');

  // A new alert on a service is told what was put back there shortly before.
  const next = await ring(world, TITLE, 'PSHOP03');
  await playRespond(world, next.key);
  await eventually('the words', async () =>
    (await comments(next.key)).some((body) =>
      new RegExp(
        `What the fix of ${held.key} had changed was put back as agreed \\d+ minutes? before this alert`,
      ).test(body),
    ),
  );

  // At its latest time it is put back; then the alert comes back.
  jump(2 * HOUR);
  await playPutBack(world, comes.key);
  await settled(world, comes.key);
  jump(12 * MINUTE);
  await page(world, comes, 'triggered');
  const again = await incidentThat(
    world,
    comes.key,
    'is open again',
    ({ attempt, effects }) => attempt === 2 && effects.get('issue.reopen#2')?.status === 'done',
  );
  expect(again.stage).toBe('INVESTIGATING');
  await playRespond(world, comes.key);
  await eventually('the words', async () =>
    (await comments(comes.key)).some((body) =>
      /What the fix had changed was put back as agreed 1\d minutes before the alert came back\./.test(body),
    ),
  );
}, 240_000);
