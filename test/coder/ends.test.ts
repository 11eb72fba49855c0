// How a workspace is taken away from a real Coder, and what is said where that cannot be: rows 24 to 26 and 43 of the list. And whether
// a script could be run there at all.
import { describe, expect, test } from 'vitest';
import { type Ask, toAnswer } from '#adapters/workspace/coder/api';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import { ACCOUNT, html, json, type Moment, ORDER, play, type Story } from './scripted.ts';

const pending: Moment = { at: 0, build: { status: 'pending' }, job: { status: 'pending' } };
const building: Moment = { at: 2, build: { status: 'starting' }, job: { status: 'running' } };
const runs: Moment = {
  ...{ at: 4, build: { status: 'running' }, job: { status: 'succeeded' } },
  agent: { status: 'connected', lifecycle_state: 'starting', first_connected_at: 'then' },
};
const up = [pending, building, runs];

/** Made, and ended after so many seconds. */
async function ended(story: Story, after: number, seen = true) {
  const played = play(story);
  await played.ask('POST', '/users/me/workspaces');
  await played.watch.pause(after * 1000);
  const end = await coderWorkspaces(ACCOUNT, played.ask).end(ORDER.name, played.watch, { seen });
  return { ...end, seconds: played.watch.now() / 1000 - after };
}

describe('a workspace', () => {
  test.each<[what: string, story: Story, after: number, end: object, reason: RegExp]>([
    ['24 that runs is gone after its delete', { moments: up }, 10, { dead: true, gone: true }, /^$/],
    [
      '25 whose build is under way is canceled first',
      { moments: [pending, building] },
      3,
      { dead: true, gone: true },
      /^$/,
    ],
    [
      '25 whose build may not be canceled is waited for',
      { moments: [pending, building, { ...runs, at: 60 }], cancels: 'refused' },
      ...([3, { dead: true, gone: true }, /^$/] as const),
    ],
    [
      '26 whose delete fails is asked again',
      { moments: up, deletes: 'fails once' },
      10,
      { dead: true, gone: true },
      /^$/,
    ],
    [
      '26 whose delete always fails stays, and its script may be at work',
      { moments: up, deletes: 'fails' },
      ...([10, { dead: false, gone: false }, /terraform destroy: exit status 1/] as const),
    ],
    [
      '26 whose delete hangs stays',
      { moments: up, deletes: 'hangs' },
      10,
      { dead: false, gone: false },
      /not gone after/,
    ],
    [
      '20 that was stopped is dead, also where it stays',
      {
        moments: [
          ...up,
          { at: 8, build: { id: 'n', build_number: 2, transition: 'stop', status: 'stopped' }, agent: null },
          { at: 9, workspace: { dormant_at: 'then', scoped: true } },
        ],
      },
      ...([10, { dead: true, gone: false }, /dormant, and this token may not delete/] as const),
    ],
    [
      '43 that is dormant, and not to be seen, is not called gone',
      { moments: [...up, { at: 8, workspace: { hidden: true } }] },
      ...([10, { dead: false, gone: false }, /may be dormant/] as const),
    ],
    [
      '42 is not called gone by a proxy',
      { moments: up, outages: [[9, 100_000, html(404)]] },
      ...([10, { dead: false, gone: false }, /404/] as const),
    ],
    [
      '41 is taken away after the minute of a limit',
      { moments: up, outages: [[9, 20, json(429, 'You’ve been rate limited')]] },
      ...([10, { dead: true, gone: true }, /^$/] as const),
    ],
    [
      '23 that somebody deleted is gone',
      {
        moments: [...up, { at: 8, build: { id: 'n', transition: 'delete', status: 'deleted' }, agent: null }],
      },
      10,
      { dead: true, gone: true },
      /^$/,
    ],
  ])('%s', async (_, story, after, end, reason) => {
    const { seconds, ...seen } = await ended(story, after);
    expect(seen).toEqual({ ...end, reason: expect.stringMatching(reason) });
    // Minutes, and not more.
    expect(seconds).toBeLessThan(700);
  });

  test('that nobody has seen, and that is not there at ten looks, was never made', async () => {
    const played = play({});
    const place = coderWorkspaces(ACCOUNT, played.ask);
    expect(await place.end(ORDER.name, played.watch)).toMatchObject({ dead: true, gone: true });
    expect(await place.end(ORDER.name, played.watch, { seen: true })).toMatchObject({
      dead: false,
      gone: false,
    });
  });
});

const VERSION = { name: 'brave_otter1', archived: false, job: { status: 'succeeded' } };
const names = 'commit_sha incident_id nonce script_gz_b64 script_path script_sha256 timeout_seconds'.split(
  ' ',
);
const parameters = names.map((name) => ({ name, required: true }));
/** A Coder that answers these, and well otherwise. */
const answering =
  (answers: Record<string, ReturnType<typeof json> | object>): Ask =>
  async (_, path) => {
    const well: Record<string, object> = {
      '/buildinfo': { version: 'v2.36.0+abc' },
      '/workspaces?q=owner:me&limit=1': { workspaces: [], count: 0 },
      '/templateversions/v1': VERSION,
      '/templateversions/v1/rich-parameters': parameters,
    };
    const given = answers[path] ?? well[path] ?? json(404, 'Route not found.');
    return 'own' in given ? (given as ReturnType<typeof json>) : toAnswer(200, given, '');
  };

test.each<[what: string, answers: Parameters<typeof answering>[0], reason: RegExp | null]>([
  ['well', {}, null],
  ['46 a server that tells no exit codes', { '/buildinfo': { version: 'v2.33.4' } }, /v2\.33\.4 is too old/],
  ['a development build', { '/buildinfo': { version: 'v0.0.0-devel' } }, null],
  [
    '40 a token without the scopes',
    { '/workspaces?q=owner:me&limit=1': json(404, 'Resource not found') },
    /coder:workspaces\.create/,
  ],
  [
    '39 a token that is over',
    { '/workspaces?q=owner:me&limit=1': json(401, 'You are signed out', { detail: 'API key expired' }) },
    /API key expired/,
  ],
  ['42 a proxy', { '/buildinfo': html(502) }, /502/],
  [
    '29 an archived version',
    { '/templateversions/v1': { ...VERSION, archived: true } },
    /v1 \(brave_otter1\) is archived/,
  ],
  [
    '33 a version whose import failed',
    { '/templateversions/v1': { ...VERSION, job: { status: 'failed' } } },
    /was not imported: failed/,
  ],
  [
    '30 a version that is not there',
    { '/templateversions/v1': json(404, 'Resource not found') },
    /workspace\.version v1/,
  ],
  [
    '34 a template without the nonce',
    { '/templateversions/v1/rich-parameters': parameters.filter(({ name }) => name !== 'nonce') },
    /has no parameter nonce/,
  ],
  [
    '34 a template that demands more',
    { '/templateversions/v1/rich-parameters': [...parameters, { name: 'region', required: true }] },
    /demands region/,
  ],
])('whether a script could be run: %s', async (_, answers, reason) => {
  const ready = await coderWorkspaces(ACCOUNT, answering(answers)).ready();
  expect(ready).toEqual(reason ? { ok: false, reason: expect.stringMatching(reason) } : { ok: true });
});
