// GitHub, PagerDuty and Slack of the sandbox, and the app's settings for them, without a shop, a workspace or a job that runs:
// a test plays the jobs. It must never reach into the app: alerts, reviews and facts come in through its doors.
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseRunbook, parseSettings } from '#adapters/source';
import { incidentDirectory } from '#core/incident-key';
import { decodeRecord } from '#core/record';
import { type Incident, replay } from '#core/replay';
import type { Runbook } from '#core/runbook';
import type { Settings } from '#core/settings';
import { type GitHub, startGitHub } from '../../sandbox/github/server.ts';
import { APP } from '../../sandbox/github/test-forge.ts';
import { routingKey } from '../../sandbox/pagerduty/events.ts';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import { type Slack, startSlack } from '../../sandbox/slack/server.ts';
import { root } from './files.ts';
import { type PlayedRunner, playedRunner } from './played-runner.ts';

export type Urls = { github: string; pagerduty: string; slack: string };
export type QuickWorld = {
  dir: string;
  github: GitHub;
  pagerduty: PagerDuty;
  slack: Slack;
  jobs: PlayedRunner;
  /** main's settings and runbooks, as a job would read them. */
  settings: Settings;
  runbooks: Runbook[];
  secrets: { webhook: string; pagerduty: string; key: string; slack: string };
  people: Record<string, string>;
  /** The app's environment; `through` puts other addresses in place of the stand-ins' own. */
  environment(replica: string, port: number, through?: Urls): Record<string, string>;
  /** Tells GitHub, PagerDuty and the jobs where the app listens. */
  connect(app: string): void;
  app(): string;
  /** The incident as the ledger branch has it now. */
  incident(key: string): Incident | null;
  close(): Promise<void>;
};

const OWNER = 'acme';
const REPO = 'production';
const SERVICES = { PSHOP01: 'shop', PPAYMNT: 'payments', PORDERS: 'orders', PEDGE01: 'edge' };
export type ServiceId = keyof typeof SERVICES;
export const keyOfService = (service: ServiceId): string => routingKey(service);
const token = (prefix: string): string => `${prefix}${randomBytes(20).toString('hex')}`;
/** Stories are told faster than GitHub lets anybody write; the write budget of an incident is counted by the stories. */
const patient = {
  hourly: { person: 1e6, app: 1e6, job: 1e6, nobody: 1e6 },
  points: 1e6,
  content: { minute: 1e6, hour: 1e6 },
};

