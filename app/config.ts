// The one place where the app reads its environment. Everything else gets plain data.
// Must never let the app start when a secret is missing or weak. Probot would then accept webhooks signed with
// "development".
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type * as z from 'zod';
import { half, missing, type SettingName, settings, wrong } from '#core/messages/settings';
import { type SkyflowAccount, skyflowAccount } from '#core/redact/skyflow-account';
import { keyOf, pairs, Variables } from './variables.ts';

export type Config = ReturnType<typeof toConfig>;
type ReadConfig = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Reads and checks every setting at once, so that one start shows all that is missing. Errors never repeat a value. */
export function readConfig(environment: NodeJS.ProcessEnv, now = new Date()): ReadConfig {
  const filled = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()]] : [])),
  );
  const parsed = Variables.safeParse(filled);
  const skyflow = skyflowAccount(
    {
      url: filled['SKYFLOW_VAULT_URL'],
      vaultId: filled['SKYFLOW_VAULT_ID'],
      bearer: filled['SKYFLOW_BEARER_TOKEN'],
      apiKey: filled['SKYFLOW_API_KEY'],
    },
    now,
  );
  const halves = pairs.filter(([one, other]) => one in filled !== other in filled);
  // Who gave only what signs the buttons meant to set Slack up as well.
  const signs = 'SLACK_SIGNING_SECRET' in filled && !('SLACK_BOT_TOKEN' in filled);
  if (signs) halves.push(['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN']);
  if (parsed.success && skyflow.ok && halves.length === 0)
    return { ok: true, config: toConfig(parsed.data, skyflow.account) };
  const faults = parsed.error?.issues ?? [];
  return {
    ok: false,
    problems: [
      ...(Object.keys(settings) as SettingName[]).flatMap((name) => {
        const fault = faults.find(({ path }) => path[0] === name);
        if (!fault) return [];
        if (!(name in filled)) return [missing(name)];
        return [wrong(name, name === 'PRIVATE_KEY' ? fault.message : undefined)];
      }),
      ...halves.map(([one, other]) => half(one, other)),
      ...(skyflow.ok ? [] : skyflow.problems),
    ],
  };
}

function toConfig(env: z.infer<typeof Variables>, skyflow: SkyflowAccount | null) {
  const [owner = '', repo = ''] = env.VIGIL_REPOSITORY.split('/');
  return {
    github: {
      appId: env.APP_ID,
      privateKey: env.PRIVATE_KEY,
      webhookSecret: env.WEBHOOK_SECRET,
      owner,
      repo,
      api: env.GITHUB_API_URL,
      server: env.GITHUB_SERVER_URL,
      oidcIssuer: env.VIGIL_OIDC_ISSUER,
      throttle: env.GITHUB_THROTTLE === 'on',
    },
    /** For signing people in with GitHub. Null: there is no confirm page. */
    signIn:
      env.GITHUB_CLIENT_ID && env.GITHUB_CLIENT_SECRET
        ? { clientId: env.GITHUB_CLIENT_ID, clientSecret: env.GITHUB_CLIENT_SECRET }
        : null,
    pagerduty: {
      secrets: env.PAGERDUTY_WEBHOOK_SECRET,
      apiKey: env.PAGERDUTY_API_KEY,
      from: env.PAGERDUTY_FROM_EMAIL,
      api: env.PAGERDUTY_API_URL,
    },
    slack:
      env.SLACK_BOT_TOKEN && env.SLACK_APPROVAL_CHANNEL
        ? {
            token: env.SLACK_BOT_TOKEN,
            channel: env.SLACK_APPROVAL_CHANNEL,
            api: env.SLACK_API_URL,
            /** Null: Vigil cannot hear buttons, so the message has only links. */
            signingSecret: env.SLACK_SIGNING_SECRET ?? null,
          }
        : null,
    skyflow,
    thresholds: { confidence: env.CONFIDENCE_AUTO_EXECUTE_THRESHOLD, context: env.CONTEXT_MATCH_THRESHOLD },
    /** Absolute: git looks from its clone. */
    ledgerKey: env.VIGIL_LEDGER_KEY ? resolve(env.VIGIL_LEDGER_KEY.replace(/^~(?=\/)/, homedir())) : null,
    dataDir: join(env.VIGIL_DATA_DIR, env.VIGIL_REPLICA),
    replica: env.VIGIL_REPLICA,
    rcaWaitMs: env.RCA_WAIT_SECONDS * 1000,
    sweepMs: env.VIGIL_SWEEP_SECONDS * 1000,
    quietMs: env.VIGIL_QUIET_SECONDS * 1000,
    url: env.VIGIL_URL,
    logLevel: env.LOG_LEVEL,
    host: env.HOST,
    port: env.PORT,
  };
}

