// What follows from GitHub's refusals, in the words that public threads quote, and from words nobody has quoted yet.
import { describe, expect, test } from 'vitest';
import { refusesMethod, verdictOf } from './github-answers.ts';

const NOW = Date.parse('2026-11-03T03:00:00Z');
const REPO = 'https://api.github.com/repos/acme/production';
type More = { method?: string; path?: string; headers?: Record<string, string>; errors?: unknown[] };
const refusal = (status: number, message: string, more: More = {}) => ({
  status,
  message: `${message} - https://docs.github.com/rest/x`,
  request: { method: more.method ?? 'PUT', url: `${REPO}${more.path ?? '/pulls/2/merge'}` },
  response: { data: { message, errors: more.errors }, headers: more.headers ?? {} },
});
const verdict = (status: number, message: string, more: More = {}) =>
  verdictOf(refusal(status, message, more), NOW);
const rule = (...lines: string[]) => `Repository rule violations found\n\n${lines.join('\n\n')}\n\n`;

describe('a merge that is refused', () => {
  test.each([
    [405, 'Base branch was modified. Review and try the merge again.'],
    [409, 'Base branch was modified. Review and try the merge again.'],
    [409, 'Head branch was modified. Review and try the merge again.'],
  ])('is asked again for hours when a branch moved: %s %s', (status, message) =>
    expect(verdict(status, message)).toEqual({
      ...{ kind: 'again', tries: 480, atLeastMs: 0 },
      reason: 'GitHub did not merge it: main or its head moved in between',
    }),
  );

  test.each([
    ['Pull Request is not mergeable', 8],
    ['Something nobody has seen', 5],
    ['Required status check "vigil/approval" is expected.', 8],
    [rule('Required status check "vigil/approval" is expected.'), 8],
  ])('is looked at again before it is final: %s', (message, tries) =>
    expect(verdict(405, message)).toMatchObject({ kind: 'again', tries }),
  );

  test.each([
    ['Required status check "ci/build" is in progress.', 'the required check “ci/build” is in progress'],
    ['Required status check "ci/build" is expected.', 'the required check “ci/build” is expected'],
    [rule('Required status check "e2e" is failing.'), 'the required check “e2e” is failing'],
    [
      '2 of 3 required status checks have not succeeded: 1 expected.',
      'a required check or deployment is missing: “2 of 3 required status checks have not succeeded: 1 expected”',
    ],
    [
      'Pull Request is still a draft',
      'the pull request is a draft, which counts as a hold until somebody marks it as ready for review',
    ],
    [
      rule('A conversation must be resolved before this pull request can be merged.'),
      'a conversation on the pull request is open, and a rule wants it resolved first',
    ],
    [
      'At least 1 approving review is required by reviewers with write access.',
      'a rule of the repository wants another review: “At least 1 approving review is required by reviewers with write access”',
    ],
    [
      rule('Waiting on code owner review from acme/sre.'),
      'a rule of the repository wants another review: “Waiting on code owner review from acme/sre”',
    ],
    [
      rule('Commits must have verified signatures.'),
      'a rule of the repository is not met: “Commits must have verified signatures”',
    ],
    [
      rule('Required status check "vigil/approval" is expected.', 'Required status check "lint" is queued.'),
      'the required check “lint” is queued',
    ],
  ])('waits for what it says: %s', (message, reason) =>
    expect(verdict(405, message)).toEqual({ kind: 'wait', reason }),
  );

  test.each([405, 409])('waits for a branch that must be up to date: %s', (status) => {
    const reason = expect.stringContaining('Update branch');
    expect(verdict(status, 'Head branch is out of date')).toEqual({ kind: 'wait', reason });
    expect(verdict(status, 'This branch is out-of-date with the base branch')).toEqual({
      kind: 'wait',
      reason,
    });
  });

  test.each([
    [405, 'Changes must be made through the merge queue', /has a merge queue/],
    [
      405,
      rule('Changes must be made through the merge queue', 'Required status check "x" is expected.'),
      /queue/,
    ],
    [409, 'Merge conflict', /conflicts with the default branch.*\/vigil retry/],
    [405, 'Squash merges are not allowed on this repository.', /Allow squash merging/],
  ])('that only people can cure says how: %s %s', (status, message, reason) =>
    expect(verdict(status, message)).toEqual({ kind: 'cannot', reason: expect.stringMatching(reason) }),
  );

  test.each([
    ['Squash merges are not allowed on this repository.', true],
    ['Merge commits are not allowed on this repository.', true],
    [rule('This branch must not contain merge commits.'), true],
    [rule('This branch must not contain merge commits.', 'A conversation must be resolved.'), false],
    ['Base branch was modified. Review and try the merge again.', false],
    ['', false],
  ])('says whether another way of merging may do: %s', (message, other) =>
    expect(refusesMethod(refusal(405, message))).toBe(other),
  );
});

