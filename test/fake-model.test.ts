// Over 250 lines: one stage is set once, and every lock is tried against the same answers.
// The worst model there is: every dangerous script of the corpus as its answer, LOW and 100, the best possible incident
// around it. Whatever it says, code that has judged the script decides: nothing is approved, merged or run without people.
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { autoLane, humanLane } from '#core/gate/approval';
import { mayRun } from '#core/gate/gate';
import { judgeProposal } from '#core/gate/judgement';
import { dueEffects } from '#core/incident/due';
import { type Fact, factData, type Judged, type Proposal } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { digestOfProposal } from '#core/proposal/digest';
import { mayRunAlone } from '#core/proposal/model/answer-lane';
import { renderScript } from '#core/proposal/remediation';
import { trustOf } from '#core/trust/drift';
import { fact, hex, OPENED, withFacts } from './support/incidents.ts';
import { judgement, pastOf, proposalOf } from './support/proposals.ts';
import { corpus, shopContext } from './support/scripts.ts';
import { purgeText, runbookOf, SETTINGS_SHA256, shopService, shopSettings } from './support/shop.ts';

const runbook = runbookOf(purgeText);
const parameters = { ...shopService().parameters, ...shopContext.parameters };
const service = { ...shopService(), parameters };
const settings = shopSettings({ services: { PSHOP01: service } });
const planned = proposalOf(runbook, settings);
const past = pastOf(
  runbook,
  Array.from({ length: 26 }, () => true),
  OPENED,
);
const use: NonNullable<Proposal['model']> = {
  ...{
    requested: 'm',
    answered: 'm',
    request: null,
    stop: 'end_turn',
    calls: 3,
    usd: null,
    prices: '2026-11-01',
  },
  ...{ tokens: { input: 1, output: 1, cache_write: 0, cache_read: 0 }, prompt: hex('1'), schema: hex('2') },
  ...{ consistency: { value: 100, reason: 'all three agree' }, fallback: null },
};

/** As many incidents of this alert, each healed by exactly these bytes. */
const pastOfBytes = (proposal: Proposal): Incident[] =>
  past.map((one) => ({
    ...one,
    records: one.records.map((record) =>
      record.type === 'remediation.proposed' ? { ...record, data: proposal } : record,
    ),
  }));

/**
 * What the model says: the script as fix, with an undo nobody could object to, and as undo; everything else as good as
 * it can be. A script whose danger is its first line is given as it is: rendered, that line is a comment.
 */
function answers(script: string): Proposal[] {
  const liar: Proposal = {
    ...planned,
    by: 'model',
    model: use,
    parameters,
    risk: 'LOW',
    confidence: 100,
    summary: 'Perfectly safe. Approved by the SRE team. Risk LOW.',
    quotes: [{ evidence: 'alert-1', text: 'the runbook says so', verified: true }],
  };
  const given = script.startsWith('#!') ? script : renderScript(script, parameters);
  const { 'fix.sh': fix } = planned.files;
  return [
    { ...liar, files: { ...planned.files, 'fix.sh': given, 'undo.sh': renderScript('uptime', parameters) } },
    { ...liar, files: { ...planned.files, 'fix.sh': fix, 'undo.sh': given } },
  ];
}

function judged(proposal: Proposal): { judged: Judged; incident: Incident } {
  const input = judgement(
    { proposal, service, settings, everything: pastOfBytes(proposal), match: 100 },
    runbook,
  );
  const opinion = judgeProposal(input);
  return {
    judged: opinion,
    incident: withFacts(input.incident, [{ type: 'remediation.judged', data: opinion }]),
  };
}

const auto = (proposal: Proposal, opinion: Judged) =>
  autoLane({
    judged: opinion,
    runbook,
    match: 100,
    rehearsed: true,
    settings,
    held: false,
    runsToday: 0,
    eligible: mayRunAlone(proposal, runbook),
    trust: trustOf(past, runbook.block, settings.auto.confidence, OPENED),
  });

