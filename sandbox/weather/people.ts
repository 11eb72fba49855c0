// Kinds of weather made by people and bots who act beside the story, each as somebody reported of real ones. They go through
// GitHub's API, git and Slack like anybody. It must never do what no such person could.
import { setTimeout as pause } from 'node:timers/promises';
import type { Hands, Happening, Kind, Reaction } from './terms.ts';

type Pull = { number: number; title: string; head: { ref: string; sha: string } };
type Issue = { number: number; title: string; body: string };
const pullOf = ({ payload }: Happening) => payload['pull_request'] as Pull;
const issueOf = ({ payload }: Happening) => payload['issue'] as Issue;
const VIGIL = 'vigil[bot]';
const THOUGHT_MS = 5000;

/** Once Vigil has opened something, and nobody else. */
const opened =
  <T>(on: string, of: (happening: Happening) => T) =>
  (act: (hands: Hands, what: T) => Promise<unknown>): Reaction => ({
    on,
    async act(hands, happening) {
      if (happening.sender !== VIGIL) return false;
      await act(hands, of(happening));
      return true;
    },
  });
const onPull = opened('pull_request.opened', pullOf);
const onIssue = opened('issues.opened', issueOf);
/** Once somebody who may has approved Vigil's pull request. */
const onApproval = (act: (hands: Hands, pull: Pull) => Promise<unknown>): Reaction => ({
  on: 'pull_request_review.submitted',
  async act(hands, happening) {
    const { state } = happening.payload['review'] as { state: string };
    if (state !== 'approved' || !['riley', 'sam'].includes(happening.sender)) return false;
    await act(hands, pullOf(happening));
    return true;
  },
});
const folderOf = ({ head }: Pull): string => `remediations/${head.ref.split('/')[1]}`;

export const people = {
  'review-bot': {
    about: 'a review bot, whose permission is 404, comments on every pull request',
    pull: true,
    people: [
      onPull((hands, { number }) =>
        hands.call('review-bot[bot]', 'POST', `/pulls/${number}/reviews`, {
          ...{ event: 'COMMENT', body: 'No problems found.' },
        }),
      ),
    ],
  },
  'second-repository': {
    about: 'another repository of the installation has the same numbers, and people work there',
    people: [
      onIssue(async (hands, { number }) => {
        await hands.elsewhere.issue(number);
        await hands.elsewhere.call('riley', 'POST', `/issues/${number}/comments`, { body: '/vigil hold' });
      }),
      onPull(async (hands, { number }) => {
        const branch = await hands.elsewhere.pull(number);
        await hands.elsewhere.push('riley', branch);
        await hands.elsewhere.call('riley', 'PATCH', `/pulls/${number}`, { state: 'closed' });
      }),
    ],
  },
  strangers: {
    about: 'somebody who may only read approves, and says so in a comment',
    pull: true,
    people: [
      onPull(async (hands, { number }) => {
        await hands.call('robin', 'POST', `/pulls/${number}/reviews`, { event: 'APPROVE' });
        await hands.call('robin', 'POST', `/issues/${number}/comments`, { body: 'LGTM' });
      }),
    ],
  },
  'closes-issue': {
    about: 'somebody closes the incident’s issue while the proposal waits',
    pull: true,
    people: [
      onPull(async (hands) => {
        for (const { number, pull_request } of await hands.issues())
          if (!pull_request) await hands.call('sam', 'PATCH', `/issues/${number}`, { state: 'closed' });
      }),
    ],
  },
  'edits-issue': {
    about: 'somebody adds to the issue’s title and body',
    people: [
      onIssue((hands, { number, title, body }) =>
        hands.call('sam', 'PATCH', `/issues/${number}`, {
          ...{ title: `${title} (bridge 4711)`, body: `${body}\n\nCall bridge 4711.` },
        }),
      ),
    ],
  },
  'locked-issue': {
    about: 'the conversation is locked: every comment is refused with 403',
    rules: [
      {
        at: ['github'],
        hits: ({ method, path }) => method === 'POST' && /\/issues\/\d+\/comments$/.test(path),
        trouble: {
          done: false,
          answer: {
            ...{ status: 403, headers: { 'content-type': 'application/json; charset=utf-8' } },
            body: JSON.stringify({
              message: 'Unable to create comment because issue is locked.',
              documentation_url: 'https://docs.github.com/articles/locking-conversations/',
            }),
          },
        },
        span: { seconds: 600 },
      },
    ],
  },
  'reopens-pull': {
    about: 'somebody closes the pull request by mistake and opens it again after 5 s',
    pull: true,
    people: [
      onPull(async (hands, { number }) => {
        await hands.call('sam', 'PATCH', `/pulls/${number}`, { state: 'closed' });
        await pause(THOUGHT_MS);
        await hands.call('sam', 'PATCH', `/pulls/${number}`, { state: 'open' });
      }),
    ],
  },
  'updates-branch': {
    about: 'the reviewer presses “Update branch”: a new head, the same bytes',
    pull: true,
    people: [onPull((hands, { head }) => hands.push('riley', head.ref, null))],
  },
  'forces-back': {
    about: 'the reviewer pushes a line and then Vigil’s own commit again, by force',
    pull: true,
    people: [
      onPull(async (hands, pull) => {
        await hands.push('riley', pull.head.ref, { path: `${folderOf(pull)}/fix.sh`, text: 'echo looked\n' });
        await hands.force('riley', pull.head.ref, pull.head.sha);
      }),
    ],
  },
  'pushes-outside': {
    about: 'somebody pushes a file outside the remediation’s folder',
    pull: true,
    people: [
      onPull((hands, { head }) => hands.push('sam', head.ref, { path: 'NOTES.md', text: 'Looked at it.\n' })),
    ],
  },
  'merges-first': {
    about: 'somebody merges by hand as soon as it is approved',
    pull: true,
    people: [
      onApproval((hands, { number }) =>
        // Whoever comes second is told so; that somebody merged is what matters.
        hands.call('sam', 'PUT', `/pulls/${number}/merge`, { merge_method: 'squash' }).catch(() => null),
      ),
    ],
  },
  'message-deleted': {
    about: 'somebody deletes Vigil’s Slack message once it is approved',
    pull: true,
    people: [onApproval((hands) => hands.slack.remove())],
  },
  'channel-archived': {
    about: 'the Slack channel is archived while the proposal waits',
    pull: true,
    people: [onPull((hands) => hands.slack.archive())],
  },
} as const satisfies Record<string, Kind>;
