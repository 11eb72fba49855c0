// What today's product is known not to endure, by the ids of the measured faults (docs/known-faults.md), and where a kind of
// weather cannot strike. A cell that begins to hold makes its test fail until its line here is deleted.
import type { KindName } from '../../sandbox/weather/kinds.ts';
import type { StoryName } from './stories.ts';

type Cells = Partial<Record<StoryName | 'real jobs', readonly string[]>>;

export const known: Partial<Record<KindName, Cells>> = {};

/** Kinds whose occasion does not come up in a story. */
export const unmet: Partial<Record<KindName, readonly (StoryName | 'real jobs')[]>> = {};
