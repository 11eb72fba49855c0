// What each setting of the app is, with an example, and the sentences for one that is missing or wrong.
// Must never be given a value: what an operator typed into the wrong line may be a secret.

/** Reads well after "it is". */
type Setting = { is: string; such: string };

const SECRET = 'what `openssl rand -hex 32` prints';
const address = (of: string, such: string): Setting => ({
  is: `the address of ${of}: https, or http on this machine, without user name, password or query`,
  such,
});

/** By the names that .env.example lists. */
export const settings = {
  APP_ID: { is: 'the number that the GitHub App’s settings page calls App ID', such: '123456' },
  PRIVATE_KEY: {
    is: 'the private key of the GitHub App (RSA): its PEM text, that text in base64, or the path of its file',
    such: '/etc/vigil/private-key.pem',
  },
  WEBHOOK_SECRET: { is: 'the secret of the GitHub App’s webhook, at least 20 characters', such: SECRET },
  VIGIL_REPOSITORY: {
    is: 'the repository that Vigil works in, as owner/name',
    such: 'acme/production',
  },
  VIGIL_URL: address('this app as GitHub and PagerDuty reach it', 'https://vigil.acme.example'),
  PAGERDUTY_WEBHOOK_SECRET: {
    is: 'the secret that PagerDuty showed when the webhook was made, at least 20 characters; several with commas between, each at least 20 characters',
    such: SECRET,
  },
  PAGERDUTY_API_KEY: {
    is: 'a REST API key of PagerDuty that may write, without spaces',
    such: 'the one under Integrations, API Access Keys',
  },
  PAGERDUTY_FROM_EMAIL: {
    is: 'the e-mail address of a user of the PagerDuty account',
    such: 'vigil@acme.example',
  },
  PAGERDUTY_API_URL: address('PagerDuty’s API', 'https://api.eu.pagerduty.com'),
  SLACK_BOT_TOKEN: {
    is: 'the bot token of the Slack app, without spaces',
    such: 'one that begins with xoxb-',
  },
  SLACK_APPROVAL_CHANNEL: { is: 'the id of a Slack channel, not its name', such: 'C0123ABCD' },
  SLACK_SIGNING_SECRET: {
    is: 'the signing secret of the Slack app, at least 20 characters',
    such: 'the one under Basic Information',
  },
  SLACK_API_URL: address('Slack’s API', 'https://slack.com/api'),
  GITHUB_CLIENT_ID: { is: 'the client ID of the GitHub App', such: 'Iv23liABCDEFGHIJKLMN' },
  GITHUB_CLIENT_SECRET: {
    is: 'a client secret of the GitHub App, at least 20 characters',
    such: 'one that its settings page made',
  },
  GITHUB_API_URL: address('GitHub’s API', 'https://api.github.com'),
  GITHUB_SERVER_URL: address('GitHub', 'https://github.com'),
  GITHUB_THROTTLE: { is: '`on` or `off`', such: 'on' },
  VIGIL_OIDC_ISSUER: address('who signs the tokens of jobs', 'https://token.actions.githubusercontent.com'),
  CONFIDENCE_AUTO_EXECUTE_THRESHOLD: { is: 'a whole number from 90 to 100', such: '95' },
  CONTEXT_MATCH_THRESHOLD: { is: 'a whole number from 0 to 100', such: '85' },
  VIGIL_LEDGER_KEY: {
    is: 'the path of an SSH private key without a passphrase, which this process may read',
    such: '/etc/vigil/ledger-key, made by `ssh-keygen -t ed25519 -N ""`',
  },
  VIGIL_DATA_DIR: {
    is: 'a folder that this process may make and write to, readable by nobody else',
    such: '/var/lib/vigil',
  },
  VIGIL_REPLICA: { is: 'the name of this replica: letters, digits, dots and dashes', such: 'vigil-1' },
  RCA_WAIT_SECONDS: { is: 'a number of seconds from 0 to 1800', such: '300' },
  VIGIL_SWEEP_SECONDS: { is: 'a number of seconds above 0, at most 3600', such: '15' },
  VIGIL_QUIET_SECONDS: { is: 'a number of seconds above 0, at most 604800', such: '600' },
  LOG_LEVEL: { is: '`fatal`, `error`, `warn`, `info`, `debug` or `trace`', such: 'info' },
  HOST: { is: 'an address or a name of this machine to listen on', such: '127.0.0.1' },
  PORT: { is: 'a whole number from 0 to 65535 on which nobody listens yet', such: '3000' },
} as const satisfies Record<string, Setting>;
export type SettingName = keyof typeof settings;

const itIs = (name: SettingName): string => `It is ${settings[name].is}; such as ${settings[name].such}.`;

export const missing = (name: SettingName): string => `${name}: missing. ${itIs(name)}`;

/** `why`: what is wrong with it, without the value. */
export const wrong = (name: SettingName, why = 'not understood'): string => `${name}: ${why}. ${itIs(name)}`;

/** Settings that come together or not at all. */
export const half = (name: SettingName, other: SettingName): string =>
  `${name}: comes with ${other}, or neither is set`;

/** Why a private key cannot be used. */
export const keyFaults = {
  public: 'a public key stands in its place',
  locked: 'the key has a passphrase, and nobody is there to type it',
  kind: 'the key is of another kind than RSA',
  broken: 'the key is cut short or damaged',
  unreadable: 'it is no key, and no file that can be read stands at such a path',
  empty: 'the file holds no private key',
} as const;
export type KeyFault = keyof typeof keyFaults;
