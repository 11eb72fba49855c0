// The pull request as a tired person would read it, whole; and what outside text can and cannot do to it.
import { describe, expect, test } from 'vitest';
import { judgeProposal } from '#core/gate/judgement';
import type { Sample } from '#core/verification/plan';
import { active, attack, hostileIncident, traps } from '../../../test/support/hostile.ts';
import {
  fact,
  incidentOf,
  must,
  untilMerged,
  untilProposed,
  withFacts,
} from '../../../test/support/incidents.ts';
import { judgement, proposalOf } from '../../../test/support/proposals.ts';
import { FLAG_OFF, FLAG_ON, flagText, runbookOf } from '../../../test/support/shop.ts';
import { checkOutput, commitMessage, mergeMessage, pullBody, pullTitle } from './pull.ts';

const runbook = runbookOf(flagText, 'runbooks/shop-flag.md');
const proposal = proposalOf(runbook);
const input = judgement({}, runbook);
const judged = judgeProposal(input);
const incident = withFacts(input.incident, [{ type: 'remediation.judged', data: judged }]);

describe('the pull request', () => {
  test('is titled by what it does, where, for which incident', () => {
    expect(pullTitle(incident, proposal)).toBe('flag-off on shop for #12 (Q1SHOP1)');
    expect(commitMessage(incident, proposal)).toBe(
      'Propose flag-off on shop for Q1SHOP1\n\nIncident: pd-q1shop1\nAttempt: 1\n',
    );
    expect(mergeMessage(incident)).toBe('Run the approved remediation of Q1SHOP1');
  });

  test('says on one screen what is broken, why, what will run, its undo, its risk, and how to decide', () => {
    const literals = [`readonly SHOP_FLAG_OFF_URL='${FLAG_OFF}'`, `readonly SHOP_FLAG_ON_URL='${FLAG_ON}'`];
    expect(pullBody(incident, proposal, judged)).toBe(
      [
        '**What is broken** Checkout error rate is high (service Web shop). Seen before this proposal: health was red 3 of 3 times.',
        '',
        '**Risk MEDIUM** flag.set lasts until somebody changes it back.',
        '',
        '**Why we think so** Orders fail with 500. (evidence: `alert-1`), runbook [`shop-flag`](../blob/HEAD/runbooks/shop-flag.md)',
        '',
        '**What it will do** `flag.set` on `shop`, and nothing else:',
        '```bash',
        '#!/usr/bin/env bash',
        'set -euo pipefail',
        ...literals,
        'curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_OFF_URL"',
        '```',
        '**Undo** runs by itself only when something got worse than before the fix, because the fix takes the cause away, so that its undo would bring the fault back. It would bring back the flag as it was while the fault was there:',
        '```bash',
        '#!/usr/bin/env bash',
        'set -euo pipefail',
        ...literals,
        'curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_ON_URL"',
        '```',
        '',
        '**What verification will show** `health` must be green, with every other check of `verify.yml` in this pull request, several samples each.',
        '',
        '**Policy** allow · **Confidence** 0',
        '- evidence 98: the alert matches runbook shop-flag',
        '- history 0: 0 verified successes',
        '',
        '**How to decide** Approve this pull request to run exactly these bytes. Request changes or close it to reject.',
        '',
        `Digest \`${judged.digest}\`. Any changed byte voids an approval.`,
        '<!-- vigil:pull pd-q1shop1 1 -->',
      ].join('\n'),
    );
  });

  test('says so where there is no undo, and where nobody will be asked', () => {
    const { 'undo.sh': _, ...files } = proposal.files;
    const effects = [{ kind: 'cache.purge', target: 'shop', selfRestoring: true }];
    const body = pullBody(incident, { ...proposal, files }, { ...judged, effects, lane: 'auto' });
    expect(body).toContain('**Undo** none: every effect restores itself.');
    const lasting = pullBody(incident, { ...proposal, files }, judged);
    expect(lasting).toContain('**Undo** none: what it changes stays so until somebody changes it.');
    const impossible = 'what @everyone booked <b>stays</b> booked';
    expect(pullBody(incident, { ...proposal, files, impossible }, judged)).toContain(
      '**Undo** impossible: what &commat;&zwnj;everyone booked \\<b\\>stays\\</b\\> booked\n',
    );
    expect(body).toContain('The auto lane takes this one; closing the pull request stops it.');
  });

  test('shows the beginning of a long script and says how much is missing', () => {
    const long = { ...proposal, files: { ...proposal.files, 'fix.sh': `echo ${'x'.repeat(9000)}\n` } };
    expect(pullBody(incident, long, judged)).toContain(
      '**2006 more characters are in the file. Read them there',
    );
  });
});

