// A fix that does harm: with the flag on, single pieces cannot be bought; with it off, nothing can, because the old prices come from a
// cache that is poisoned. That several pieces could be bought before was seen, so the undo runs by itself.
import { latestOf } from '#core/ledger/replay';
import { breakShop, review, ring } from '../people.ts';
import { issueState, pageStatus, workspacesGone } from './outside.ts';
import type { Scenario } from './scenario.ts';

export const harmfulFix: Scenario = {
  name: 'harmful-fix',
  about:
    'Switching the flag off as approved stops the orders that still worked; Vigil sees it, the undo runs by itself and people take over.',
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
    const before = latestOf(incident, 'remediation.started')?.samples ?? [];
    const several = before.filter(({ check }) => check === 'several');
    return [
      {
        what: 'what was no symptom was seen to work before the run',
        ok: several.length >= 3 && several.every(({ outcome }) => outcome === 'pass'),
      },
      {
        what: 'it was seen that this got worse',
        ok: latestOf(incident, 'recovery.refuted')?.worse?.startsWith('several was green') === true,
      },
      {
        what: 'the undo ran, and nobody had to ask',
        ok: undo?.ok === true && latestOf(incident, 'undo.requested') === null,
      },
      {
        what: 'the flag is as it was before',
        ok: undo?.snapshot === 'equal' && world.shop.state().flags['new-pricing'] === true,
      },
      { what: 'several pieces can be bought again', ok: await sells(world.shop.url, 3) },
      { what: 'PagerDuty still rings', ok: pageStatus(world, incident) === 'triggered' },
      { what: 'the issue stays open', ok: (await issueState(world, incident)) === 'open' },
      {
        what: 'both workspaces are gone',
        ok: workspacesGone(world) && world.coder.workspaces().length === 2,
      },
    ];
  },
};

async function sells(shop: string, quantity: number): Promise<boolean> {
  const order = { name: 'Riley', email: 'riley@example.com', items: [{ id: 'socks', quantity }] };
  const answer = await fetch(`${shop}/api/checkout`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(10_000),
  });
  return answer.status === 201;
}
