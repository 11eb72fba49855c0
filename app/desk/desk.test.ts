// The desk at its work on a GitHub, a PagerDuty and a Slack that are slow, or answer with a proxy's words.
import { readFile } from 'node:fs/promises';
import { Hono } from 'hono';
import { ProbotOctokit } from 'probot';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Ledger } from '#adapters/git/ledger';
import { parseSettings, type Source } from '#adapters/git/source';
import type { Fact } from '#core/ledger/facts';
import { hasEnded } from '#core/ledger/lifecycle';
import type { Incident } from '#core/ledger/replay';
import { slackMessage } from '#core/messages/chat';
import { issueBody, statusComment } from '#core/messages/issue';
import { type Listening, listen } from '../../sandbox/listen.ts';
import { hearing, memoryLedger, testConfig } from '../../test/support/hearing.ts';
import {
  fact,
  incidentOf,
  KEY,
  untilInvestigating,
  untilMerged,
  untilProposed,
  untilVerifying,
} from '../../test/support/incidents.ts';
import { openDesk } from './desk.ts';
import type { World } from './world.ts';

let door: Listening | null = null;
afterEach(async () => {
  vi.useRealTimers();
  await door?.close();
  door = null;
});

type Fetch = (url: string, init: { method: string }) => Promise<Response>;

/** An app's world whose vendors are all at one address, or whose GitHub is a function. */
async function worldOf(ledger: Ledger, at: { url: string; fetch?: Fetch; replica?: string }): Promise<World> {
  const config = testConfig({
    ...{ PAGERDUTY_API_URL: at.url, RCA_WAIT_SECONDS: '0', SLACK_API_URL: `${at.url}/api` },
    ...{ SLACK_BOT_TOKEN: 'xoxb-test', SLACK_APPROVAL_CHANNEL: 'C0INCIDENTS' },
  });
  const settings = parseSettings(await readFile('docs/schemas/examples/vigil.yml', 'utf8'));
  if (!settings.ok) throw new Error(settings.problem.reason);
  const source: Source = {
    ...{ commit: 'a'.repeat(40), settings: settings.value, settingsSha256: 'b'.repeat(64) },
    ...{ runbooks: [], problems: [] },
  };
  const octokit = new ProbotOctokit({
    ...{ baseUrl: at.url, throttle: { enabled: false }, retry: { enabled: false } },
    ...(at.fetch ? { request: { fetch: at.fetch } } : {}),
  });
  const git = (): never => {
    throw new Error('there is no git here');
  };
  return {
    ...hearing(ledger, config),
    now: () => new Date(),
    repo: {
      octokit: async () => octokit,
      owner: 'acme',
      repo: 'production',
      branch: 'main',
      appSlug: 'vigil',
    },
    clone: {
      ...{ dir: '/nowhere', url: '/nowhere', depth: null, local: git, remote: git, reading: git },
      credentials: async () => null,
    },
    source: async () => source,
    cachedSource: async () => source,
    owner: { replica: at.replica ?? 'one', boot: 'b1' },
  };
}
const get = (ledger: Ledger): Incident => {
  const incident = ledger.get(KEY);
  if (!incident) throw new Error('the ledger lost it');
  return incident;
};

describe('an effect that waits longer than its claim', () => {
  /** A GitHub that takes its time for each issue. */
  function slowGitHub(ms: number) {
    let made = 0;
    const issue = { number: 12, html_url: 'https://github.com/acme/production/issues/12' };
    const json = (body: object, status: number) =>
      new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
    const fetch: Fetch = async (url, { method }) => {
      if (!/\/issues(\?|$)/.test(url)) return json({ message: 'not here' }, 503);
      if (method === 'GET') return json([], 200);
      made++;
      await new Promise((resolve) => setTimeout(resolve, ms));
      return json(issue, 201);
    };
    return { fetch, made: () => made };
  }

  test('keeps it, so that another replica does not begin it too', async () => {
    vi.useFakeTimers();
    const ledger = memoryLedger([incidentOf([fact('incident.opened')], new Date())]);
    const { fetch, made } = slowGitHub(150_000);
    const url = 'http://127.0.0.1:9';
    const [one, two] = [
      openDesk(await worldOf(ledger, { url, fetch, replica: 'one' })),
      openDesk(await worldOf(ledger, { url, fetch, replica: 'two' })),
    ];
    one.wake(KEY);
    for (let seconds = 0; seconds < 145; seconds += 5) {
      await vi.advanceTimersByTimeAsync(5000);
      two.wake(KEY);
    }
    await vi.advanceTimersByTimeAsync(10_000);
    expect(made()).toBe(1);
    expect(get(ledger).issue?.number).toBe(12);
    const claims = get(ledger).records.filter(
      ({ type, data }) => type === 'effect.claimed' && data.effect === 'issue.open#1',
    );
    expect(claims.length).toBeGreaterThan(5);
  });

  test('loses it in the end, when it never comes back', async () => {
    vi.useFakeTimers();
    const ledger = memoryLedger([incidentOf([fact('incident.opened')], new Date())]);
    const { fetch, made } = slowGitHub(2 * 3_600_000);
    const url = 'http://127.0.0.1:9';
    openDesk(await worldOf(ledger, { url, fetch, replica: 'one' })).wake(KEY);
    await vi.advanceTimersByTimeAsync(30 * 60_000);
    openDesk(await worldOf(ledger, { url, fetch, replica: 'two' })).wake(KEY);
    await vi.advanceTimersByTimeAsync(1000);
    expect(made()).toBe(2);
  });
});

