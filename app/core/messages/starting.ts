// What Vigil says of its settings when it starts and while it runs: why it does not start, what it waits for, what does not work
// and how to mend it. Must never repeat a value: each sentence goes to a log and to whoever can reach /readyz.
import { type SettingName, wrong } from './settings.ts';

/** Why it does not start. */
export const refusals = {
  key: `${wrong('PRIVATE_KEY', 'GitHub does not take it for the app of APP_ID')} Make a new one on the app’s settings page, or set the APP_ID that it belongs to.`,
  app: `${wrong('APP_ID', 'GitHub knows no such app')} For an app of an Enterprise Server, set GITHUB_API_URL as well.`,
  repository: `${wrong('VIGIL_REPOSITORY', 'the GitHub App is not installed on it, or there is no such repository')} Install the app on it: the app’s settings page, Install App.`,
  suspended: 'The installation of the GitHub App is suspended. An owner can lift that on its settings page.',
  server: wrong('GITHUB_SERVER_URL', 'git finds no VIGIL_REPOSITORY there, though GITHUB_API_URL has it'),
  port: `${wrong('PORT', 'another process listens on it')} Stop that one, or choose another.`,
  lowPort: wrong('PORT', 'only an administrator’s process may listen on a port below 1024'),
  host: wrong('HOST', 'this machine has no such address'),
  folder: wrong('VIGIL_DATA_DIR', 'this process cannot make it or write to it'),
  notFolder: wrong('VIGIL_DATA_DIR', 'a file stands there or above it'),
  disk: 'The disk is full: nothing can be written to VIGIL_DATA_DIR. Make room, and start Vigil again.',
  git: 'There is no `git` on the PATH. Install git 2.34 or newer.',
} as const;

const keys = {
  absent: 'no file stands there',
  unreadable: 'this process may not read it',
  public: 'it is the public key; Vigil signs with the private one beside it',
  locked: 'the key has a passphrase, and nobody is there to type it',
  'open to others': 'others may read the file, so that SSH refuses it (`chmod 600`)',
  'no key': 'it holds no key that `ssh-keygen` can sign with',
  'no ssh-keygen': 'there is no `ssh-keygen` on the PATH to sign with',
} as const;
export const ledgerKey = (why: keyof typeof keys): string => wrong('VIGIL_LEDGER_KEY', keys[why]);

export const unexpected = (words: string): string => `Something unexpected happened: ${words}`;

/** What it waits for. */
export const waiting = {
  github:
    'GitHub cannot be reached, or does not answer as it does; Vigil is not at work, and tries again by itself',
  git: 'The repository’s git cannot be read or written; Vigil is not at work, and tries again by itself',
} as const;

/** What does not work, by what it is about. */
export const amiss = {
  slackToken: `${wrong('SLACK_BOT_TOKEN', 'Slack refuses it')} Vigil goes on without Slack.`,
  slackChannel: `${wrong('SLACK_APPROVAL_CHANNEL', 'Slack knows no such channel, or Vigil’s bot is not in it')} Invite the bot with /invite. Vigil goes on without Slack.`,
  slackScope: (scopes: string): string =>
    `SLACK_BOT_TOKEN: it lacks ${scopes}. Add that under OAuth & Permissions, install the Slack app again, and set the token that it gives. Vigil goes on with what the token may do.`,
  slackApi: `${wrong('SLACK_API_URL', 'what answers there is not Slack’s API')} Vigil goes on without Slack.`,
  pagerdutyKey: `${wrong('PAGERDUTY_API_KEY', 'PagerDuty refuses it')} For an account in the EU, set PAGERDUTY_API_URL as well. Until then Vigil cannot tell PagerDuty anything.`,
  pagerdutyApi: `${wrong('PAGERDUTY_API_URL', 'what answers there is not PagerDuty’s API')} Until then Vigil cannot tell PagerDuty anything.`,
  pagerdutyFrom: `${wrong('PAGERDUTY_FROM_EMAIL', 'the PagerDuty account has no such user')} Until then PagerDuty takes no note and no resolving from Vigil.`,
  clientSecret: `${wrong('GITHUB_CLIENT_SECRET', 'GitHub does not take it with this GITHUB_CLIENT_ID')} Until then nobody can sign in on the confirm page.`,
  clientId: `${wrong('GITHUB_CLIENT_ID', 'it is not the one of the app of APP_ID')} Until then nobody can sign in on the confirm page.`,
  url: `${wrong('VIGIL_URL', 'it does not lead to this app')} Until then jobs cannot say what they found, and nobody reaches the confirm page. If only this machine cannot reach it, all is well.`,
  clock: (ahead: boolean): string =>
    `The clock of this machine is more than 30 s ${ahead ? 'ahead of' : 'behind'} GitHub’s. Set it right (NTP): GitHub may refuse the app, and the app the jobs.`,
  bash: 'Scripts are judged without a second witness: there is no bash at /bin/bash that prints what it reads. Install bash 5.2 or newer there.',
  permissions: (names: string): string =>
    `The installation of the GitHub App lacks the permission ${names}. Grant it on the app’s settings page, and accept it where the app is installed (docs/operations.md has the list).`,
  events: (names: string): string =>
    `The GitHub App does not subscribe to ${names}, so that Vigil hears of that only late or never. Tick it on the app’s settings page, under Permissions & events.`,
} as const;

/** It is not known, since who could tell did not answer. */
export const untold = (who: string, name: SettingName): string =>
  `${who} does not answer now, so that ${name} could not be tried. It is tried again.`;

export const mended = (subject: string): string => `${subject}: that is mended`;

/** Deliveries that carry no signature of ours. */
export const unsigned = (who: string, name: SettingName, count: number): string =>
  `${who}’s deliveries do not carry the signature of ${name}: ${count} so far since one did. If they are ${who}’s own, set the same secret there and here; if not, somebody else knocks, and nothing comes of it.`;