export async function startQuickWorld(): Promise<QuickWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-quick-'));
  const secrets = {
    webhook: token('whs_'),
    pagerduty: token('pds_'),
    key: token('pdk_'),
    slack: token('xoxb-'),
  };
  const people = { riley: token('ghp_'), sam: token('ghp_') };
  const seed = join(dir, 'seed');
  await mkdir(seed);
  for (const name of ['.github', 'runbooks', 'remediations', 'LICENSE'])
    await cp(join(root, name), join(seed, name), { recursive: true });
  const jobs = playedRunner();
  const [github, pagerduty, slack] = await Promise.all([
    startGitHub({
      ...{ dir: join(dir, 'github'), seed, owner: OWNER, repo: REPO, app: APP, limits: patient },
      webhook: { secret: secrets.webhook },
      people: [
        { login: 'riley', token: people.riley, permission: 'write' },
        { login: 'sam', token: people.sam, permission: 'admin' },
      ],
      ...{ environments: {}, variables: {}, machine: {}, runner: jobs.make },
    }),
    startPagerDuty({
      apiKey: secrets.key,
      from: ['vigil@acme.example', 'olga@acme.example'],
      service: Object.entries(SERVICES).map(([id, name]) => ({ id, name })),
      secret: secrets.pagerduty,
    }),
    startSlack({ token: secrets.slack, channel: { id: 'C0INCIDENTS', name: 'incidents' } }),
  ]);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', github.bareRepository, ...args], {
      ...{ encoding: 'utf8', maxBuffer: 1e8, stdio: ['ignore', 'pipe', 'ignore'] },
    });
  const direct: Urls = {
    github: new URL(github.web).origin,
    pagerduty: pagerduty.api,
    slack: new URL(slack.api).origin,
  };
  let app = '';
  return {
    ...{ dir, github, pagerduty, slack, jobs, secrets, people },
    ...(await readMain()),
    environment: (replica, port, through = direct) => ({
      APP_ID: String(APP.id),
      PRIVATE_KEY: APP.privateKey,
      WEBHOOK_SECRET: secrets.webhook,
      VIGIL_REPOSITORY: `${OWNER}/${REPO}`,
      VIGIL_URL: `http://127.0.0.1:${port || 1}`,
      VIGIL_REPLICA: replica,
      VIGIL_DATA_DIR: join(dir, 'data'),
      VIGIL_SWEEP_SECONDS: '3',
      VIGIL_QUIET_SECONDS: '1',
      GITHUB_THROTTLE: 'off',
      VIGIL_OIDC_ISSUER: github.oidc,
      GITHUB_API_URL: `${through.github}/api/v3`,
      GITHUB_SERVER_URL: through.github,
      PAGERDUTY_WEBHOOK_SECRET: secrets.pagerduty,
      PAGERDUTY_API_KEY: secrets.key,
      PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
      PAGERDUTY_API_URL: through.pagerduty,
      SLACK_BOT_TOKEN: secrets.slack,
      SLACK_APPROVAL_CHANNEL: 'C0INCIDENTS',
      SLACK_API_URL: `${through.slack}/api`,
      PORT: String(port),
    }),
    connect(url) {
      app = url;
      github.setWebhookUrls([`${url}/api/github/webhooks`]);
      pagerduty.setWebhook(`${url}/webhooks/pagerduty`);
    },
    app: () => app,
    incident(key) {
      const folder = `refs/heads/vigil/ledger:${incidentDirectory(key)}`;
      const names = attempt(() => git('ls-tree', '--name-only', folder))?.trim() ?? '';
      if (names === '') return null;
      const wanted = names.split('\n').map((name) => `${folder}/${name}`);
      const replayed = replay(blobs(github.bareRepository, wanted).map(recordOf));
      if (!replayed.ok) throw new Error(`${replayed.file}: ${replayed.reason}`);
      return replayed.incident;
    },
    async close() {
      await Promise.all([github.close(), pagerduty.close(), slack.close()]);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function attempt<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}

function recordOf(text: string) {
  const decoded = decodeRecord(text);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.record;
}

/** Contents of blobs, by one git process: each answer is a line `<id> blob <size>`, the bytes, a line end. */
function blobs(bare: string, names: readonly string[]): string[] {
  const out = execFileSync('git', ['-C', bare, 'cat-file', '--batch'], {
    input: `${names.join('\n')}\n`,
    maxBuffer: 1e8,
  });
  const texts: string[] = [];
  for (let at = 0; at < out.length; ) {
    const end = out.indexOf(10, at);
    const size = Number(out.toString('latin1', at, end).split(' ')[2]);
    texts.push(out.toString('utf8', end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return texts;
}

async function readMain(): Promise<{ settings: Settings; runbooks: Runbook[] }> {
  const file = '.github/vigil.yml';
  const settings = parseSettings(await readFile(join(root, file), 'utf8'), file);
  if (!settings.ok) throw new Error(settings.problem.reason);
  const names = ['shop-checkout-errors', 'shop-worker-exhaustion', 'shop-bad-flag'];
  const runbooks = await Promise.all(
    names.map(async (name) => {
      const path = `runbooks/${name}.md`;
      const parsed = parseRunbook(await readFile(join(root, path), 'utf8'), path);
      if (!parsed.ok) throw new Error(`${path}: ${parsed.problem.reason}`);
      return parsed.value;
    }),
  );
  return { settings: settings.value, runbooks };
}
