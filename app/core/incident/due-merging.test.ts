// What the app owes while an approved merge waits for somebody: it is told where people look, once a reason.
import { expect, test } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import {
  fact,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilSynthesizing,
  withFacts,
} from '../../../test/support/incidents.ts';
import { settle } from '../../../test/support/settling.ts';
import { dueEffects } from './due.ts';

const investigated = untilSynthesizing.slice(untilInvestigating.length);

test('tells issue, Slack and check what a merge waits for, once a reason, and nothing more after it was merged', () => {
  const approved = [...investigated, ...untilMerged.slice(untilSynthesizing.length, -1)];
  const { incident } = settle(
    incidentOf([fact('incident.opened'), ...untilInvestigating.slice(1), ...approved.slice(0, -1)]),
  );
  const waiting = withFacts(incident, [
    fact('remediation.approved'),
    fact('effect.done', { effect: 'check.post#1', result: 'ok' }),
    fact('merge.delayed', { reason: 'a check' }),
  ]);
  const names = (state: Incident) => dueEffects(state).map(({ name }) => name);
  const news = waiting.seq;
  expect(names(waiting)).toEqual([
    'pull.merge#1',
    `issue.tell#1.${news}`,
    `check.tell#1.${news}`,
    `slack.tell#1.${news}`,
  ]);
  const told = withFacts(
    waiting,
    ['check', 'issue', 'slack'].map((where) =>
      fact('effect.done', { effect: `${where}.tell#1.${news}`, result: 'ok' }),
    ),
  );
  expect(names(told)).toEqual(['pull.merge#1']);
  const merged = withFacts(waiting, [
    fact('pull.merged'),
    fact('effect.done', { effect: 'pull.merge#1', result: 'ok' }),
  ]);
  expect(names(merged)).toEqual(['remediate.dispatch#1', `issue.tell#1.${news}`]);
});