describe('a proxy’s page in place of an answer', () => {
  const PAGE = '<!DOCTYPE html><html><body onload="steal()"><h1>EVIL Sign in @here</h1></body></html>';
  const NEWS = JSON.stringify({
    ...{
      message: 'EVIL <b>words</b>',
      errors: ['EVIL <i>more</i>'],
      documentation_url: 'https://EVIL.example',
    },
    error: { message: 'EVIL', code: 2001, errors: ['EVIL'] },
  });
  const stages: [string, Fact[]][] = [
    ['an alert', [fact('incident.opened')]],
    ['an investigation', untilInvestigating.slice(0, -1)],
    ['a proposal to judge', [...untilProposed]],
    ['a proposal to open', [...untilProposed, fact('remediation.judged')]],
    ['a proposal that waits', untilMerged.slice(0, -2)],
    ['an approval', untilMerged.slice(0, -1)],
    ['a merge', [...untilMerged]],
    ['a running script', untilVerifying.slice(0, -1)],
    ['an end', [...untilVerifying, fact('recovery.confirmed')]],
    ['an end in people’s hands', [...untilInvestigating, fact('incident.escalated')]],
  ];

  test.each([
    ...[200, 400, 401, 403, 404, 405, 409, 410, 422, 429, 502].map(
      (status) => [status, 'HTML', PAGE] as const,
    ),
    ...[200, 400, 403, 422, 503].map((status) => [status, 'JSON', NEWS] as const),
  ])('of status %i, as %s, is repeated to nobody at any stage', async (status, kind, body) => {
    const type = kind === 'HTML' ? 'text/html' : 'application/json';
    const app = new Hono().all('*', () => new Response(body, { status, headers: { 'content-type': type } }));
    door = await listen(app);
    for (const [name, facts] of stages) {
      const ledger = memoryLedger([incidentOf(facts)]);
      const desk = openDesk(await worldOf(ledger, door));
      for (let turn = 0; turn < 3; turn++) {
        desk.wake(KEY);
        await desk.idle();
      }
      await desk.close();
      const incident = get(ledger);
      const ends = incident.records.filter(
        ({ type: of }) => of === 'effect.failed' || of === 'incident.escalated',
      );
      expect(ends.length, name).toBeGreaterThan(0);
      const said = [
        JSON.stringify(incident.records.slice(facts.length)),
        ...[issueBody(incident), statusComment(incident), JSON.stringify(slackMessage(incident))],
      ];
      for (const text of said) expect(text, name).not.toMatch(/EVIL|onload|<h1|<b>/);
    }
  });
});

test('a new attempt begins to count anew, also of looks that failed', async () => {
  const app = new Hono().all('*', () => new Response('{}', { status: 404 }));
  door = await listen(app);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const waiting = untilMerged.slice(0, -2);
  const ledger = memoryLedger([incidentOf(waiting)]);
  const desk = openDesk(await worldOf(ledger, door));
  const look = async (): Promise<void> => {
    vi.setSystemTime(Date.now() + 60_000);
    desk.wake(KEY);
    await desk.idle();
  };
  for (let turn = 0; turn < 6 && !hasEnded(get(ledger)); turn++) await look();
  expect(get(ledger).latest['incident.escalated']?.data.code).toBe('recheck');
  const again = [fact('incident.retried'), ...waiting.slice(2)];
  await ledger.append(KEY, () => ({ facts: again, actor: { kind: 'app' }, at: new Date() }));
  await look();
  expect(get(ledger).stage).toBe('SYNTHESIZING');
  await desk.close();
});
