// What today's product is known not to endure, by the ids of docs/known-faults.md. A cell that begins to hold makes its test fail
// until its line here is gone.
import type { KindName } from '../../sandbox/weather/kinds.ts';
import type { StoryName } from '../support/told-stories.ts';

export type Cell = StoryName | 'real jobs';

const withPull = (...ids: string[]) => ({ healed: ids, undone: ids });

export const known: Partial<Record<KindName, Partial<Record<Cell, readonly string[]>>>> = {
  'channel-archived': withPull('P7'),
};
