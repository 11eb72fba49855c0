// The one place where the app reads its environment. Everything else gets plain data.
// Must never let the app start when a secret is missing or weak. Probot would then accept webhooks signed with
// "development".
import { createPrivateKey } from 'node:crypto';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { isAddress } from '#core/addresses';
import { type SkyflowAccount, skyflowAccount } from '#core/redact/skyflow-account';

const Secret = z.string().min(20, 'at least 20 characters');
const secrets = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(Secret).min(1, 'at least one secret'));
/** https everywhere. Plain http only to this machine, where the sandbox runs. */
const Url = z
  .string()
  .refine((text) => isAddress(text), 'an https address, or http on loopback, without user name or password')
  .transform((text) => text.replace(/\/$/, ''));

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).type === 'private';
  } catch {
    return false;
  }
}

const Variables = z.object({
  APP_ID: z.coerce.number().int().positive(),
  PRIVATE_KEY: z
    .string()
    .transform((text) => text.replace(/\\n/g, '\n'))
    .refine(isPrivateKey, 'a PEM private key'),
  WEBHOOK_SECRET: Secret,
  VIGIL_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  VIGIL_URL: Url,
  PAGERDUTY_WEBHOOK_SECRET: secrets,
  PAGERDUTY_API_KEY: z.string().min(1),
  PAGERDUTY_FROM_EMAIL: z.email(),
  PAGERDUTY_API_URL: Url.default('https://api.pagerduty.com'),
  SLACK_BOT_TOKEN: z.string().optional(),
  SLACK_APPROVAL_CHANNEL: z.string().optional(),
  SLACK_SIGNING_SECRET: Secret.optional(),
  SLACK_API_URL: Url.default('https://slack.com/api'),
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/^[\w.]+$/, 'a client id')
    .optional(),
  GITHUB_CLIENT_SECRET: Secret.optional(),
  SKYFLOW_VAULT_URL: z.string().optional(),
  SKYFLOW_VAULT_ID: z.string().optional(),
  SKYFLOW_BEARER_TOKEN: z.string().optional(),
  SKYFLOW_API_KEY: z.string().optional(),
  GITHUB_API_URL: Url.default('https://api.github.com'),
  GITHUB_SERVER_URL: Url.default('https://github.com'),
  GITHUB_THROTTLE: z.enum(['on', 'off']).default('on'),
  VIGIL_OIDC_ISSUER: Url.default('https://token.actions.githubusercontent.com'),
  CONFIDENCE_AUTO_EXECUTE_THRESHOLD: z.coerce.number().int().min(90).max(100).default(90),
  CONTEXT_MATCH_THRESHOLD: z.coerce.number().int().min(0).max(100).default(85),
  VIGIL_LEDGER_KEY: z.string().optional(),
  VIGIL_DATA_DIR: z.string().default('.vigil'),
  VIGIL_REPLICA: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/)
    .default(hostname().replace(/[^A-Za-z0-9.-]/g, '-')),
  RCA_WAIT_SECONDS: z.coerce.number().min(0).max(1800).default(300),
  VIGIL_SWEEP_SECONDS: z.coerce.number().positive().default(15),
  VIGIL_QUIET_SECONDS: z.coerce.number().positive().default(600),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65535).default(3000),
});
const Environment = Variables.refine(
  (env) => (env.GITHUB_CLIENT_ID === undefined) === (env.GITHUB_CLIENT_SECRET === undefined),
  { path: ['GITHUB_CLIENT_ID'], message: 'comes with GITHUB_CLIENT_SECRET, or neither is set' },
);

export type Config = ReturnType<typeof toConfig>;
type ReadConfig = { ok: true; config: Config } | { ok: false; problems: string[] };

/** Reads and checks every setting at once, so that one start shows all that is missing. Errors never repeat a value. */
export function readConfig(environment: NodeJS.ProcessEnv, now = new Date()): ReadConfig {
  const filled = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(filled);
  const skyflow = skyflowAccount(
    {
      url: filled['SKYFLOW_VAULT_URL'],
      vaultId: filled['SKYFLOW_VAULT_ID'],
      bearer: filled['SKYFLOW_BEARER_TOKEN'],
      apiKey: filled['SKYFLOW_API_KEY'],
    },
    now,
  );
  if (parsed.success && skyflow.ok) return { ok: true, config: toConfig(parsed.data, skyflow.account) };
  return {
    ok: false,
    problems: [
      ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
      ...(skyflow.ok ? [] : skyflow.problems),
    ],
  };
}

function toConfig(env: z.infer<typeof Environment>, skyflow: SkyflowAccount | null) {
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
    ledgerKey: env.VIGIL_LEDGER_KEY ?? null,
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
  return {
    colour: !environment['NO_COLOR'],
    token: environment['GITHUB_TOKEN'] || null,
    server: environment['GITHUB_SERVER_URL'] || 'https://github.com',
    ...standing(environment),
    /** The app's own key, for what only the app may do. */
    ...(environment['APP_ID'] && environment['PRIVATE_KEY']
      ? {
          app: {
            id: Number(environment['APP_ID']),
            key: environment['PRIVATE_KEY'].replace(/\\n/g, '\n'),
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

/**
 * Where the person stands: npm runs a script at the top of the package, and says in INIT_CWD where it was called. Whatever
 * a script starts inherits that, so it counts only where the command line itself is the script.
 */
function standing(environment: NodeJS.ProcessEnv): { standing?: string } {
  const isScript = environment['npm_lifecycle_script']?.includes('app/cli/index.ts');
  const place = environment['INIT_CWD'];
  return isScript && place ? { standing: place } : {};
}
