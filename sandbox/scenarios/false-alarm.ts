// Nothing is red: the alert rang and cleared, users are fine. No pull request, nobody is asked anything.
import { latestOf } from '#core/ledger/replay';
import { followUntil } from '../follow.ts';
import { ring } from '../people.ts';
import { issueState, pullCount } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const falseAlarm: Scenario = {
  name: 'false-alarm',
  about: 'An alert without a symptom: Vigil looks, sees that users can buy, and proposes nothing.',
  expected: 'RESOLVED',
  deadlineMs: 600_000,
  async begin(world) {
    await ring(world, 'trigger', 'Checkout error rate is high on shop', { window: '1 minute' });
    // An alert that is over before Vigil heard of it opens nothing, and would be no story.
    const heard = { deadlineMs: 300_000, done: () => true, onRecord: () => undefined };
    await followUntil(world, heard);
    await ring(world, 'resolve', 'Checkout error rate is high on shop');
  },
  async verdicts(world, incident) {
    const absent = latestOf(incident, 'symptom.absent');
    return [
      {
        what: 'Vigil looked and nothing was red',
        ok: absent?.samples.every(({ outcome }) => outcome === 'pass') === true,
      },
      { what: 'the alert had cleared too', ok: absent?.alert === 'cleared' },
      { what: 'no pull request was opened', ok: (await pullCount(world)) === 0 },
      { what: 'no workspace was made', ok: world.coder.workspaces().length === 0 },
      { what: 'the issue is closed', ok: (await issueState(world, incident)) === 'closed' },
    ];
  },
};
