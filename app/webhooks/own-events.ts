// The door for GitHub's events: an installation may have many repositories, and their issues and pull requests have the same numbers.
// Must never let an event through that is of another repository, or of another installation, or does not say of which.
import type { Probot } from 'probot';

/** Ids, since names can be given away: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
export type Own = { repositoryId: number; installationId: number };

export type Listener = Pick<Probot, 'on'>;

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;

/** Whether a payload is of this repository, as this installation of the app hears of it. */
export function isOwn(payload: object, { repositoryId, installationId }: Own): boolean {
  const about = payload as { repository?: unknown; installation?: unknown };
  return idOf(about.repository) === repositoryId && idOf(about.installation) === installationId;
}

/** The app's events, without those of others: they are answered, and nothing comes of them. */
export function ownEvents(app: Listener, own: Own): Listener {
  const on = (names: never, handle: (context: { payload: object }) => unknown) =>
    app.on(names, async (context: { payload: object }) => {
      if (isOwn(context.payload, own)) await handle(context);
    });
  return { on: on as Probot['on'] };
}
