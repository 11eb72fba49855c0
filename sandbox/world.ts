// The whole outside world on one machine, and the real app beside it: GitHub, PagerDuty, Slack, Coder, a shop and its monitor.
// It must never hand the app anything but URLs, keys and secrets, as an operator would.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load as parseYaml } from 'js-yaml';
import { Settings } from '#core/settings';
import { type AppProcess, freePort, startApp } from './app-process.ts';
import { installedChromium } from './browser.ts';
import { type Llm, startBrain } from './claude/brain.ts';
import type { Claude } from './claude/server.ts';
import { type Coder, startCoder } from './coder/server.ts';
import { type Datadog, startDatadog } from './datadog/server.ts';
import { type GitHub, startGitHub } from './github/server.ts';
import { routingKey } from './pagerduty/events.ts';
import { type PagerDuty, startPagerDuty } from './pagerduty/server.ts';
import { sampleLedger } from './sample-history.ts';
import { seedRepository } from './seed.ts';
import { shippedRunbooks, shippedScripts } from './shipped.ts';
import { type Monitor, startMonitor } from './shop/monitor.ts';
import { type Shop, startShop } from './shop/server.ts';
import { type Skyflow, startSkyflow } from './skyflow/server.ts';
import { type Slack, startSlack } from './slack/server.ts';

export type WorldOptions = {
  root: string;
  replicas?: number;
  history?: number;
  /** How long the app waits for a root-cause note; by itself it does not. */
  rcaWaitSeconds?: number;
  /** A privacy service that knows these people's names; without it there is none. */
  skyflow?: { people: readonly string[] };
  /** A model decides, asked with a key or with the job's identity; without it the planner does. */
  llm?: Llm;
  say?: (line: string) => void;
};
export type World = {
  dir: string;
  github: GitHub;
  pagerduty: PagerDuty & { webhook: string; secret: string; service: string; apiKey: string };
  slack: Slack;
  skyflow: Skyflow | null;
  claude: Claude | null;
  coder: Coder;
  datadog: Datadog;
  shop: Shop;
  apps: AppProcess[];
  owner: string;
  repo: string;
  reviewer: { login: string; token: string };
  /** Tokens of the sandbox's people: riley and sam may write, robin may only read. */
  people: Record<string, string>;
  log: string;
  /** Every secret of this world by name, so that a test can look for them where they must not be. */
  secrets: Record<string, string>;
  /** Starts one more app process, as replica `name`; the same name again is that replica restarted. */
  startReplica(name: string): Promise<AppProcess>;
  /** The shop's own monitor, which pages when orders fail. */
  watchShop(): void;
  close(): Promise<void>;
};

const OWNER = 'acme';
const REPO = 'production';
const SERVICE = 'PSHOP01';
/** Riley and Sam are in the channel; Robin is in the workspace only. */
const COLLEAGUES = ['riley', 'sam', 'robin'].map((name) => ({
  id: `U0${name.toUpperCase()}`,
  name,
  member: name !== 'robin',
}));
/** The root-cause tool's user, whom vigil.yml allows to be believed. */
export const CLERIC = { id: 'PCLERIC', email: 'cleric@acme.example' };
const token = (prefix: string): string => `${prefix}${randomBytes(20).toString('hex')}`;

