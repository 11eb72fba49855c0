// What the app owes along whole incidents: each effect once, in order, and nothing that was not approved.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import {
  fact,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilProposed,
  untilSynthesizing,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { settle } from '../../../test/support/settling.ts';
import { dueEffects, effectKinds, isVital } from './due.ts';

const undoable = fact('remediation.proposed', {
  files: { 'fix.sh': 'a', 'undo.sh': 'b', 'verify.yml': 'c', 'remediation.yml': 'd' },
});

/** Lets the world say these facts, group by group, and does what is due after each group. */
function live(...groups: Fact[][]): string[][] {
  let state = incidentOf([fact('incident.opened')]);
  return [[], ...groups].map((facts) => {
    const settled = settle(withFacts(state, facts));
    state = settled.incident;
    return settled.done;
  });
}
const investigated = untilSynthesizing.slice(untilInvestigating.length);

describe('the app', () => {
  test('does, for an incident that is healed, exactly this in this order', () => {
    expect(
      live(
        [...investigated, fact('remediation.proposed')],
        [fact('remediation.rehearsed')],
        [fact('remediation.approved')],
        [fact('remediation.started')],
        [fact('remediation.finished')],
        [fact('recovery.confirmed')],
        [fact('incident.learned')],
      ),
    ).toEqual([
      ['issue.open#1', 'respond.dispatch#1'],
      [],
      ['judge#1', 'pull.open#1', 'check.ask#1', 'issue.propose#1', 'slack.post#1'],
      ['check.post#1', 'pull.merge#1', 'remediate.dispatch#1'],
      ['issue.execute#1'],
      [],
      ['pagerduty.note#1', 'pagerduty.resolve#1', 'slack.update#1', 'issue.close#1'],
      [],
    ]);
  });

  test('tells people and resolves nothing when it gives up', () => {
    expect(live([...investigated, fact('incident.escalated')])[1]).toEqual([
      'pagerduty.note#1',
      'slack.post#1',
      'slack.update#1',
      'issue.close#1',
    ]);
  });

  test('gives up at once when a fix did not help, and tells the issue later what the undo did', () => {
    expect(
      live(
        [...investigated, undoable, ...untilMerged.slice(untilSynthesizing.length + 1)],
        [fact('remediation.started'), fact('remediation.finished'), fact('recovery.refuted')],
        [fact('undo.started')],
        [fact('undo.finished')],
      ).slice(2),
    ).toEqual([
      ['pagerduty.note#1', 'slack.update#1', 'issue.close#1'],
      [],
      ['issue.tell#1.27', 'slack.tell#1.27', 'pagerduty.tell#1.27'],
    ]);
  });

  test('starts the undo that a person asks for once a request, tells everybody, and again when it was refused', () => {
    const asked = live(
      [...investigated, undoable, ...untilMerged.slice(untilSynthesizing.length + 1)],
      [fact('remediation.started'), fact('remediation.finished'), fact('recovery.confirmed')],
      [fact('undo.requested')],
      [fact('undo.refused')],
      [fact('undo.requested')],
      [fact('undo.started'), fact('undo.finished')],
    ).slice(3);
    expect(asked).toEqual([
      ['undo.dispatch#1.27', 'issue.tell#1.27', 'slack.tell#1.27'],
      ['issue.tell#1.31', 'slack.tell#1.31', 'pagerduty.tell#1.31'],
      ['undo.dispatch#1.35', 'issue.tell#1.35', 'slack.tell#1.35'],
      ['issue.tell#1.40', 'slack.tell#1.40', 'pagerduty.tell#1.40'],
    ]);
  });

  test('tells of a hold once, and of each new one', () => {
    const held = live([...investigated, fact('hold.set')], [fact('hold.released')], [fact('hold.set')]);
    expect(held.slice(1)).toEqual([['issue.tell#1.10'], ['issue.tell#1.12'], ['issue.tell#1.14']]);
  });

  test('does not resolve a page that nobody’s fix has healed', () => {
    for (const alone of [fact('alert.cleared'), fact('symptom.absent', { alert: 'cleared' })])
      expect(live([...investigated, alone])[1]).not.toContain('pagerduty.resolve#1');
  });

  test('opens no pull request for what the policy refuses', () => {
    const refused = incidentOf([...untilProposed, fact('remediation.judged', { verdict: 'refuse' })]);
    expect(dueEffects(refused).map(({ kind }) => kind)).toEqual([]);
  });

  test('merges nothing before the check was posted, and dispatches nothing before the merge', () => {
    const approved = incidentOf([
      ...untilProposed,
      fact('remediation.judged'),
      fact('pull.opened'),
      fact('remediation.approved'),
    ]);
    expect(dueEffects(approved).map(({ kind }) => kind)).toEqual([
      'check.post',
      'issue.propose',
      'slack.post',
    ]);
  });

  test('opens one issue an incident and begins anew with everything else when it comes back', () => {
    const back = incidentOf([...untilVerifying, fact('recovery.confirmed'), fact('incident.reopened')]);
    expect(dueEffects(back).map(({ name }) => name)).toEqual(['respond.dispatch#2', 'issue.reopen#2']);
  });

  test('leaves an effect that failed for good, and tries again one that did not', () => {
    const open = incidentOf([fact('incident.opened')]);
    const left = (final: boolean) =>
      dueEffects(withFacts(open, [fact('effect.claimed'), fact('effect.failed', { final })]));
    expect(left(true)).toEqual([]);
    expect(left(false).map(({ name }) => name)).toEqual(['issue.open#1']);
  });

  test('neither merges nor dispatches what is held', () => {
    const approved = [
      ...untilProposed,
      fact('remediation.judged'),
      fact('pull.opened'),
      fact('remediation.approved'),
      fact('effect.done', { effect: 'check.post#1' }),
    ];
    const kinds = (facts: Fact[], held: boolean) =>
      dueEffects(incidentOf(facts), held).map(({ kind }) => kind);
    const told = ['issue.propose', 'slack.post'];
    expect(kinds(approved, false)).toEqual(['pull.merge', ...told]);
    expect(kinds(approved, true)).toEqual(told);
    expect(kinds([...approved, fact('pull.merged')], false)).toEqual(['remediate.dispatch', ...told]);
    expect(kinds([...approved, fact('pull.merged')], true)).toEqual(told);
  });

  test('closes a pull request that nobody needs any more, and leaves a merged one alone', () => {
    const cleared = (facts: readonly Fact[]) =>
      dueEffects(incidentOf([...facts, fact('alert.cleared')])).map(({ kind }) => kind);
    expect(cleared([...untilProposed, fact('remediation.judged'), fact('pull.opened')])).toContain(
      'pull.close',
    );
    // It was being opened when the alert cleared.
    const late = [...untilProposed, fact('remediation.judged'), fact('alert.cleared'), fact('pull.opened')];
    expect(dueEffects(incidentOf(late)).map(({ kind }) => kind)).toContain('pull.close');
    expect(cleared(untilMerged)).not.toContain('pull.close');
    expect(cleared(untilProposed)).not.toContain('pull.close');
  });

  test('does for a proposal that follows a withdrawn one all that it did for the first', () => {
    expect(
      live(
        [...investigated, fact('remediation.proposed'), fact('remediation.rehearsed')],
        [fact('remediation.withdrawn')],
        [fact('remediation.proposed', { by: 'person' }), fact('remediation.rehearsed')],
      ).slice(1),
    ).toEqual([
      ['judge#1', 'pull.open#1', 'check.ask#1', 'issue.propose#1', 'slack.post#1'],
      ['respond.again#1.1', 'pull.tell#1.19', 'issue.tell#1.19'],
      ['judge#1.1', 'pull.open#1.1', 'check.ask#1.1', 'issue.propose#1.1', 'slack.post#1.1'],
    ]);
  });

  test('begins again when the page moves to another service, and closes what it had proposed', () => {
    const moves = [
      fact('alert.changed', { service: { id: 'PSHOP02', name: 'Payments' } }),
      fact('incident.moved'),
    ];
    expect(
      live([...investigated, fact('remediation.proposed'), fact('remediation.rehearsed')], moves).at(-1),
    ).toEqual([
      ...['respond.dispatch#2', 'pull.leave#2', 'issue.reopen#2'],
      expect.stringMatching(/^issue\.tell#2\.\d+$/),
    ]);
    expect(live(investigated, moves).at(-1)).not.toContain('pull.leave#2');
    const merged = withFacts(incidentOf(untilMerged), moves);
    expect(dueEffects(merged).map(({ name }) => name)).not.toContain('pull.leave#2');
  });

  test('tells each change of the page once', () => {
    const [, , first, second] = live(
      investigated,
      [fact('alert.changed')],
      [fact('alert.changed', { priority: 'P2' })],
    );
    expect([first, second]).toEqual([
      [expect.stringMatching(/^issue\.tell#1/)],
      [expect.stringMatching(/^issue\.tell#1/)],
    ]);
    expect(first).not.toEqual(second);
  });

  test('cannot go on without what moves the incident, and can without what only tells', () => {
    expect(effectKinds.filter(isVital)).toEqual([
      'issue.open',
      'respond.dispatch',
      'respond.again',
      'respond.retry',
      'judge',
      'pull.open',
      'check.post',
      'pull.merge',
      'remediate.dispatch',
      'look.dispatch',
    ]);
  });
});
