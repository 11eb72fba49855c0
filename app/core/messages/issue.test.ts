// The issue of an incident, as a person would read it, whole; and what outside text can and cannot do to it.
import { describe, expect, test } from 'vitest';
import { active, attack, hostileIncident, traps } from '../../../test/support/hostile.ts';
import {
  fact,
  incidentOf,
  KEY,
  untilInvestigating,
  untilMerged,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { isOwnLine, issueBody, issueLabels, issueTitle, issueTitles, statusComment } from './issue.ts';

const healed = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
/** GitHub takes 65,536 characters; some room is left for its own. */
const MOST = 60_000;

describe('the issue', () => {
  test('says nothing of the alert’s own words before evidence was redacted', () => {
    const incident = incidentOf([fact('incident.opened', { priority: 'P1' })]);
    expect(issueTitle(incident)).toBe('[P1] Web shop (Q1SHOP1)');
    expect(issueBody(incident)).toBe(
      [
        '**Service** Web shop · **Urgency** high · **PagerDuty** [Q1SHOP1](https://acme.pagerduty.com/incidents/Q1SHOP1)',
        '',
        'This issue follows the incident; the ledger branch `vigil/ledger` is the record. `vigil audit` proves it.',
        '<!-- vigil:issue pd-q1shop1 -->',
      ].join('\n'),
    );
  });

  test('names what the memory holds beside main, for people only', () => {
    const documents = [{ id: 'runbook-x', title: 'Ask @everyone first', because: 'it is not on main' }];
    const incident = incidentOf([
      ...untilInvestigating,
      fact('evidence.gathered'),
      fact('hypothesis.received'),
      fact('context.retrieved', { documents }),
    ]);
    const body = issueBody(incident);
    expect(body).toContain('(it is not on main). Vigil acts on none of these.');
    expect(body).not.toContain('@everyone');
  });

  test('of a healed incident is this', () => {
    expect(issueTitle(healed)).toBe('[high] Web shop: Checkout error rate is high (Q1SHOP1)');
    expect(issueBody(healed)).toBe(
      [
        '**Service** Web shop · **Urgency** high · **PagerDuty** [Q1SHOP1](https://acme.pagerduty.com/incidents/Q1SHOP1)',
        '',
        '**What is known** Orders fail with 500.',
        '',
        '**Proposed remediation** #13: a review of that pull request decides.',
        '',
        'This issue follows the incident; the ledger branch `vigil/ledger` is the record. `vigil audit` proves it.',
        '<!-- vigil:issue pd-q1shop1 -->',
      ].join('\n'),
    );
  });

  test('has only lines that are known as Vigil’s own, whatever it says', () => {
    const documents = [{ id: 'runbook-x', title: 'x', because: 'y' }];
    const all = [
      incidentOf([fact('incident.opened', { sample: true }), ...untilInvestigating.slice(1)]),
      ...[healed, incidentOf(untilMerged.slice(0, -2))],
      incidentOf([
        ...untilInvestigating,
        fact('evidence.gathered'),
        fact('hypothesis.received'),
        fact('context.retrieved', { documents }),
      ]),
      hostileIncident((most) => attack.slice(0, most), fact('incident.escalated')),
    ];
    for (const incident of all)
      for (const line of issueBody(incident, 'https://vigil.acme.example/confirm/x', true).split('\n'))
        expect(line === '' || isOwnLine(line), line).toBe(true);
    expect(['Bridge 4711.', '**Important** read this', '- one', '> quote', '# Title'].some(isOwnLine)).toBe(
      false,
    );
  });

  test('leads to the confirm page while it waits for people, and no longer', () => {
    const waiting = incidentOf(untilMerged.slice(0, -2));
    const page = 'https://vigil.acme.example/confirm/pd-q1shop1?head=a&digest=d';
    expect(issueBody(waiting, page)).toContain(
      '#13: a review of that pull request decides. [Read and approve](https://vigil.acme.example/confirm/pd-q1shop1?head=a&amp;digest=d) on one page.',
    );
    expect(issueBody(waiting, null)).not.toContain('Read and approve');
    expect(issueBody(healed, page)).not.toContain('Read and approve');
  });

  test('of sample history says so', () => {
    expect(issueBody(incidentOf([fact('incident.opened', { sample: true })]))).toContain('_Sample history');
  });

  test('has one label for its stage and keeps the labels people gave it', () => {
    expect(issueLabels(healed, ['team:shop', 'vigil:verifying'])).toEqual(['team:shop', 'vigil:resolved']);
    expect(issueLabels(incidentOf(untilInvestigating), [])).toEqual(['vigil:investigating']);
    const own = ['vigil:important', 'vigil:triggered', 'vigil'];
    expect(issueLabels(healed, own)).toEqual(['vigil', 'vigil:important', 'vigil:resolved']);
  });

  test('knows every title that Vigil gave it, as the alert was called by and by', () => {
    const renamed = incidentOf([
      fact('incident.opened', { title: 'withheld', withheld: true }),
      fact('issue.opened'),
      fact('alert.described', { title: 'Checkout fails' }),
      fact('alert.described', { title: 'Checkout fails for everybody' }),
    ]);
    expect(issueTitles(renamed)).toEqual([
      '[high] Web shop (Q1SHOP1)',
      '[high] Web shop: Checkout fails (Q1SHOP1)',
      '[high] Web shop: Checkout fails for everybody (Q1SHOP1)',
    ]);
    expect(issueTitles(renamed)).toContain(issueTitle(renamed));
  });

  test('has a title that reads as the alert was written, since titles are not Markdown', () => {
    const incident = incidentOf([
      fact('incident.opened', { title: 'p99_latency > 2s\non `checkout` *now*' }),
      ...untilInvestigating.slice(1),
      fact('evidence.gathered'),
    ]);
    expect(issueTitle(incident)).toBe('[high] Web shop: p99_latency > 2s on `checkout` *now* (Q1SHOP1)');
  });
});

describe('the status comment', () => {
  test('of a healed incident is this', () => {
    expect(statusComment(healed)).toBe(
      [
        '**RESOLVED.** The fix ran and the service works again: health was green 10 of 10 times.',
        '',
        '| time | after | stage | |',
        '| --- | ---: | --- | --- |',
        '| 03:00:00 UTC | 0.0 s | `TRIGGERED` | The alert was heard. |',
        '| 03:00:02 UTC | 2.0 s | `INVESTIGATING` | Evidence is being gathered. |',
        '| 03:00:04 UTC | 4.0 s | `HYPOTHESIS_RECEIVED` | There is a first explanation. |',
        '| 03:00:05 UTC | 5.0 s | `CONTEXT_RETRIEVED` | Runbooks were compared. |',
        '| 03:00:06 UTC | 6.0 s | `SYNTHESIZING` | A remediation is being prepared, rehearsed and approved. |',
        '| 03:00:13 UTC | 13 s | `EXECUTING` | The approved script is running. |',
        '| 03:00:14 UTC | 14 s | `VERIFYING` | Vigil is checking that users can use the service again. |',
        '| 03:00:15 UTC | 15 s | `RESOLVED` | It is over. |',
        '',
        'Evidence: pagerduty: Checkout 5xx. Missing: Datadog (not configured)',
        '',
        `Approved by \`olga\`, digest \`${'d'.repeat(64)}\``,
        '',
        'Ran in workspace `vigil-pd-q1shop1-1`: succeeded, exit code 0, 1.5 s',
        '',
        '| check | before the run | after it |',
        '| --- | --- | --- |',
        '| `health` | failed 1 of 1, 12 ms | not looked at |',
        '',
        `Ledger: record 16, head \`${healed.head}\``,
        '<!-- vigil:status pd-q1shop1 -->',
      ].join('\n'),
    );
  });

  test('says who approved without people: the auto lane', () => {
    const auto = incidentOf([
      ...untilVerifying.slice(0, -4),
      fact('remediation.approved', { lane: 'auto', by: [] }),
    ]);
    expect(statusComment(auto)).toContain('Approved by the auto lane, digest');
    expect(statusComment(auto)).toMatch(/^\*\*SYNTHESIZING\.\*\* A remediation is being prepared/);
  });

  test('tells what an undo did', () => {
    const undone = incidentOf([
      ...untilVerifying,
      fact('recovery.refuted'),
      fact('undo.started'),
      fact('undo.finished'),
    ]);
    expect(statusComment(undone)).toMatch(
      /^\*\*ESCALATED\.\*\* The fix ran and did not help: health was red 4 of 10 times\. The undo ran\.\n/,
    );
  });

  test('of an incident that came back a hundred times still fits', () => {
    let incident = healed;
    for (let again = 0; again < 100; again++)
      incident = withFacts(incident, [fact('incident.reopened'), fact('incident.escalated')]);
    expect(statusComment(incident).length).toBeLessThan(MOST);
    expect(statusComment(incident)).toContain(`<!-- vigil:status ${KEY} -->`);
  });
});

describe('outside text on the issue', () => {
  const words = (most: number) => attack.slice(0, most);
  const hostile = hostileIncident(words, fact('recovery.refuted', { reason: attack.slice(0, 500) }));
  const shown = [issueBody(hostile), statusComment(hostile)];

  test.each(traps)('leaves no %j that anything would act on', (trap) => {
    for (const text of shown) expect(active(text)).not.toContain(trap);
  });

  test('cannot write a marker of another incident', () => {
    expect(shown.map((text) => text.match(/<!--.*?-->/g))).toEqual([
      ['<!-- vigil:issue pd-q1shop1 -->'],
      ['<!-- vigil:status pd-q1shop1 -->'],
    ]);
  });

  test('adds no row to the table of stages', () => {
    const rows = (text: string) => text.split('\n').filter((line) => line.startsWith('|')).length;
    expect(rows(statusComment(hostile))).toBe(rows(statusComment(healed)));
  });

  test.each([
    ['at its longest', (most: number) => 'x'.repeat(most)],
    ['that grows when it is made inert', (most: number) => '@#'.repeat(most / 2)],
  ])('%s stays within GitHub’s limits, markers and title included', (_, fill) => {
    const long = hostileIncident(fill, fact('recovery.refuted', { reason: fill(500) }));
    expect(issueBody(long).length).toBeLessThan(MOST);
    expect(statusComment(long).length).toBeLessThan(MOST);
    expect(issueBody(long)).toMatch(/<!-- vigil:issue pd-q1shop1 -->$/);
    expect(statusComment(long)).toMatch(/<!-- vigil:status pd-q1shop1 -->$/);
    expect(issueTitle(long).length).toBeLessThanOrEqual(256);
    expect(issueTitle(long)).not.toContain('\n');
  });
});
