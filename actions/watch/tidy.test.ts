// The janitor at work: what it ends, what it lists only, and what becomes of what does not go.
import { expect, test } from 'vitest';
import type { Ended, Standing } from '#adapters/workspace/port';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { tidiedTable, tidyingAlarms } from '#core/messages/tidied';
import { fact, incidentOf, KEY, OPENED, untilMerged, untilVerifying } from '../../test/support/incidents.ts';
import { tidy } from './tidy.ts';

const FIX = `vigil-${KEY}-1`;
const since = OPENED.toISOString();
const executing = [...untilMerged, fact('remediation.started')];
const lost = [...executing, fact('remediation.lost')];
const gone: Ended = { dead: true, gone: true, reason: 'it is deleted' };

/** A place with these workspaces, a ledger with this incident three hours later, and what came of it. */
async function tidied(how: {
  standing: Standing[];
  facts: readonly Fact[];
  /** What the ledger has at the second look. */
  afterwards?: readonly Fact[];
  end?: (name: string) => Promise<Ended>;
  dryRun?: boolean;
  post?: () => Promise<string | null>;
}) {
  const asked: string[] = [];
  const posted: [string, number, string][] = [];
  const read = (facts: readonly Fact[]): Incident => incidentOf(facts);
  const rows = await tidy({
    workspaces: {
      list: async () => ({ ok: true, standing: how.standing }),
      async end(name) {
        asked.push(name);
        return how.end ? how.end(name) : gone;
      },
    },
    ledger: {
      owner: async (key) => ({ ok: true, incident: key === KEY ? read(how.afterwards ?? how.facts) : null }),
      open: async () => [read(how.facts)],
    },
    watch: {
      now: () => OPENED.getTime() + 3 * 3_600_000,
      pause: async () => undefined,
      tell: () => undefined,
    },
    dryRun: how.dryRun ?? false,
    async post({ key, attempt }, workspace) {
      posted.push([key, attempt, workspace]);
      return how.post ? how.post() : null;
    },
  });
  return { rows, asked, posted, does: Object.fromEntries(rows.map(({ name, done }) => [name, done])) };
}

test('a lost script’s workspace is ended and its incident told; a person’s and a stranger’s are listed only', async () => {
  const { asked, posted, does } = await tidied({
    standing: [FIX, 'olgas-desk', 'vigil-try-this'].map((name) => ({ name, since })),
    facts: lost,
  });
  expect(does).toEqual({ [FIX]: 'ended', 'olgas-desk': 'stays', 'vigil-try-this': 'stays' });
  expect(asked).toEqual([FIX]);
  expect(posted).toEqual([[KEY, 1, FIX]]);
});

test('one of which the ledger says nothing is ended when it is old, and no incident is told', async () => {
  const { does, posted } = await tidied({
    standing: [
      { name: 'vigil-pd-q9other1-1', since },
      { name: 'vigil-pd-q9other1-2', since: new Date(OPENED.getTime() + 2 * 3_600_000).toISOString() },
    ],
    facts: lost.slice(0, 3),
  });
  expect(does).toEqual({ 'vigil-pd-q9other1-1': 'ended', 'vigil-pd-q9other1-2': 'stays' });
  expect(posted).toEqual([]);
});

test('one that the ledger waits for and that stands nowhere is proved gone and told', async () => {
  const { asked, posted } = await tidied({ standing: [], facts: lost });
  expect([asked, posted]).toEqual([[FIX], [[KEY, 1, FIX]]]);
});

test('one whose script is at work stays, also when it began after the first look', async () => {
  expect((await tidied({ standing: [{ name: FIX, since }], facts: executing })).asked).toEqual([]);
  const began = await tidied({ standing: [{ name: FIX, since }], facts: untilMerged, afterwards: executing });
  expect([began.asked, began.does]).toEqual([[], { [FIX]: 'stays' }]);
});

test('a dry run ends nothing and says what it would end', async () => {
  const { asked, posted, rows } = await tidied({
    standing: [{ name: FIX, since }],
    facts: lost,
    dryRun: true,
  });
  expect([asked, posted]).toEqual([[], []]);
  expect(tidiedTable(rows, true)).toBe(
    [
      'Nothing was ended: this only says what would be.',
      '',
      '| workspace | | why |',
      '| --- | --- | --- |',
      `| \`${FIX}\` | would end | its script is over or lost, and nobody has confirmed that it is gone |`,
      '',
    ].join('\n'),
  );
});

test.each<[string, () => Promise<Ended>, string]>([
  [
    'the deletion failed',
    async () => ({ dead: false, gone: false, reason: 'terraform destroy: exit status 1' }),
    'terraform destroy: exit status 1; it is not known whether its script is still at work',
  ],
  [
    'its script is dead',
    async () => ({ dead: true, gone: false, reason: 'it is stopped and does not go' }),
    'it is stopped and does not go; nothing is at work in it any more',
  ],
  [
    'nobody answered',
    () => Promise.reject(new Error('Coder answered 502')),
    'Coder answered 502; it is not known whether its script is still at work',
  ],
])(
  'what does not go is an alarm with its name and page, and is not told to be gone: %s',
  async (_, end, why) => {
    const other = { name: 'vigil-pd-q9other1-1', since };
    const { rows, posted, does } = await tidied({
      standing: [{ name: FIX, since }, other],
      facts: lost,
      end: (name) => (name === FIX ? end() : Promise.resolve(gone)),
    });
    expect([posted, does]).toEqual([[], { [FIX]: 'not gone', [other.name]: 'ended' }]);
    expect(tidyingAlarms(rows, 'https://coder.acme.example/')).toEqual([
      `workspace ${FIX} could not be removed: ${why}. Remove it by hand: https://coder.acme.example/workspaces?filter=name%3A${FIX}`,
    ]);
  },
);

test('an app that could not be told is an alarm too, and the next run tells it', async () => {
  const untold = await tidied({
    standing: [{ name: FIX, since }],
    facts: [...untilVerifying, fact('recovery.confirmed')],
    post: () => Promise.reject(new Error('vigil.acme.example answered 502')),
  });
  expect(tidyingAlarms(untold.rows, 'https://coder.acme.example')).toEqual([
    `workspace ${FIX}: it is gone, and the app does not know it: vigil.acme.example answered 502; the next run tells it again`,
  ]);
});

test('without the list nothing is ended', async () => {
  const never = async () => {
    throw new Error('nothing may be ended');
  };
  const work = tidy({
    workspaces: { list: async () => ({ ok: false, reason: 'Coder answered 401' }), end: never },
    ledger: { owner: never, open: async () => [incidentOf(lost)] },
    watch: { now: () => 0, pause: async () => undefined, tell: () => undefined },
    ...{ dryRun: false, post: never },
  });
  await expect(work).rejects.toThrow('the workspaces could not be listed: Coder answered 401');
});
