// The confirm page beside a sandbox GitHub that holds a real proposal: one pull request, one incident in a ledger in memory.
// Must never answer for either side; in between it only notes what the app sends to GitHub.
import { Writable } from 'node:stream';
import { Hono } from 'hono';
import { pino } from 'pino';
import { judgeProposal } from '#core/gate/judgement';
import type { Runbook } from '#core/knowledge/runbook';
import type { Fact } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { handleConfirm } from '../../app/webhooks/confirm/door.ts';
import type { Confirming } from '../../app/webhooks/confirm/parts.ts';
import { APP, REPO, type TestForge } from '../../sandbox/github/test-forge.ts';
import { listen } from '../../sandbox/listen.ts';
import { door, hearing, memoryLedger, testConfig } from './hearing.ts';
import { fact, withFacts } from './incidents.ts';
import { judgement } from './proposals.ts';
import { flagText, runbookOf, SETTINGS_SHA256, shopSettings } from './shop.ts';

export type Sent = { method: string; path: string; authorization: string; body: string };
export type ConfirmDesk = {
  forge: TestForge;
  url: string;
  world: Confirming;
  incident(): Incident;
  pull: { number: number; head: string; branch: string };
  /** Every call of GitHub's API that was made in a person's name, and what was logged. */
  sent: Sent[];
  logged(): string;
  woken: string[];
  settings: { now: Settings };
  /** The runbook on main; null: it is gone. */
  runbook: { now: Runbook | null };
  close(): Promise<void>;
};

let proposals = 0;

type Opening = { signIn?: boolean; since?: (digest: string, head: string) => Fact[] };

/** A new proposal on that forge. `signIn: false`: an installation without the two settings. `since`: what came of it since. */
export async function openConfirmDesk(
  forge: TestForge,
  { signIn = true, since = () => [] }: Opening = {},
): Promise<ConfirmDesk> {
  const input = judgement({}, runbookOf(flagText));
  const { proposal, incident: rehearsed } = input;
  proposals += 1;
  const branch = `vigil/${rehearsed.key}/${proposals}`;
  const files = Object.entries(proposal.files).flatMap(([name, text]) =>
    text === undefined ? [] : [[`remediations/${rehearsed.key}/${name}`, text] as const],
  );
  const head = await forge.commit(forge.app, branch, Object.fromEntries(files));
  const opened = await forge.app.pulls.create({
    ...REPO,
    title: 'Turn the flag off',
    head: branch,
    base: 'main',
    body: 'why',
  });
  const { number, html_url: url } = opened.data;
  const judged = judgeProposal(input);
  const start = withFacts(rehearsed, [
    { type: 'remediation.judged', data: judged },
    fact('pull.opened', { number, url, branch, head, digest: judged.digest }),
    ...since(judged.digest, head),
  ]);

  const sent: Sent[] = [];
  const between = await listen(
    new Hono().all('*', async ({ req }) => {
      const { pathname, search } = new URL(req.url);
      const body = await req.text();
      const authorization = req.header('authorization') ?? '';
      sent.push({ method: req.method, path: pathname, authorization, body });
      const headers = { ...req.header(), host: '' };
      const target = `${new URL(forge.github.web).origin}${pathname}${search}`;
      return fetch(target, { method: req.method, headers, ...(body ? { body } : {}), redirect: 'manual' });
    }),
  );

  const lines: string[] = [];
  const woken: string[] = [];
  const settings = { now: shopSettings() };
  const runbook: ConfirmDesk['runbook'] = { now: runbookOf(flagText) };
  const parts: { world?: Confirming } = {};
  const page = await door((request, response) => {
    if (!parts.world) throw new Error('not yet open');
    return handleConfirm(parts.world, { wake: (key) => void woken.push(key) }, request, response);
  });
  const config = testConfig({
    VIGIL_URL: page.url,
    GITHUB_API_URL: `${between.url}/api/v3`,
    GITHUB_SERVER_URL: new URL(forge.github.web).origin,
    ...(signIn ? { GITHUB_CLIENT_ID: APP.clientId, GITHUB_CLIENT_SECRET: APP.clientSecret } : {}),
  });
  const ledger = memoryLedger([start]);
  const world: Confirming = {
    ...hearing(ledger, config),
    log: pino(
      { level: 'trace' },
      new Writable({ write: (chunk, _, done) => done(void lines.push(`${chunk}`)) }),
    ),
    repo: { ...REPO, octokit: forge.octokit, branch: 'main', appSlug: APP.slug },
    source: async () => ({
      commit: head,
      settings: settings.now,
      settingsSha256: SETTINGS_SHA256,
      runbooks: runbook.now ? [runbook.now] : [],
      problems: [],
    }),
  };
  parts.world = world;
  return {
    ...{ forge, url: page.url, world, pull: { number, head, branch }, sent, woken, settings, runbook },
    incident: () => {
      const incident = ledger.get(start.key);
      if (!incident || !latestOf(incident, 'incident.opened')) throw new Error('the ledger lost it');
      return incident;
    },
    logged: () => lines.join(''),
    async close() {
      await Promise.all([page.close(), between.close()]);
    },
  };
}
