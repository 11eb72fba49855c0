// `npm run sandbox`: the whole world, up until somebody ends it, and where everything is. It must never do what a person of
// that world would do: breaking, ringing and reviewing come from outside.
import type { Ending } from './ending.ts';
import { startWorld } from './world.ts';

/** Starts the world, says where everything is, and stays up until it is told to end. */
export async function sandbox(
  { root, json, chromium }: { root: string; json: boolean; chromium: string },
  ending: Ending,
): Promise<number> {
  const world = await startWorld({
    root,
    chromium,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  ending.closing(() => world.close());
  const where = {
    app: world.apps[0]?.url ?? '',
    pagerduty: {
      webhook: world.pagerduty.webhook,
      secret: world.pagerduty.secret,
      service: world.pagerduty.service,
      api: world.pagerduty.api,
      events: world.pagerduty.events,
      web: world.pagerduty.web,
    },
    github: {
      api: world.github.api,
      web: world.github.web,
      owner: world.owner,
      repo: world.repo,
      reviewerToken: world.reviewer.token,
    },
    slack: world.slack.web,
    coder: world.coder.web,
    shop: { url: world.shop.url, admin: world.shop.admin },
    log: world.log,
  };
  process.stdout.write(
    json ? `${JSON.stringify(where)}\n` : `${JSON.stringify(where, null, 2)}\nCtrl-C ends it.\n`,
  );
  return ending.asked;
}
