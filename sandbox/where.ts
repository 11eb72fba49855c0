// Where everything of a world is, and all that somebody outside needs to drive it: addresses, tokens, secrets. They mean
// nothing outside this world. It must never hold what only Vigil itself has, such as the app's private key.
import { routingKey } from './pagerduty/events.ts';
import { CHANNEL, COLLEAGUES } from './vendors.ts';
import type { World } from './world.ts';

export type Where = ReturnType<typeof whereOf>;

/** `drive` is the page with the buttons. */
export function whereOf(world: World, drive: string) {
  const app = world.apps[0]?.url ?? '';
  const { pagerduty, github, slack, coder, datadog, shop, secrets } = world;
  return {
    drive,
    app,
    pagerduty: {
      webhook: pagerduty.webhook,
      secret: pagerduty.secret,
      service: pagerduty.service,
      routingKey: routingKey(pagerduty.service),
      api: pagerduty.api,
      apiKey: pagerduty.apiKey,
      events: pagerduty.events,
      web: pagerduty.web,
    },
    github: {
      api: github.api,
      web: github.web,
      git: github.git,
      owner: world.owner,
      repo: world.repo,
      webhook: `${app}/api/github/webhooks`,
      webhookSecret: secrets['webhook'] ?? '',
      reviewerToken: world.reviewer.token,
      /** Everybody's own token by login. */
      people: world.people,
    },
    slack: slack.web,
    slackApp: {
      api: slack.api,
      webhook: `${app}/webhooks/slack`,
      signingSecret: secrets['slackSigning'] ?? '',
      botToken: secrets['slack'] ?? '',
      channel: CHANNEL.id,
      /** Everybody's user id by name. */
      people: Object.fromEntries(COLLEAGUES.map(({ name, id }) => [name, id])),
    },
    coder: coder.web,
    datadog: datadog.web,
    shop: { url: shop.url, admin: shop.admin },
    log: world.log,
  };
}

/** The pages for people, each with what it shows. */
export function pagesOf({
  github,
  slack,
  pagerduty,
  coder,
  datadog,
  shop,
}: Where): [name: string, url: string, what: string][] {
  return [
    ['GitHub', github.web, 'issues, pull requests, runs with their logs'],
    ['Slack', slack, 'the channel, with Approve, Reject and Hold'],
    ['PagerDuty', pagerduty.web, 'who was paged, the notes, what is resolved'],
    ['Coder', coder, 'the workspaces in which scripts ran'],
    ['Datadog', datadog, 'the monitor and the shop’s logs'],
    ['Shop', shop.url, 'what customers see: try to buy something'],
  ];
}
