// What today's product is known not to endure, by the ids of docs/known-faults.md. A cell that begins to hold makes its test fail
// until its line here is gone.
import type { KindName } from '../../sandbox/weather/kinds.ts';
import type { StoryName } from '../support/told-stories.ts';

export type Cell = StoryName | 'real jobs';

const everywhere = (...ids: string[]) => ({ healed: ids, undone: ids, 'false alarm': ids, 'real jobs': ids });
const withPull = (...ids: string[]) => ({ healed: ids, undone: ids });

export const known: Partial<Record<KindName, Partial<Record<Cell, readonly string[]>>>> = {
  'closes-issue': withPull('P22'),
  'datadog-limited': { 'real jobs': ['S6'] },
  'edits-issue': everywhere('P26'),
  'locked-issue': everywhere('P25'),
  'reopens-pull': { stopped: ['P20'] },
  'pushes-outside': { stopped: ['P19'] },
  'updates-branch': withPull('P11'),
  'forces-back': withPull('P12'),
  'channel-archived': withPull('P7'),
};
