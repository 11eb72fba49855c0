// What must be true at the end besides what every story shows, of kinds in which people act: nobody's words are lost, and whoever
// did something is told what it meant.
import { expect } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { latestOf } from '#core/ledger/replay';
import type { KindName } from '../../sandbox/weather/kinds.ts';
import { eventually } from '../support/outside.ts';
import { as } from '../support/quick-people.ts';
import type { QuickWorld } from '../support/quick-world.ts';

type After = (world: QuickWorld, incident: Incident) => Promise<void>;
const bodies = async (world: QuickWorld, number: number | undefined): Promise<string[]> =>
  (await as<{ body: string }[]>(world, 'riley', `/issues/${number}/comments?per_page=100`)).map(
    ({ body }) => body,
  );

export const after: Partial<Record<KindName, After>> = {
  async 'edits-issue'(world, { issue }) {
    const shown = await as<{ title: string; body: string }>(world, 'riley', `/issues/${issue?.number}`);
    expect(shown.title).toContain('bridge 4711');
    expect(shown.body).toContain('Call bridge 4711.');
  },
  async 'closes-issue'(world, { issue }) {
    expect((await bodies(world, issue?.number)).some((body) => body.includes('@sam'))).toBe(true);
  },
  async 'channel-archived'(world, { opened }) {
    const page = world.pagerduty.incidents().find(({ id }) => id === opened.pagerduty.id);
    expect(page?.notes.some(({ content }) => content.includes('Slack'))).toBe(true);
  },
  async 'reopens-pull'(world, incident) {
    const number = latestOf(incident, 'pull.opened')?.number;
    await eventually('it is closed again, and why is said', async () => {
      const said = await bodies(world, number);
      const { state } = await as<{ state: string }>(world, 'riley', `/pulls/${number}`);
      return state === 'closed' && said.some((body) => body.includes('/vigil retry'));
    });
  },
};