test('the pull request says who saw it broken, and both answers where the engines differ', () => {
  const seen: Sample = {
    ...{ check: 'order', at: 0, ms: 9, reason: '“Thank you” is missing' },
    engine: 'chromium',
    outcome: 'fail',
    overruled: { engine: 'lightpanda', outcome: 'pass', reason: null },
  };
  const reason = 'order failed 3 of 3, the engines disagreed on 3, seen by Lightpanda and Chromium';
  const incident = incidentOf([
    ...untilProposed,
    fact('remediation.rehearsed', { samples: [seen, seen, seen], reason }),
    fact('remediation.judged'),
  ]);
  const body = pullBody(
    incident,
    must(incident, 'remediation.proposed'),
    must(incident, 'remediation.judged'),
  );
  expect(body.split('\n').slice(0, 3)).toEqual([
    `**What is broken** Checkout error rate is high (service Web shop). Seen before this proposal: ${reason}.`,
    '- `order`, before this proposal: Chromium failed (“Thank you” is missing); Lightpanda passed',
    '',
  ]);
});

describe('the check on the pull request', () => {
  test('waits, and says for what', () => {
    const waiting = checkOutput(
      incidentOf([...untilProposed, fact('remediation.judged')]),
      '✗ approval: nobody reviewed',
    );
    expect(waiting).toEqual({
      title: 'Waiting for approval',
      summary: '```\n✗ approval: nobody reviewed\n```',
    });
    const again = [
      fact('remediation.withdrawn'),
      fact('remediation.proposed'),
      fact('remediation.rehearsed'),
    ];
    const anew = incidentOf([...untilProposed, ...again, fact('remediation.judged'), fact('pull.opened')]);
    expect(checkOutput(anew, '✗').summary).toBe(
      '**Asked anew** since 03:00:09 UTC: its bytes changed.\n\n```\n✗\n```',
    );
    expect(pullBody(anew, must(anew, 'remediation.proposed'), must(anew, 'remediation.judged'))).toContain(
      '**Asked anew** since 03:00:09 UTC: its bytes changed. Reviews given before that do not count.',
    );
  });

  test('names who approved, until when and which bytes', () => {
    const { title, summary } = checkOutput(incidentOf(untilMerged), '✗ auto lane');
    expect(title).toBe('Approved by a review');
    expect(summary).toBe(
      `Approved by \`olga\` until 2026-11-03T07:00:00.000Z, digest \`${'d'.repeat(64)}\`.\n\n\`\`\`\n✗ auto lane\n\`\`\``,
    );
    const two = withFacts(incidentOf(untilMerged), [fact('remediation.approved', { by: ['olga', 'otto'] })]);
    expect(checkOutput(two, '').title).toBe('Approved by 2 reviews');
    const auto = withFacts(incidentOf(untilMerged), [fact('remediation.approved', { lane: 'auto', by: [] })]);
    expect(checkOutput(auto, '').title).toBe('Approved by the auto lane');
  });
});

describe('outside text in the pull request', () => {
  const words = (most: number) => attack.slice(0, most);
  const show = (fill: (most: number) => string) => {
    const hostile = hostileIncident(fill, fact('recovery.refuted'));
    const said = must(hostile, 'remediation.proposed');
    return {
      body: pullBody(hostile, said, must(hostile, 'remediation.judged')),
      title: pullTitle(hostile, said),
      commit: commitMessage(hostile, said),
      check: checkOutput(hostile, '✗').summary,
    };
  };

  test('cannot leave its fence, its line or its code span', () => {
    const { body } = show(words);
    for (const trap of traps) expect(active(body)).not.toContain(trap);
    expect(active(body).match(/<!--.*?-->/g)).toEqual(['<!-- vigil:pull pd-q1shop1 1 -->']);
  });

  test('cannot mention, close or add a trailer from the commit message', () => {
    const { commit } = show(words);
    expect(commit).not.toMatch(/@acme|#1\b/);
    expect(commit.split('\n')).toHaveLength(5);
  });

  test.each([
    ['at its longest', (most: number) => 'x'.repeat(most)],
    ['that grows when it is made inert', (most: number) => '@#'.repeat(most / 2)],
    ['that grows in a fence', (most: number) => '##['.repeat(most / 3)],
    ['all of backticks', (most: number) => '`'.repeat(most)],
  ])('%s stays within GitHub’s limits, the marker included', (_, fill) => {
    const { body, title, check } = show(fill);
    expect(body.length).toBeLessThan(60_000);
    expect(body).toMatch(/<!-- vigil:pull pd-q1shop1 1 -->$/);
    expect(title.length).toBeLessThanOrEqual(256);
    expect(check.length).toBeLessThan(60_000);
  });
});