export async function startWorld({
  root,
  replicas = 1,
  history = 40,
  rcaWaitSeconds = 0,
  skyflow: privacy,
  llm,
  say = () => undefined,
}: WorldOptions): Promise<World> {
  const dir = await mkdtemp(join(tmpdir(), 'vigil-'));
  const chromium = await installedChromium(say);
  const secrets = {
    webhook: token('whs_'),
    pagerduty: token('pds_'),
    pagerdutyKey: token('pdk_'),
    slack: token('xoxb-'),
    slackSigning: token(''),
    client: token('gcs_'),
    coder: token('coder-'),
    datadog: token('dda'),
    datadogApp: token('ddp'),
    skyflow: token('sky-'),
    anthropic: token('sk-ant-'),
  };
  const { privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  });
  const client = { clientId: 'Iv1.sandbox', clientSecret: secrets.client };
  const app = { id: 4711, slug: 'vigil', privateKey, installationId: 815, ...client };
  const reviewer = { login: 'riley', token: token('ghp_') };
  const people = { [reviewer.login]: reviewer.token, sam: token('ghp_'), robin: token('ghp_') };
  const shop = await startShop();
  const monitors: Monitor[] = [];
  const datadog = await startDatadog({
    apiKey: secrets.datadog,
    appKey: secrets.datadogApp,
    journal: shop.journal,
    alerting: () => monitors.some((monitor) => monitor.alerting()),
  });
  const [pagerduty, slack] = await Promise.all([
    startPagerDuty({
      apiKey: secrets.pagerdutyKey,
      from: ['vigil@acme.example', CLERIC],
      service: [{ id: SERVICE, name: 'shop' }],
      secret: secrets.pagerduty,
    }),
    startSlack({
      token: secrets.slack,
      channel: { id: 'C0INCIDENTS', name: 'incidents' },
      people: COLLEAGUES,
    }),
  ]);
  const vault = { vaultId: 'sandbox0vault', token: secrets.skyflow };
  const skyflow = privacy ? await startSkyflow({ ...vault, ...privacy }) : null;
  const skyflowWhere: Record<string, string> = skyflow
    ? { SKYFLOW_VAULT_URL: skyflow.url, SKYFLOW_VAULT_ID: vault.vaultId }
    : {};
  const skyflowKey: Record<string, string> = skyflow ? { SKYFLOW_API_KEY: secrets.skyflow } : {};
  await seedRepository(root, join(dir, 'seed'), shop);
  const settings = Settings.parse(parseYaml(await readFile(join(dir, 'seed/.github/vigil.yml'), 'utf8')));
  const runbooks = await shippedRunbooks(join(dir, 'seed'));
  const trusted = new Set(
    runbooks.flatMap((runbook) => shippedScripts(runbook, settings.services[SERVICE]?.parameters ?? {})),
  );
  const { template, version } = settings.workspace;
  const coder = await startCoder({
    dir: join(dir, 'coder'),
    token: secrets.coder,
    organization: 'default',
    template: { name: template, id: '0b8a2f8e-98a5-4c6e-9f0e-2f3f3f1c7a55', versionId: version },
    trusted: (script) => trusted.has(script),
  });
  const everywhere = ['main'];
  const environment = (entries: Record<string, string> = {}, variables: Record<string, string> = {}) => ({
    secrets: entries,
    variables,
    branches: everywhere,
  });
  const github = await startGitHub({
    dir: join(dir, 'github'),
    seed: join(dir, 'seed'),
    owner: OWNER,
    repo: REPO,
    app,
    webhook: { secret: secrets.webhook },
    people: [
      { ...reviewer, permission: 'write' },
      { login: 'sam', token: people.sam, permission: 'admin' },
      { login: 'robin', token: people.robin, permission: 'read' },
    ],
    environments: {
      'vigil-orient': environment({
        PAGERDUTY_API_KEY: secrets.pagerdutyKey,
        DD_API_KEY: secrets.datadog,
        DD_APP_KEY: secrets.datadogApp,
        ...skyflowKey,
      }),
      'vigil-decide': environment(llm === 'anthropic' ? { ANTHROPIC_API_KEY: secrets.anthropic } : {}),
      'vigil-rehearse': environment(),
      'vigil-execute': environment({ CODER_API_TOKEN: secrets.coder }),
      'vigil-verify': environment(),
      'vigil-conclude': environment(),
    },
    variables: {
      PAGERDUTY_API_URL: pagerduty.api,
      DD_SITE: datadog.api,
      CODER_API_URL: coder.api,
      CODER_ORGANIZATION: 'default',
      CHROMIUM_PATH: chromium,
      ...skyflowWhere,
    },
    machine: {},
  });
  const claude = llm ? await startBrain(llm, github, `${OWNER}/${REPO}`, secrets.anthropic) : null;
  const cache = runbooks.find((runbook) => runbook.id === 'shop-checkout-errors');
  if (history > 0 && cache)
    await github.seedBranch(
      'vigil/ledger',
      sampleLedger(cache, 'Checkout error rate is high on shop', history, new Date()),
    );

  const log = join(dir, 'app.log');
  const apps: AppProcess[] = [];
  const settingsOf = (name: string, port: number): Record<string, string> => ({
    APP_ID: String(app.id),
    PRIVATE_KEY: privateKey,
    WEBHOOK_SECRET: secrets.webhook,
    VIGIL_REPOSITORY: `${OWNER}/${REPO}`,
    VIGIL_URL: `http://127.0.0.1:${port}`,
    VIGIL_REPLICA: name,
    VIGIL_DATA_DIR: join(dir, 'data'),
    VIGIL_SWEEP_SECONDS: '5',
    RCA_WAIT_SECONDS: String(rcaWaitSeconds),
    VIGIL_OIDC_ISSUER: github.oidc,
    GITHUB_CLIENT_ID: client.clientId,
    GITHUB_CLIENT_SECRET: client.clientSecret,
    GITHUB_API_URL: github.api,
    GITHUB_SERVER_URL: new URL(github.web).origin,
    PAGERDUTY_WEBHOOK_SECRET: secrets.pagerduty,
    PAGERDUTY_API_KEY: secrets.pagerdutyKey,
    PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
    PAGERDUTY_API_URL: pagerduty.api,
    SLACK_BOT_TOKEN: secrets.slack,
    SLACK_APPROVAL_CHANNEL: 'C0INCIDENTS',
    SLACK_SIGNING_SECRET: secrets.slackSigning,
    SLACK_API_URL: slack.api.replace(/\/$/, ''),
    ...skyflowWhere,
    ...skyflowKey,
  });
  const connect = (): void => {
    const first = apps[0];
    if (!first) return;
    github.setWebhookUrls(apps.map(({ url }) => `${url}/api/github/webhooks`));
    github.setVariable('VIGIL_URL', first.url);
    pagerduty.setWebhook(`${first.url}/webhooks/pagerduty`, [secrets.pagerduty]);
    slack.setInteractivity({ url: `${first.url}/webhooks/slack`, secret: secrets.slackSigning });
  };
  const startReplica = async (name: string): Promise<AppProcess> => {
    const port = await freePort();
    const started = await startApp(root, log, port, settingsOf(name, port));
    apps.push(started);
    connect();
    return started;
  };
  await Promise.all(Array.from({ length: replicas }, (_, index) => startReplica(`replica-${index + 1}`)));
  return {
    dir,
    github,
    pagerduty: {
      ...pagerduty,
      webhook: `${apps[0]?.url}/webhooks/pagerduty`,
      secret: secrets.pagerduty,
      service: SERVICE,
      apiKey: secrets.pagerdutyKey,
    },
    slack,
    skyflow,
    claude,
    coder,
    datadog,
    shop,
    apps,
    owner: OWNER,
    repo: REPO,
    reviewer,
    people,
    log,
    secrets: { ...secrets, ...people, privateKey: privateKey.split('\n')[1] ?? privateKey },
    startReplica,
    watchShop: () =>
      void monitors.push(
        startMonitor({
          shopUrl: shop.url,
          events: pagerduty.events,
          routingKey: routingKey(SERVICE),
          everyMs: 250,
          monitorUrl: datadog.monitor.url,
        }),
      ),
    async close() {
      await Promise.all(monitors.map((monitor) => monitor.stop()));
      await Promise.all(apps.map(({ kill }) => kill('SIGTERM')));
      await Promise.all([github, pagerduty, slack, coder, shop, skyflow, claude].map((one) => one?.close()));
      await rm(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
