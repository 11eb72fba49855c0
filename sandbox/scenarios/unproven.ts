// What becomes of every story where Lightpanda looks without a Chromium beside it: it cannot judge a shop that has a content policy, so
// nothing is proven, nothing runs and people take over. It must never let a story pass in which something was changed.
import { latestOf } from '#core/ledger/replay';
import { issueState } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const unproven = (scenario: Scenario): Scenario => ({
  ...scenario,
  about: `${scenario.about} Lightpanda alone cannot prove it, so that people take over.`,
  expected: 'ESCALATED',
  async verdicts(world, incident) {
    return [
      {
        what: 'it is said that Lightpanda cannot judge this shop, and why',
        ok: JSON.stringify(incident.records).includes(
          'Lightpanda cannot judge this: it does not enforce the content security policy of this page',
        ),
      },
      { what: 'nothing was proposed to anybody', ok: latestOf(incident, 'pull.opened') === null },
      { what: 'nothing ran', ok: world.coder.workspaces().length === 0 },
      { what: 'the issue stays open', ok: (await issueState(world, incident)) === 'open' },
    ];
  },
});