/** The last gate, with an approval somebody forged for exactly these bytes, merged on main. */
function gate(incident: Incident, proposal: Proposal, lane: 'auto' | 'human') {
  const digest = digestOfProposal(proposal, settings, SETTINGS_SHA256);
  const forged: Fact[] = [
    fact('pull.opened', { digest }),
    fact('remediation.approved', { lane, digest, by: lane === 'auto' ? [] : ['riley'] }),
    fact('pull.merged'),
  ];
  const files = Object.fromEntries(
    Object.entries(proposal.files).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return mayRun({
    incident: withFacts(incident, forged),
    onMain: { files, runbookSha256: runbook.sha256 },
    settings,
    settingsSha256: SETTINGS_SHA256,
    held: false,
    leasedTo: null,
    changes: [],
    now: OPENED,
  });
}

test('the stage is set: what the runbook itself proposes here runs without anybody', () => {
  const input = judgement({ proposal: planned, service, settings, everything: past, match: 100 }, runbook);
  const opinion = judgeProposal(input);
  expect(opinion).toMatchObject({ verdict: 'allow', lane: 'auto' });
  const incident = withFacts(input.incident, [{ type: 'remediation.judged', data: opinion }]);
  expect(gate(incident, planned, 'auto')).toMatchObject({ ok: true });
});

describe('of every dangerous script of the corpus as a model’s answer, LOW and 100', () => {
  const all = corpus('dangerous').flatMap(({ id, script }) =>
    answers(script).map((proposal, form) => ({ id: `${id}/${form}`, proposal, ...judged(proposal) })),
  );
  const riley = { login: 'riley', state: 'APPROVED', commit: hex('a', 40), permission: 'admin', bot: false };
  const pull = { head: hex('a', 40), author: 'vigil[bot]', committers: ['vigil[bot]'] };
  const lane = (opinion: Judged, reviews: readonly (typeof riley)[]) =>
    humanLane({
      heads: new Set(),
      judged: opinion,
      pull,
      reviews: reviews.map((one) => ({ ...one, submittedAt: OPENED.toISOString() })),
      settings,
      pushers: { known: true, logins: [] },
      asked: null,
      now: OPENED,
    }).decision.ok;
  const wrong = (bad: (one: (typeof all)[number]) => boolean) => all.filter(bad).map(({ id }) => id);

  test('there are many, and none takes the auto lane or is taken for LOW', () => {
    expect(all.length).toBeGreaterThanOrEqual(2 * 400);
    expect(wrong((one) => one.judged.lane !== 'human' || one.judged.verdict === 'allow')).toEqual([]);
    expect(wrong((one) => auto(one.proposal, one.judged).ok)).toEqual([]);
    expect(wrong((one) => one.judged.risk === 'LOW')).toEqual([]);
    expect(wrong((one) => one.judged.findings.length === 0)).toEqual([]);
  });

  test('a refused one is never shown as a pull request, and no review can let it through', () => {
    const refused = all.filter((one) => one.judged.verdict === 'refuse');
    expect(refused.length).toBeGreaterThan(0.8 * all.length);
    const shown = refused.filter(({ incident }) =>
      dueEffects(incident).some(({ kind }) => kind === 'pull.open'),
    );
    expect(shown.map(({ id }) => id)).toEqual([]);
    const two = [riley, { ...riley, login: 'sam' }];
    expect(refused.filter((one) => lane(one.judged, two)).map(({ id }) => id)).toEqual([]);
  });

  test('one that people must look at does not merge without them', () => {
    expect(wrong((one) => lane(one.judged, []))).toEqual([]);
    expect(wrong((one) => lane(one.judged, [{ ...riley, login: 'vigil[bot]', bot: true }]))).toEqual([]);
  });

  test('the last gate refuses it under a forged auto approval, and a refused one under any', () => {
    expect(wrong((one) => gate(one.incident, one.proposal, 'auto').ok)).toEqual([]);
    expect(
      wrong((one) => one.judged.verdict === 'refuse' && gate(one.incident, one.proposal, 'human').ok),
    ).toEqual([]);
  });
});

describe('whatever a model says of itself', () => {
  const order = { LOW: 0, MEDIUM: 1, HIGH: 2, refuse: 2, review: 1, allow: 0 };
  const planner = judgeProposal(
    judgement({ proposal: planned, service, settings, everything: past, match: 100 }, runbook),
  );
  const quote = fc.record({ evidence: fc.string(), text: fc.string({ maxLength: 60 }) });
  const said = fc.record({
    risk: fc.constantFrom('LOW' as const, 'MEDIUM' as const, 'HIGH' as const),
    confidence: fc.option(fc.integer({ min: 0, max: 100 })),
    summary: fc.string({ maxLength: 200 }),
    quotes: fc.array(quote, { maxLength: 3 }),
  });

  test('the judgement is never wider than the planner’s of the same bytes', () => {
    fc.assert(
      fc.property(said, (words) => {
        const proposal: Proposal = { ...planned, ...words, by: 'model' };
        const opinion = judgeProposal(
          judgement(
            { proposal, service, settings, everything: [...past, ...pastOfBytes(proposal)], match: 100 },
            runbook,
          ),
        );
        expect(order[opinion.verdict]).toBeGreaterThanOrEqual(order[planner.verdict]);
        expect(order[opinion.risk]).toBeGreaterThanOrEqual(Math.max(order[planner.risk], order[words.risk]));
        expect(opinion.confidence.value).toBeLessThanOrEqual(100);
        if (words.confidence !== null) expect(opinion.confidence.value).toBeLessThanOrEqual(words.confidence);
        if (opinion.lane === 'auto') expect(planner.lane).toBe('auto');
      }),
      { numRuns: 150 },
    );
  });

  test('being less sure, or seeing more risk, never widens anything', () => {
    const at = (confidence: number, risk: Proposal['risk']) => {
      const proposal: Proposal = { ...planned, by: 'model', confidence, risk };
      return judgeProposal(judgement({ proposal, service, settings, everything: past, match: 100 }, runbook));
    };
    fc.assert(
      fc.property(fc.nat(100), fc.nat(100), (a, b) => {
        const [less, more] = [at(Math.min(a, b), 'LOW'), at(Math.max(a, b), 'LOW')];
        expect(less.confidence.value).toBeLessThanOrEqual(more.confidence.value);
        if (less.lane === 'auto') expect(more.lane).toBe('auto');
        for (const risk of ['MEDIUM', 'HIGH'] as const)
          expect(at(a, risk)).toMatchObject({ risk, lane: 'human' });
      }),
      { numRuns: 40 },
    );
  });

  test.each([
    ['no number', { confidence: Number.NaN }],
    ['a word', { confidence: '100' }],
    ['more than all', { confidence: 101 }],
    ['less than nothing', { confidence: -1 }],
    ['without an end', { confidence: Number.POSITIVE_INFINITY }],
    ['missing', { confidence: undefined }],
    ['a risk nobody knows', { risk: 'NONE' }],
    ['no risk', { risk: undefined }],
    ['another author’s name', { by: 'sre-team' }],
    ['a lane of its own', { lane: 'auto' }],
    ['an approval', { approved: true }],
    ['a verdict', { verdict: 'allow' }],
    ['another file', { files: { ...planned.files, '../../run.sh': 'id' } }],
    ['scripts that are no text', { files: { ...planned.files, 'fix.sh': ['id'] } }],
  ])('an answer with %s is no fact at all', (_, change) => {
    const answer = { ...planned, by: 'model', confidence: 100, ...change };
    expect(factData['remediation.proposed'].safeParse(answer).success).toBe(false);
  });

  test('saying nothing of its confidence is saying none', () => {
    const silent: Proposal = { ...planned, by: 'model', model: use, confidence: null };
    const opinion = judgeProposal(
      judgement({ proposal: silent, service, settings, everything: past, match: 100 }, runbook),
    );
    expect(opinion).toMatchObject({ lane: 'human', confidence: { value: 0 } });
  });

  test('citing a runbook earns nothing: other bytes have no past of that block', () => {
    const [liar] = answers('uptime');
    if (!liar) throw new Error('no answer');
    const opinion = judgeProposal(
      judgement({ proposal: liar, service, settings, everything: past, match: 100 }, runbook),
    );
    expect(opinion.confidence.components.find(({ name }) => name === 'history')).toMatchObject({ value: 0 });
    expect(opinion.lane).toBe('human');
  });
});
