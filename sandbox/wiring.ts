// How the parts of one world learn of each other: each is told addresses, keys and secrets, as an operator would set them. It
// must never tell one of them what only another may know.
import type { Credentials } from './credentials.ts';
import type { GitHub } from './github/server.ts';
import type { Vendors } from './vendors.ts';

export const OWNER = 'acme';
export const REPO = 'production';

/** What an operator would set for one replica of the app. */
export function settingsOf(
  { app, secrets }: Credentials,
  vendors: Vendors,
  github: GitHub,
  own: Record<string, string>,
): Record<string, string> {
  return {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: secrets.webhook,
    VIGIL_SWEEP_SECONDS: '5',
    VIGIL_OIDC_ISSUER: github.oidc,
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    GITHUB_API_URL: github.api,
    GITHUB_SERVER_URL: new URL(github.web).origin,
    ...vendors.settings,
    ...own,
  };
}

/** Everybody's webhooks lead to the first replica, GitHub's to every one. */
export function connect(
  apps: readonly { url: string }[],
  github: GitHub,
  { pagerduty, slack }: Vendors,
  secrets: Credentials['secrets'],
): void {
  const [first] = apps;
  if (!first) return;
  github.setWebhookUrls(apps.map(({ url }) => `${url}/api/github/webhooks`));
  pagerduty.setWebhook(`${first.url}/webhooks/pagerduty`, [secrets.pagerduty]);
  slack.setInteractivity({ url: `${first.url}/webhooks/slack`, secret: secrets.slackSigning });
}
