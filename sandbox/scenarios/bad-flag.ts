// A fix that does not help: two things are broken, the runbook knows one. The undo puts the flag back; people get all that is known.
import { latestOf } from '#core/ledger/replay';
import { breakShop, review, ring } from '../people.ts';
import { issueState, pageStatus, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const badFlag: Scenario = {
  name: 'bad-flag',
  about:
    'The flag is switched off as approved, but orders still fail; the undo restores it and people take over.',
  expected: 'ESCALATED',
  deadlineMs: 600_000,
  async begin(world) {
    await breakShop(world, 'flag');
    await breakShop(world, 'cache');
    await ring(world, 'trigger', 'Checkout fails after a flag change', { flag: 'new-pricing' });
  },
  async people(world, record) {
    if (record.type === 'pull.opened') await review(world, 'riley', record.data.number, 'APPROVE');
  },
  async verdicts(world, incident) {
    const undo = latestOf(incident, 'undo.finished');
    return [
      { what: 'the fix ran and did not help', ok: latestOf(incident, 'recovery.refuted') !== null },
      { what: 'the undo ran', ok: undo?.ok === true },
      {
        what: 'the flag is as it was before',
        ok: undo?.snapshot === 'equal' && world.shop.state().flags['new-pricing'] === true,
      },
      { what: 'PagerDuty still rings', ok: pageStatus(world, incident) === 'triggered' },
      { what: 'the issue stays open', ok: (await issueState(world, incident)) === 'open' },
      {
        what: 'both workspaces are gone',
        ok: workspacesGone(world) && world.coder.workspaces().length === 2,
      },
    ];
  },
};
