// The places that keep the port, each with how one gets it here, and what it does otherwise than the stories say, with the reason. A new
// place is a row. It must never leave out a story in silence.
import { join } from 'node:path';
import { bubblewrapWorkspaces } from '#adapters/workspace/bubblewrap/workspaces';
import { coderWorkspaces } from '#adapters/workspace/coder/coder';
import type { Workspaces } from '#adapters/workspace/port';
import { startCoder } from '../../sandbox/coder/server.ts';
import type { Known } from './stories.ts';

const OK: Known = { outcome: 'succeeded', exit: 0 };
const SHARED = 'its network is this machine’s, since the demo shop listens on loopback';
const UNLIMITED = 'it limits no memory and no disk, as its README says';

type Unlike = { because: string } & ({ says: RegExp; ends?: Known } | { tried: false });
export type Place = {
  name: string;
  open(dir: string): Promise<{ workspaces: Workspaces; close(): Promise<void> }>;
  /** How long it is waited between two looks, at most. */
  pauseMs: number;
  /** By the title of a story: what is seen there instead, and why that is meant. `tried: false`: it would harm this machine. */
  unlike: Readonly<Record<string, Unlike>>;
};

export const places: readonly Place[] = [
  {
    name: 'bubblewrap',
    open: async (dir) => ({
      workspaces: bubblewrapWorkspaces({ dir: join(dir, 'workspaces') }),
      close: async () => undefined,
    }),
    pauseMs: 5000,
    unlike: {},
  },
  {
    name: 'the stand-in for Coder',
    async open(dir) {
      const template = {
        ...{ name: 'vigil-remediate', id: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c01' },
        versionId: 'b1c6a7c0-4c06-4f0b-8f3b-0d2f3a1b5c02',
      };
      const [token, scopedToken] = ['full-token', 'scoped-token'];
      const at = join(dir, 'coder');
      const coder = await startCoder({ dir: at, token, scopedToken, organization: 'acme', template });
      const account = { api: coder.api, token: scopedToken, template: template.name };
      return {
        workspaces: coderWorkspaces({ ...account, version: template.versionId, ttlMinutes: 60 }),
        close: coder.close,
      };
    },
    pauseMs: 100,
    unlike: {
      'calls another port of this machine': { says: /reached/, because: SHARED },
      'calls an abstract unix socket of the host': { says: /reached/, because: SHARED },
      'calls the metadata address': { says: /^(reached)?\s*$/, because: SHARED },
      'writes to the system': {
        says: /reached/,
        because: 'its root is a file system in memory of its own, which is gone with it',
      },
      'is a fork bomb': { tried: false, because: 'it limits no processes, as its README says' },
      'fills the disk': { says: /all of it fits/, ends: OK, because: UNLIMITED },
      'fills its home': { says: /all of it fits/, ends: OK, because: UNLIMITED },
      'fills shared memory': { says: /all of it fits/, ends: OK, because: UNLIMITED },
    },
  },
];
