// GitHub does not take an approved merge at the first try, or people do something to its pull request: it is tried again, waited for
// and told, or handed to people with the cure. Jobs are played; the rest is real.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { latestOf } from '#core/ledger/replay';
import { everybodySees, TITLE } from '../support/endings.ts';
import { eventually } from '../support/outside.ts';
import { playRespond } from '../support/quick-jobs.ts';
import { type Alert, as, incidentThat, outside, review, ring, settled } from '../support/quick-people.ts';
import type { QuickWorld } from '../support/quick-world.ts';
import { approved, heals, MERGE, type Refusing, said, startRefusing } from '../support/refusals.ts';

let github: Refusing;
let world: QuickWorld;
beforeAll(async () => {
  github = await startRefusing();
  ({ world } = github);
});
afterAll(() => github?.app.close());

describe.concurrent('an approved merge', () => {
  test('is tried again when main moved between the look and the merge', async () => {
    const alert = await ring(world, TITLE);
    const moved = said(405, 'Base branch was modified. Review and try the merge again.');
    const calls = github.answers(alert, 'PUT', MERGE, moved, moved);
    await approved(world, alert);
    await heals(world, alert);
    expect(calls).toHaveLength(3);
  });

  test('waits for a required check, and says for which', async () => {
    const alert = await ring(world, TITLE);
    const refusal = said(405, 'Required status check "ci/build" is in progress.');
    const why = /Not merged yet: the required check “ci\/build” is in progress/;
    const waiting = github.refuseUntilRead(alert, refusal, why);
    await approved(world, alert);
    await waiting.read();
    await heals(world, alert);
  });

  test('that no way of merging is allowed for is told with the cure', async () => {
    const alert = await ring(world, TITLE);
    const ways: string[] = [];
    github.trouble(({ method, path, body }) => {
      if (method !== 'PUT' || !MERGE.test(path) || !body.includes(alert.id)) return null;
      const { merge_method } = JSON.parse(body) as { merge_method: string };
      ways.push(merge_method);
      return merge_method === 'squash'
        ? said(405, 'Squash merges are not allowed on this repository.')
        : null;
    });
    await approved(world, alert);
    // The ruleset of this world allows squash merging alone, so that nothing is left.
    await everybodySees(world, alert, await settled(world, alert.key), {
      stage: 'ESCALATED',
      why: /allows no way of merging that Vigil knows.*Allow squash merging in its settings/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered' },
    });
    expect(ways[0]).toBe('squash');
  });

  test('through a merge queue is handed to people with the cure', async () => {
    const alert = await ring(world, TITLE);
    github.answers(alert, 'PUT', MERGE, said(405, 'Changes must be made through the merge queue'));
    await approved(world, alert);
    const end = await settled(world, alert.key);
    await everybodySees(world, alert, end, {
      stage: 'ESCALATED',
      why: /has a merge queue, and Vigil does not merge through one\. Let the app bypass that rule/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered' },
    });
  });
});

describe.concurrent('people and the pull request', () => {
  const numberOf = async (alert: Alert): Promise<number> => {
    const seen = await incidentThat(world, alert.key, 'is proposed and told', ({ effects }) =>
      ['issue.propose#1', 'slack.post#1'].every((name) => effects.get(name)?.status === 'done'),
    );
    return latestOf(seen, 'pull.opened')?.number ?? 0;
  };

  test('a draft is a hold: it is told, an approval stands, and it merges when it is ready for review', async () => {
    const alert = await ring(world, TITLE);
    const merges = github.answers(alert, 'PUT', MERGE);
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    await world.github.setDraft('riley', number, true);
    await eventually('the issue and Slack to say so', async () => {
      const { issues, slack } = await outside(world, alert);
      return [issues[0]?.comments.at(-1), slack[0]].every((text) =>
        /draft, which counts as a hold/.test(text ?? ''),
      );
    });
    await review(world, alert.key, 'APPROVE');
    await as(world, 'riley', `/issues/${number}/comments`, 'POST', { body: '/vigil explain' });
    await eventually('the tree', async () =>
      (await as<{ body: string }[]>(world, 'riley', `/issues/${number}/comments`)).some(({ body }) =>
        /✗ no draft: the pull request is a draft/.test(body),
      ),
    );
    expect(merges).toHaveLength(0);
    await world.github.setDraft('riley', number, false);
    await heals(world, alert);
  });

  test('a draft made of an approved proposal does not end it', async () => {
    const alert = await ring(world, TITLE);
    github.answers(
      alert,
      'PUT',
      MERGE,
      said(405, 'Base branch was modified. Review and try the merge again.'),
    );
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    await review(world, alert.key, 'APPROVE');
    await world.github.setDraft('riley', number, true);
    await incidentThat(world, alert.key, 'waits', (seen) =>
      /draft/.test(latestOf(seen, 'merge.delayed')?.reason ?? ''),
    );
    await world.github.setDraft('riley', number, false);
    await heals(world, alert);
  });

  test('a pull request turned to another branch is turned back, asked anew, and never merged there', async () => {
    const alert = await ring(world, TITLE);
    await playRespond(world, alert.key);
    const number = await numberOf(alert);
    const { object } = await as<{ object: { sha: string } }>(world, 'riley', '/git/ref/heads/main');
    await as(world, 'riley', '/git/refs', 'POST', { ref: 'refs/heads/release-7', sha: object.sha });
    await as(world, 'riley', `/pulls/${number}`, 'PATCH', { base: 'release-7' });
    await as(world, 'riley', `/pulls/${number}/reviews`, 'POST', { event: 'APPROVE', body: '' });
    const again = await incidentThat(
      world,
      alert.key,
      'is proposed anew',
      (seen) => seen.generation === 1 && !!latestOf(seen, 'pull.opened'),
    );
    expect(latestOf(again, 'remediation.approved')).toBeNull();
    const { base, body } = await as<{ base: { ref: string }; body: string }>(
      world,
      'riley',
      `/pulls/${number}`,
    );
    expect(base.ref).toBe('main');
    expect(body).toMatch(/Asked anew.*somebody turned the pull request to release-7/);
    expect((await outside(world, alert)).pulls).toEqual([
      expect.objectContaining({ state: 'open', merged: false }),
    ]);
  });
});