describe('what was written a moment ago', () => {
  test.each([
    ['/pulls', 'Validation Failed', [{ resource: 'PullRequest', field: 'head', code: 'invalid' }]],
    ['/pulls', 'Validation Failed', [{ message: 'A pull request already exists for acme:vigil/pd-x/1.' }]],
    ['/pulls', 'Validation Failed', [{ message: 'No commits between main and vigil/pd-x/1' }]],
    ['/git/refs', 'Reference update failed', []],
    ['/git/refs', 'Reference already exists', []],
    ['/git/refs', 'Object does not exist', []],
    ['/check-runs', 'No commit found for SHA: abc', []],
  ])('and is not seen yet is looked at for two minutes: %s %s %j', (path, message, errors) =>
    expect(verdict(422, message, { method: 'POST', path, errors })).toMatchObject({
      kind: 'again',
      tries: 8,
    }),
  );

  test('over which somebody pushed waits for GitHub to tell of the push', () =>
    expect(
      verdict(422, 'Update is not a fast forward', { method: 'PATCH', path: '/git/refs/heads/x' }),
    ).toMatchObject({ kind: 'again', tries: 480 }));

  test.each([
    ['Validation Failed', [{ resource: 'PullRequest', field: 'base', code: 'invalid' }]],
    ['Validation Failed', [{ resource: 'Issue', field: 'title', code: 'missing_field' }]],
    ['Invalid request.', ['"x" wasn’t supplied.']],
  ])('and is refused for itself is final at once: %s %j', (message, errors) =>
    expect(verdict(422, message, { method: 'POST', path: '/pulls', errors }).kind).toBe('cannot'),
  );
});

describe('a rate limit', () => {
  const SECONDARY =
    'You have exceeded a secondary rate limit and have been temporarily blocked from content creation.';
  const limited = (message: string, headers: Record<string, string>, status = 403) =>
    verdict(status, message, { method: 'POST', path: '/issues', headers });

  test.each<[string, number, string, Record<string, string>, number]>([
    ['told by a header', 403, SECONDARY, { 'retry-after': '72' }, 72_000],
    ['told by a header, without words', 403, 'Forbidden', { 'retry-after': '7' }, 7000],
    ['told by a date', 403, SECONDARY, { 'retry-after': 'Tue, 03 Nov 2026 03:01:30 GMT' }, 90_000],
    ['told by words alone', 403, SECONDARY, {}, 60_000],
    ['told in other words', 403, 'You have triggered an abuse detection mechanism.', {}, 60_000],
    [
      'of the hour',
      403,
      'API rate limit exceeded for installation ID 42.',
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW / 1000 + 600}` },
      601_000,
    ],
    [
      'of the hour, by a clock that is not ours',
      403,
      'Forbidden',
      {
        date: 'Tue, 03 Nov 2026 02:50:00 GMT',
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': `${NOW / 1000}`,
      },
      601_000,
    ],
    ['as 429', 429, SECONDARY, { 'retry-after': '60' }, 60_000],
    ['as 429 that says nothing', 429, 'Too many requests', {}, 0],
    ['of nearly an hour', 403, SECONDARY, { 'retry-after': '3500' }, 3_500_000],
    ['that never ends', 403, SECONDARY, { 'retry-after': '999999' }, 900_000],
  ])('%s is waited for as long as it says', (_, status, message, headers, atLeastMs) =>
    expect(limited(message, headers, status)).toMatchObject({ kind: 'again', tries: 480, atLeastMs }),
  );

  test.each([
    ['Resource not accessible by integration', { 'x-ratelimit-remaining': '4990' }],
    ['Forbidden', {}],
  ])('is none where nothing says so: %s', (message, headers) =>
    expect(limited(message, headers)).toMatchObject({ kind: 'again', tries: 5, atLeastMs: 0 }),
  );
});

describe('an answer that may have come after the deed', () => {
  test.each([
    ['POST', '/issues', 20_000],
    ['POST', '/issues/7/comments', 20_000],
    ['POST', '/actions/workflows/respond.yml/dispatches', 20_000],
    ['POST', '/check-runs', 0],
    ['POST', '/pulls', 0],
    ['PUT', '/pulls/2/merge', 0],
    ['GET', '/issues', 0],
  ])('leaves lists time to show it: %s %s', (method, path, atLeastMs) =>
    expect(verdict(502, 'Bad gateway', { method, path })).toMatchObject({ tries: 480, atLeastMs }),
  );

  test('and is a page is not repeated to people', () =>
    expect(
      verdictOf({ status: 503, message: '<html>', response: { data: '<html>unicorn</html>' } }, NOW),
    ).toMatchObject({ reason: 'GitHub answered 503: it is not well' }));

  test.each([422, 405, 409, 404, 403, 429, 500])(
    'and says a secret is not repeated to people: %s',
    (status) => expect(verdict(status, 'Unknown token ghs_secret').reason).not.toContain('ghs_secret'),
  );
});

describe('a workflow that cannot be dispatched', () => {
  const path = '/actions/workflows/remediate.yml/dispatches';
  const post = (status: number, message: string) => verdict(status, message, { method: 'POST', path });

  test.each([
    [
      422,
      "Cannot trigger a 'workflow_dispatch' on a disabled workflow",
      'cannot',
      /remediate\.yml is disabled\. Enable it/,
    ],
    [
      422,
      "Workflow does not have 'workflow_dispatch' trigger",
      'cannot',
      /Put workflow_dispatch among its triggers/,
    ],
    [404, 'Not Found', 'again', /shows this app no workflow remediate\.yml/],
    [422, 'No ref found for: master', 'cannot', /^GitHub answered 422: it does not accept what was asked$/],
  ])('says what cures it: %s %s', (status, message, kind, reason) =>
    expect(post(status, message)).toMatchObject({ kind, reason: expect.stringMatching(reason) }),
  );
});
