// The end of an act from the runbook to the undo: what Vigil judges, what people approve, how long that covers the inverse.
import { describe, expect, test } from 'vitest';
import { overdue } from '#core/incident/deadline';
import { outOfState } from '#core/incident/out-of-state';
import { coveredUntil } from '#core/incident/put-back';
import { type Order, steer } from '#core/incident/steering';
import type { Fact, Proposal } from '#core/ledger/facts';
import { type Incident, latestOf } from '#core/ledger/replay';
import { confirmPage } from '#core/messages/confirm';
import { pullBody } from '#core/messages/pull';
import { endStanding } from '#core/messages/put-back';
import { ending, standing } from '#core/messages/words';
import { fact, withFacts } from '../../../test/support/incidents.ts';
import { judgement, mergedIncident, proposalOf } from '../../../test/support/proposals.ts';
import { flagText, runbookOf, SETTINGS_SHA256, shopSettings } from '../../../test/support/shop.ts';
import { approvedUndo } from './gate.ts';
import { judgeProposal } from './judgement.ts';

const withEnd = (line: string): string => flagText.replace('  risk: MEDIUM', `  risk: MEDIUM\n  ${line}`);
const runbook = runbookOf(withEnd('put_back: quiet for 2h'));
const judged = (change: Partial<Proposal> = {}, of = runbook) => {
  const proposal = { ...proposalOf(of), ...change };
  return judgeProposal(judgement({ proposal }, of));
};

describe('the end of an act', () => {
  test('is judged by code from the runbook that is cited, and is part of its block', () => {
    expect(judged().put_back).toEqual({ quiet_for: '2h', by: 'vigil' });
    expect(judgeProposal(judgement({}, runbookOf(flagText)))).not.toHaveProperty('put_back');
    expect(runbook.block).not.toBe(runbookOf(flagText).block);
    expect(runbookOf(withEnd('until: 2h')).block).not.toBe(runbook.block);
  });

  test('of bytes that are not the runbook’s own is people’s: their inverse may bring the fault back', () => {
    const { files } = proposalOf(runbook);
    const other = { ...files, 'fix.sh': files['fix.sh'].replace('--max-time 10', '--max-time 20') };
    expect(judged({ by: 'model', files: other }).put_back).toEqual({ quiet_for: '2h', by: 'person' });
    expect(judged({ by: 'model', runbook: null }).put_back).toBeUndefined();
  });

  test('is what people read before they approve', () => {
    const { incident, proposal, judged: opinion } = mergedIncident(runbook);
    expect(pullBody(incident, proposal, opinion)).toContain(
      '\n\n**Until** when the service was quiet for 2h: Vigil runs the undo above by itself; this approval covers it until then and a day longer.\n\n',
    );
    const pull = latestOf(incident, 'pull.opened');
    if (!pull) throw new Error('there is no pull request');
    expect(
      confirmPage({ act: 'approve', incident, proposal, judged: opinion, pull }, 1, { signIn: '/in' }),
    ).toContain(
      '<p><strong>Until</strong> when the service was quiet for 2h: Vigil runs the undo above by itself',
    );
    const both = runbookOf(withEnd('until: 4h\n  put_back: { quiet_for: 30m, by: person }'));
    expect(pullBody(incident, proposal, judged({}, both))).toContain(
      '**Until** when the service was quiet for 30m, at the latest 4h after the fix: people are reminded to put it back.',
    );
  });
});

const ran = (...last: Fact[]): Incident => {
  const { incident } = mergedIncident(runbook);
  const facts = [fact('remediation.started'), fact('remediation.finished'), fact('recovery.confirmed')];
  return withFacts(incident, [...facts, ...last]);
};
const files = proposalOf(runbook).files as Readonly<Record<string, string>>;
const allowed = (incident: Incident, hours: number, change = {}): string => {
  const [act] = outOfState(ran());
  const now = new Date(Date.parse(act?.since ?? '') + hours * 3_600_000);
  const settings = { settings: shopSettings(), settingsSha256: SETTINGS_SHA256 };
  const found = approvedUndo({ incident, files, ...settings, now, ...change });
  return found.ok ? 'runs' : found.reason;
};

