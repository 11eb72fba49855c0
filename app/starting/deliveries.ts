// Counts deliveries that do not carry the signature of the secret that is set: one wrong secret makes all of them so.
// Must never look into a body, nor tell of each.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { SettingName } from '#core/messages/settings';
import { unsigned as unsignedWords } from '#core/messages/starting';
import type { Concerns } from './concerns.ts';

/** What each door answers to what is not signed for it. */
const doors: Record<string, { who: string; by: string; refusal: number; setting: SettingName }> = {
  '/api/github/webhooks': {
    who: 'GitHub',
    by: 'x-github-event', // where no secret is set, GitHub signs nothing
    refusal: 400,
    setting: 'WEBHOOK_SECRET',
  },
  '/webhooks/pagerduty': {
    who: 'PagerDuty',
    by: 'x-pagerduty-signature',
    refusal: 403,
    setting: 'PAGERDUTY_WEBHOOK_SECRET',
  },
  '/webhooks/slack': { who: 'Slack', by: 'x-slack-signature', refusal: 401, setting: 'SLACK_SIGNING_SECRET' },
};

/** While signed ones come, an unsigned one is somebody else's. */
const RECENT_MS = 600_000;

/** Gives what is told of each request, before it is answered. */
export function countDeliveries(
  concerns: Concerns,
): (request: IncomingMessage, response: ServerResponse) => void {
  const counts = new Map<string, { unsigned: number; signedAt: number | null }>();
  return (request, response) => {
    const door = doors[URL.parse(request.url ?? '', 'http://vigil')?.pathname.replace(/\/+$/, '') ?? ''];
    if (request.method !== 'POST' || !door || request.headers[door.by] === undefined) return;
    response.once('finish', () => {
      const { who, setting, refusal } = door;
      const about = `${who}’s deliveries`;
      const count = counts.get(who) ?? { unsigned: 0, signedAt: null };
      if (response.statusCode < 300) {
        counts.set(who, { unsigned: 0, signedAt: performance.now() });
        concerns.set(about, null);
      }
      if (response.statusCode !== refusal) return;
      const unsigned = count.unsigned + 1;
      counts.set(who, { ...count, unsigned });
      if (count.signedAt !== null && performance.now() - count.signedAt < RECENT_MS) return;
      concerns.set(about, { says: unsignedWords(who, setting, unsigned), stops: false, kind: about });
    });
  };
}
