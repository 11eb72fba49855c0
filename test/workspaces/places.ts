// The places that keep the port, each with how one gets it here, and what it does otherwise than the stories say, with the reason. A new
// place is a row. It must never leave out a story in silence.
import { join } from 'node:path';
import { bubblewrapWorkspaces } from '#adapters/workspace/bubblewrap/workspaces';
import type { Workspaces } from '#adapters/workspace/port';

export type Place = {
  name: string;
  open(dir: string): Promise<{ workspaces: Workspaces; close(): Promise<void> }>;
  /** By the title of a story: what is seen there instead, and why that is meant. */
  unlike: Readonly<Record<string, { says: RegExp; because: string }>>;
};

export const places: readonly Place[] = [
  {
    name: 'bubblewrap',
    open: async (dir) => ({
      workspaces: bubblewrapWorkspaces({ dir: join(dir, 'workspaces') }),
      close: async () => undefined,
    }),
    unlike: {},
  },
];
