// The vendors of one world besides GitHub: PagerDuty, Slack, Datadog, Coder, the shop, and those that are there when asked for.
// It must never know Vigil: what each of them is told, an operator would tell it.
import { join } from 'node:path';
import type { Settings } from '#core/settings';
import { type Coder, startCoder } from './coder/server.ts';
import type { Credentials } from './credentials.ts';
import { type Datadog, startDatadog } from './datadog/server.ts';
import { type PagerDuty, startPagerDuty } from './pagerduty/server.ts';
import { type Sanity, startSanity } from './sanity/server.ts';
import type { Monitor } from './shop/monitor.ts';
import type { Shop } from './shop/server.ts';
import { type Skyflow, startSkyflow } from './skyflow/server.ts';
import { type Slack, startSlack } from './slack/server.ts';
import type { Weather } from './weather/weather.ts';

export const SERVICE = 'PSHOP01';
/** The root-cause tool's user, whom vigil.yml allows to be believed. */
export const CLERIC = { id: 'PCLERIC', email: 'cleric@acme.example' };
/** Riley and Sam are in the channel; Robin is in the workspace only. */
export const COLLEAGUES = ['riley', 'sam', 'robin'].map((name) => ({
  id: `U0${name.toUpperCase()}`,
  name,
  member: name !== 'robin',
}));
export const CHANNEL = { id: 'C0INCIDENTS', name: 'incidents' };
const VAULT = 'sandbox0vault';
const PROJECT = 'sandbox0';

export type Wanted = {
  /** What goes wrong; nothing unless given. */
  weather?: Weather | undefined;
  /** A privacy service that knows these people's names. */
  skyflow?: { people: readonly string[] } | undefined;
  /** A content lake, empty until something is written. */
  sanity?: boolean | undefined;
  /** Secrets that checks name, as the operator wrote them down. */
  checkSecrets?: string | undefined;
  /** The operator gave the job that measures no keys. */
  unmeasured?: boolean | undefined;
};
export type Vendors = {
  pagerduty: PagerDuty;
  slack: Slack;
  datadog: Datadog;
  coder: Coder;
  skyflow: Skyflow | null;
  sanity: Sanity | null;
  /** Their addresses by the names of .env.example, and secrets of the environments of the jobs that speak to them. */
  addresses: Record<string, string>;
  secretsOf: Record<'orient' | 'measure' | 'execute' | 'conclude' | 'ingest', Record<string, string>>;
  /** Settings of the app that name them. */
  settings: Record<string, string>;
  close(): Promise<void>;
};

export async function startVendors(
  { secrets }: Credentials,
  wanted: Wanted,
  shop: { shop: Shop; monitors: readonly Monitor[]; trusted: ReadonlySet<string> },
  workspace: Settings['workspace'],
  dir: string,
): Promise<Vendors> {
  const { weather } = wanted;
  const [pagerduty, slack, datadog, coder, skyflow, sanity] = await Promise.all([
    startPagerDuty({
      apiKey: secrets.pagerdutyKey,
      from: ['vigil@acme.example', CLERIC],
      service: [{ id: SERVICE, name: 'shop' }],
      secret: secrets.pagerduty,
      weather,
    }),
    startSlack({
      token: secrets.slack,
      channel: CHANNEL,
      people: COLLEAGUES,
      weather,
    }),
    startDatadog({
      apiKey: secrets.datadog,
      appKey: secrets.datadogApp,
      journal: shop.shop.journal,
      alerting: () => shop.monitors.some((monitor) => monitor.alerting()),
      weather,
    }),
    startCoder({
      dir: join(dir, 'coder'),
      token: secrets.coder,
      organization: 'default',
      template: {
        name: workspace.template,
        id: '0b8a2f8e-98a5-4c6e-9f0e-2f3f3f1c7a55',
        versionId: workspace.version,
      },
      trusted: (script) => shop.trusted.has(script),
      weather,
    }),
    wanted.skyflow ? startSkyflow({ vaultId: VAULT, token: secrets.skyflow, ...wanted.skyflow }) : null,
    wanted.sanity ? startSanity({ projectId: PROJECT, dataset: 'production', token: secrets.sanity }) : null,
  ]);
  const vault: Record<string, string> = skyflow
    ? { SKYFLOW_VAULT_URL: skyflow.url, SKYFLOW_VAULT_ID: VAULT }
    : {};
  const vaultKey: Record<string, string> = skyflow ? { SKYFLOW_API_KEY: secrets.skyflow } : {};
  const memory: Record<string, string> = sanity
    ? { SANITY_PROJECT_ID: PROJECT, SANITY_API_HOST: sanity.api }
    : {};
  const memoryKey: Record<string, string> = sanity ? { SANITY_TOKEN: secrets.sanity } : {};
  const monitoring = { DD_API_KEY: secrets.datadog, DD_APP_KEY: secrets.datadogApp };
  const named: Record<string, string> =
    wanted.checkSecrets === undefined ? {} : { VIGIL_CHECK_SECRETS: wanted.checkSecrets };
  return {
    pagerduty,
    slack,
    datadog,
    coder,
    skyflow,
    sanity,
    addresses: {
      PAGERDUTY_API_URL: pagerduty.api,
      DD_SITE: datadog.api,
      CODER_API_URL: coder.api,
      CODER_ORGANIZATION: 'default',
      ...vault,
      ...memory,
    },
    secretsOf: {
      orient: {
        PAGERDUTY_API_KEY: secrets.pagerdutyKey,
        ...monitoring,
        ...vaultKey,
        ...memoryKey,
      },
      measure: wanted.unmeasured ? {} : { ...monitoring, ...named },
      execute: { CODER_API_TOKEN: secrets.coder, ...monitoring, ...named },
      conclude: memoryKey,
      ingest: memoryKey,
    },
    settings: {
      PAGERDUTY_WEBHOOK_SECRET: secrets.pagerduty,
      PAGERDUTY_API_KEY: secrets.pagerdutyKey,
      PAGERDUTY_FROM_EMAIL: 'vigil@acme.example',
      PAGERDUTY_API_URL: pagerduty.api,
      SLACK_BOT_TOKEN: secrets.slack,
      SLACK_APPROVAL_CHANNEL: CHANNEL.id,
      SLACK_SIGNING_SECRET: secrets.slackSigning,
      SLACK_API_URL: slack.api.replace(/\/$/, ''),
      ...vault,
      ...vaultKey,
    },
    async close() {
      await Promise.all([pagerduty, slack, datadog, coder, skyflow, sanity].map((one) => one?.close()));
    },
  };
}