describe('the approval of the fix', () => {
  const due = ran(fact('putback.due'));

  test('covers the very bytes of its inverse until the end and a day longer, and no others', () => {
    const [act] = outOfState(due);
    expect(coveredUntil(act ?? { since: '', put_back: null })).toBe(
      Date.parse(act?.since ?? '') + 8 * 86_400_000,
    );
    expect(allowed(due, 2)).toBe('runs');
    expect(allowed(due, 8 * 24 - 1)).toBe('runs');
    expect(allowed(due, 8 * 24)).toBe(
      'its approval covered it until its end and a day; a person must undo this',
    );
    expect(allowed(due, 2, { files: { ...files, 'undo.sh': 'true\n' } })).toContain(
      'changed since the approval',
    );
    expect(allowed(due, 2, { settingsSha256: '6'.repeat(64) })).toContain('changed since the approval');
  });

  test('does not end for what a person asks for', () => {
    expect(allowed(ran(fact('putback.due', { because: 'asked', by: 'olga' })), 9 * 24)).toBe('runs');
  });
});

describe('people', () => {
  const say = (incident: Incident, word: Order['word'], reason = 'x'): string => {
    const steered = steer(incident, { word, all: false, reason }, 'olga', reason);
    return steered.ok ? steered.fact.type : steered.reason;
  };

  test('put it back early by one word, and hold it, without making an escalation of it', () => {
    expect(say(ran(), 'undo')).toBe('putback.due');
    expect(say(ran(fact('putback.due')), 'undo')).toBe('it is being put back already');
    expect(say(ran(), 'hold')).toBe('hold.set');
    const done = [fact('putback.due'), fact('undo.started'), fact('undo.finished')];
    expect(say(ran(...done), 'undo')).toBe('the undo was started already and never runs twice');
    expect(say(ran(...done), 'hold')).toBe('it is over, so there is nothing to hold');
  });

  test('say that it stays, with a reason, while nothing runs', () => {
    expect(say(ran(), 'keep')).toBe('putback.kept');
    expect(say(ran(), 'keep', '')).toBe('say why, as in `/vigil keep put back by hand`');
    expect(say(ran(fact('putback.due')), 'keep')).toBe('a script is running or about to; wait for its end');
    expect(say(ran(fact('putback.kept')), 'keep')).toBe('nothing of it is out of its usual state');
    expect(outOfState(ran(fact('putback.kept')))).toEqual([]);
  });

  test('are told in words of their own what became of it', () => {
    const seen = (...last: Fact[]): string => ending(ran(...last));
    const healed = 'The fix ran and the service works again: health was green 10 of 10 times.';
    const [due, started] = [fact('putback.due'), fact('undo.started')];
    expect(seen(due)).toBe(`${healed} It is being put back as agreed.`);
    expect(seen(due, started, fact('undo.finished'))).toBe(`${healed} Put back as agreed.`);
    expect(seen(due, fact('undo.refused'))).toBe(`${healed} It was not put back: main holds another undo.`);
    expect(seen(due, started, fact('undo.finished', { ok: false, outcome: 'failed', exit: 1 }))).toBe(
      `${healed} Putting it back failed, so it is not known what is in place: a person must look.`,
    );
    expect(standing(ran())).toEqual([
      expect.stringMatching(
        /^flag\.set \S+ on shop is out of its usual state since 2026-11-03 03:00 UTC; Vigil puts it back when the service was quiet for 2h\.$/,
      ),
    ]);
    const back = ran(due, started, fact('undo.finished'), fact('incident.reopened'));
    expect(endStanding(back)).toEqual([
      'What the fix had changed was put back as agreed 0 minutes before the alert came back.',
    ]);
    expect(endStanding(ran(fact('incident.reopened')))).toEqual([
      expect.stringContaining('people are reminded to put it back'),
    ]);
  });
});

test('a put-back that no job begins is refused after a while, so that the service is free and people hear of it', () => {
  const due = ran(fact('putback.due'));
  const at = (seconds: number) =>
    overdue(due, shopSettings(), new Date(Date.parse(due.latest['putback.due']?.at ?? '') + seconds * 1000));
  expect(at(5399)).toBeNull();
  expect(at(5400)).toEqual({
    type: 'undo.refused',
    data: { reason: 'no job began it within 90 minutes' },
  });
  const silent = withFacts(due, [fact('undo.started')]);
  expect(
    overdue(
      silent,
      shopSettings(),
      new Date(Date.parse(silent.latest['undo.started']?.at ?? '') + 2_900_000),
    ),
  ).toMatchObject({ type: 'undo.finished', data: { ok: false } });
  expect(latestOf(silent, 'undo.finished')).toBeNull();
});