export type CliConfig = ReturnType<typeof cliConfig>;

/** What the command line takes from the environment. All of it is optional. The token goes only to this GitHub. */
export function cliConfig(environment: NodeJS.ProcessEnv) {
  const key = keyOf(environment['PRIVATE_KEY'] ?? '');
  return {
    colour: !environment['NO_COLOR'],
    token: environment['GITHUB_TOKEN'] || null,
    server: environment['GITHUB_SERVER_URL'] || 'https://github.com',
    ...standing(environment),
    ...eyesIn(environment),
    /** For `vigil run` in Coder's template for trying things out. */
    ...(environment['CODER_API_TOKEN'] ? { coderToken: environment['CODER_API_TOKEN'] } : {}),
    /** The app's own key, for what only the app may do. */
    ...(environment['APP_ID'] && environment['PRIVATE_KEY']
      ? {
          app: {
            id: Number(environment['APP_ID']),
            key: key.ok ? key.pem : environment['PRIVATE_KEY'],
            api: environment['GITHUB_API_URL'] || 'https://api.github.com',
          },
        }
      : {}),
    ...(environment['ANTHROPIC_API_KEY']
      ? {
          anthropic: {
            key: environment['ANTHROPIC_API_KEY'],
            model: environment['ANTHROPIC_MODEL'],
            baseUrl: environment['ANTHROPIC_BASE_URL'],
          },
        }
      : {}),
    ...(Object.keys(environment).some((name) => name.startsWith('SANITY_'))
      ? {
          sanity: {
            projectId: environment['SANITY_PROJECT_ID'],
            dataset: environment['SANITY_DATASET'],
            token: environment['SANITY_TOKEN'],
            host: environment['SANITY_API_HOST'],
          },
        }
      : {}),
  };
}

/** What `vigil verify` looks with, where vigil.yml names none; the keys of the monitoring that it asks, and the secrets that checks name. */
function eyesIn(environment: NodeJS.ProcessEnv): {
  browser?: { lightpandaEndpoint?: string; lightpandaPath?: string; chromiumPath?: string };
  datadog?: { apiKey: string; appKey: string };
  checkSecrets?: string;
} {
  const { LIGHTPANDA_WS_ENDPOINT: endpoint, LIGHTPANDA_PATH: path, CHROMIUM_PATH: chromium } = environment;
  const { DD_API_KEY: apiKey, DD_APP_KEY: appKey, VIGIL_CHECK_SECRETS: checkSecrets } = environment;
  const browser = {
    ...(endpoint ? { lightpandaEndpoint: endpoint } : {}),
    ...(path ? { lightpandaPath: path } : {}),
    ...(chromium ? { chromiumPath: chromium } : {}),
  };
  return {
    ...(Object.keys(browser).length > 0 ? { browser } : {}),
    ...(apiKey && appKey ? { datadog: { apiKey, appKey } } : {}),
    ...(checkSecrets ? { checkSecrets } : {}),
  };
}

/**
 * Where the person stands: npm runs a script at the top of the package, and says in INIT_CWD where it was called. Whatever
 * a script starts inherits that, so it counts only where the command line itself is the script.
 */
function standing(environment: NodeJS.ProcessEnv): { standing?: string } {
  const isScript = environment['npm_lifecycle_script']?.includes('app/cli/index.ts');
  const place = environment['INIT_CWD'];
  return isScript && place ? { standing: place } : {};
}
