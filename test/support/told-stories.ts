// The stories that are told in every kind of weather, and among the endings, with what everybody must see at their ends. Jobs are
// played: it must never need one that runs.
import { BOTH, EARLY, RAN, type Story } from './endings.ts';
import { playRemediate, playRespond } from './quick-jobs.ts';
import { approve, page } from './quick-people.ts';

export type StoryName = 'healed' | 'undone' | 'false alarm' | 'stopped';

export const stories: Readonly<Record<StoryName, Story>> = {
  healed: {
    name: 'approved by a review, run once, green: RESOLVED',
    async happens(world, { key }) {
      await playRespond(world, key);
      await approve(world, key);
      await playRemediate(world, key);
    },
    seen: {
      stage: 'RESOLVED',
      why: /The fix ran and the service works again: order was green 5 of 5 times/,
      ...{ ...BOTH, page: 'resolved', stages: [...RAN, 'VERIFYING', 'RESOLVED'] },
    },
  },
  undone: {
    name: 'the fix makes something worse: the undo runs by itself, ESCALATED',
    async happens(world, { key }) {
      await playRespond(world, key);
      await approve(world, key);
      await playRemediate(world, key, { verify: 'worse' });
    },
    seen: {
      stage: 'ESCALATED',
      why: /The fix ran and made something worse: home was green before the run and is red\. The undo ran\./,
      ...{ ...BOTH, page: 'triggered', stages: [...RAN, 'VERIFYING', 'ESCALATED'] },
    },
  },
  'false alarm': {
    name: 'nothing red and the alert gone: RESOLVED as a false alarm, no pull request',
    async happens(world, alert) {
      const beforeRehearsal = () => page(world, alert, 'resolved');
      await playRespond(world, alert.key, { rehearsal: 'absent', beforeRehearsal });
    },
    seen: {
      stage: 'RESOLVED',
      why: /Nothing was broken when Vigil looked: order was green 3 of 3 times\. The alert is cleared/,
      ...{ pulls: [], runs: ['respond 1'], page: 'resolved', stages: [...EARLY, 'RESOLVED'] },
    },
  },
  stopped: {
    name: 'somebody ends the proposal, by what they do to its pull request',
    happens: (world, { key }) => playRespond(world, key),
    seen: {
      stage: 'ESCALATED',
      why: /pull request was closed|outside the incident/,
      ...{ pulls: ['closed'], runs: ['respond 1'], page: 'triggered', stages: [...EARLY, 'ESCALATED'] },
    },
  },
};
