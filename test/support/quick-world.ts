// GitHub, PagerDuty and Slack of the sandbox, and the app's settings for them, without a shop, a workspace or a job that runs:
// a test plays the jobs. It must never reach into the app: alerts, reviews and facts come in through its doors.
import { randomBytes } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { parseRunbook, parseSettings, SETTINGS_PATH } from '#adapters/git/source';
import type { Runbook } from '#core/knowledge/runbook';
import { incidentDirectory } from '#core/ledger/incident-key';
import { decodeRecord, type LedgerRecord } from '#core/ledger/record';
import { type Incident, replay } from '#core/ledger/replay';
import type { Settings } from '#core/settings';
import { readConfig } from '../../app/config.ts';
import { start } from '../../app/start.ts';
import { beginWeather, clockOf, openFront } from '../../sandbox/around.ts';
import { type GitHub, startGitHub } from '../../sandbox/github/server.ts';
import { APP } from '../../sandbox/github/test-forge.ts';
import { type PagerDuty, startPagerDuty } from '../../sandbox/pagerduty/server.ts';
import { type Slack, startSlack } from '../../sandbox/slack/server.ts';
import type { Weather } from '../../sandbox/weather/weather.ts';
import { openBlobReader } from './blob-reader.ts';
import { root } from './files.ts';
import { type PlayedRunner, playedRunner } from './played-runner.ts';
import { sky } from './sky.ts';

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
  /** How long is waited for what should come. */
  patienceMs: number;
  /** PagerDuty's id of a service that the last eleven alerts were not about. */
  nextService(): string;
  secrets: { webhook: string; pagerduty: string; key: string; slack: string };
  people: Record<string, string>;
  /** The app's environment; `through` puts other addresses in place of the stand-ins' own. */
  environment(replica: string, port: number, through?: Urls): Record<string, string>;
  /** Tells GitHub, PagerDuty and the jobs where the app listens. */
  connect(app: string): void;
  app(): string;
  /** The incident as the ledger branch has it now. */
  incident(key: string): Promise<Incident | null>;
  /** Throws when the sandbox's GitHub answered or told anything that GitHub would not. */
  close(): Promise<void>;
};

const OWNER = 'acme';
const REPO = 'production';
const SERVICES = Array.from({ length: 12 }, (_, index) => ({
  id: `PSHOP${String(index + 1).padStart(2, '0')}`,
  name: `shop-${index + 1}`,
}));
/** A service of PagerDuty's that stands in no inventory. */
export const OUTSIDE = 'POUTSIDE1';
const token = (prefix: string): string => `${prefix}${randomBytes(20).toString('hex')}`;
/** Stories are told faster than GitHub lets anybody write; the write budget of an incident is counted by the stories. */
const patient = {
  hourly: { person: 1e6, app: 1e6, job: 1e6, nobody: 1e6 },
  points: 1e6,
  content: { minute: 1e6, hour: 1e6 },
};

type Rewrite = (text: string, shop: string) => string;
const asIs: Rewrite = (text) => text;

/** `runbook`: the shipped one that every shop has a copy of; `rewrite`: what each shop's copy says instead. */
export async function startQuickWorld(
  runbook = 'shop-bad-flag',
  weather: Weather | undefined = sky(),
  patienceMs = 120_000,
  rewrite = asIs,
): Promise<QuickWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-quick-'));
  const secrets = {
    webhook: token('whs_'),
    pagerduty: token('pds_'),
    key: token('pdk_'),
    slack: token('xoxb-'),
  };
  const people = {
    riley: token('ghp_'),
    sam: token('ghp_'),
    robin: token('ghp_'),
    'review-bot[bot]': token('ghp_'),
  };
  const seed = join(dir, 'seed');
  await mkdir(seed);
  const main = await writeSeed(seed, runbook, rewrite);
  const jobs = playedRunner();
  const forge = {
    ...{ app: APP, owner: OWNER, webhook: { secret: secrets.webhook } },
    people: [
      { login: 'riley', token: people.riley, permission: 'write' as const },
      { login: 'sam', token: people.sam, permission: 'admin' as const },
      { login: 'robin', token: people.robin, permission: 'read' as const },
      { login: 'review-bot[bot]', token: people['review-bot[bot]'], permission: 'write' as const },
    ],
  };
  const [github, pagerduty, slack] = await Promise.all([
    startGitHub({
      ...{ ...forge, dir: join(dir, 'github'), seed, repo: REPO, limits: patient },
      weather,
      ...{ environments: {}, variables: {}, machine: {}, runner: jobs.make },
    }),
    startPagerDuty({
      apiKey: secrets.key,
      from: ['vigil@acme.example', 'olga@acme.example'],
      service: [...SERVICES, { id: OUTSIDE, name: 'elsewhere' }],
      secret: secrets.pagerduty,
      weather,
    }),
    startSlack({ token: secrets.slack, channel: { id: 'C0INCIDENTS', name: 'incidents' }, weather }),
  ]);
  const reader = openBlobReader(github.bareRepository);
  const cache = new Map<string, LedgerRecord>();
  const direct: Urls = {
    github: new URL(github.web).origin,
    pagerduty: pagerduty.api,
    slack: new URL(slack.api).origin,
  };
  let app = '';
  const front = await openFront(weather, () => app);
  const address = (url: string): string => front?.url ?? url;
  let leave: (() => Promise<void>) | null = null;
  let turn = 0;
  return {
    ...{ dir, github, pagerduty, slack, jobs, secrets, people, patienceMs },
    ...main,
    nextService: () => SERVICES[turn++ % SERVICES.length]?.id ?? '',
    environment: (replica, port, through = direct) => ({
      APP_ID: String(APP.id),
      PRIVATE_KEY: APP.privateKey,
      WEBHOOK_SECRET: secrets.webhook,
      VIGIL_REPOSITORY: `${OWNER}/${REPO}`,
      VIGIL_URL: address(`http://127.0.0.1:${port || 1}`),
      VIGIL_REPLICA: replica,
      VIGIL_DATA_DIR: join(dir, 'data'),
      VIGIL_SWEEP_SECONDS: '3',
      VIGIL_QUIET_SECONDS: '1',
      RCA_WAIT_SECONDS: '0',
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
      ...clockOf(weather),
    }),
    connect(url) {
      app = url;
      github.setWebhookUrls([`${address(url)}/api/github/webhooks`]);
      pagerduty.setWebhook(`${address(url)}/webhooks/pagerduty`);
      leave ??= beginWeather(weather, {
        ...{ dir, github, slack, people, forge },
        webhook: () => `${address(app)}/api/github/webhooks`,
      });
    },
    app: () => address(app),
    async incident(key) {
      const records = await reader.tree(`refs/heads/vigil/ledger:${incidentDirectory(key)}`);
      const read = records.map(async ({ id }) => {
        const known = cache.get(id) ?? recordOf((await reader.read(id))?.bytes.toString() ?? '');
        cache.set(id, known);
        return known;
      });
      const replayed = replay(await Promise.all(read));
      if (!replayed.ok) throw new Error(`${replayed.file}: ${replayed.reason}`);
      return replayed.incident;
    },
    async close() {
      reader.close();
      await leave?.();
      await Promise.all([github.close(), pagerduty.close(), slack.close(), front?.close()]);
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
      if (github.violations.length > 0) throw new Error(github.violations.join('\n'));
    },
  };
}

/** The app itself, in this process, between the stand-ins; what it logs goes to nobody. */
export async function startQuickApp(world: QuickWorld, changes: Record<string, string> = {}) {
  const read = readConfig({ ...world.environment('one', 0), LOG_LEVEL: 'fatal', ...changes });
  if (!read.ok) throw new Error(read.problems.join('\n'));
  const app = await start(read.config);
  world.connect(`http://127.0.0.1:${app.port}`);
  return app;
}

function recordOf(text: string) {
  const decoded = decodeRecord(text);
  if (!decoded.ok) throw new Error(decoded.reason);
  return decoded.record;
}

/**
 * The first commit: this project's workflows, rules and settings, with many shops in the inventory and one runbook once
 * for each, since one service is healed by one incident at a time and stories go on side by side.
 */
async function writeSeed(
  seed: string,
  runbook: string,
  rewrite: Rewrite,
): Promise<{ settings: Settings; runbooks: Runbook[] }> {
  await cp(join(root, '.github'), join(seed, '.github'), { recursive: true });
  await mkdir(join(seed, 'runbooks'));
  const file = join(seed, SETTINGS_PATH);
  const project = parseSettings(await readFile(file, 'utf8'));
  const shop = project.ok ? project.value.services['PSHOP01'] : undefined;
  if (!project.ok || !shop) throw new Error('the project’s own settings cannot be read');
  const services = Object.fromEntries(SERVICES.map(({ id, name }) => [id, { ...shop, name }]));
  await writeFile(file, dump({ ...project.value, services }));
  const settings = parseSettings(await readFile(file, 'utf8'));
  if (!settings.ok) throw new Error(settings.problem.reason);
  const text = await readFile(join(root, `runbooks/${runbook}.md`), 'utf8');
  const runbooks: Runbook[] = [];
  for (const { name } of SERVICES) {
    const path = `runbooks/${name}.md`;
    const own = text.replace(/^id: .*$/m, `id: ${name}`).replace(/^service: .*$/m, `service: ${name}`);
    const copy = rewrite(own, name);
    await writeFile(join(seed, path), copy);
    const parsed = parseRunbook(copy, path);
    if (!parsed.ok) throw new Error(`${path}: ${parsed.problem.reason}`);
    runbooks.push(parsed.value);
  }
  return { settings: settings.value, runbooks };
}
