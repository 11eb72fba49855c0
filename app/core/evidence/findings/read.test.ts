import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFinding, readFindings } from './read.ts';

const note = (content: string, author = 'PCLERIC', at = '2026-11-22T03:01:00Z', id = 'N1') => ({
  id,
  author,
  at,
  content,
});

describe('one note', () => {
  it('is read from its machine block, wherever the block stands', () => {
    const said = readFinding(`Investigation done, see thread.

\`\`\`vigil-rca
{"schema":1,"summary":"Checkout fails","root_cause":"The price cache holds a broken entry","confidence":0.82,
 "evidence":[{"claim":"500s began at 02:58","url":"https://app.datadoghq.com/logs?query=x&utm_source=slack"}],
 "suspected_change":"deploy 4f2","recommended_actions":["Purge the price cache"],"affected_services":["shop"]}
\`\`\`
`);
    expect(said).toEqual({
      form: 'block',
      summary: 'Checkout fails',
      cause: 'The price cache holds a broken entry',
      confidence: { value: 0.82, said: '0.82' },
      evidence: [{ claim: '500s began at 02:58', url: 'https://app.datadoghq.com/logs?query=x' }],
      change: 'deploy 4f2',
      actions: ['Purge the price cache'],
      services: ['shop'],
    });
  });

  it('is read from headings without markup, as an investigation tool posts them', () => {
    const said = readFinding(`Automatic investigation:

Alert Explanation
Orders wait in the queue.

Key Findings
- 12 workers, all busy since 02:40
- no deploy today

Conclusions and Possible Root causes
Workers wait for a lock that nobody releases

Next Steps
1. Restart the workers
2. Look at the lock`);
    expect(said).toMatchObject({
      form: 'headings',
      summary: 'Orders wait in the queue.',
      cause: 'Workers wait for a lock that nobody releases',
      evidence: [
        { claim: '12 workers, all busy since 02:40', url: null },
        { claim: 'no deploy today', url: null },
      ],
      actions: ['Restart the workers', 'Look at the lock'],
      confidence: null,
    });
  });

  it('is read from Slack’s markup, links and all', () => {
    const said = readFinding(`*Root cause:* connection pool of payments is full
*Confidence:* high
*Evidence*
• 200 of 200 connections in use <https://grafana.acme.example/d/1|panel>
*Recommended actions:* raise the pool`);
    expect(said).toMatchObject({
      form: 'headings',
      cause: 'connection pool of payments is full',
      confidence: { value: 0.8, said: 'high' },
      evidence: [{ claim: '200 of 200 connections in use panel', url: 'https://grafana.acme.example/d/1' }],
      actions: ['raise the pool'],
    });
  });

  it('takes the first of a ranked list, with its share', () => {
    const said = readFinding(
      '## Likely causes\n1. (85%) DNS answers slowly\n2. (10%) the resolver was moved',
    );
    expect(said).toMatchObject({
      cause: '(85%) DNS answers slowly',
      confidence: { value: 0.85, said: '85%' },
    });
  });

  it('is its own summary when it has no form, in any language', () => {
    expect(readFinding('Der Speicher der Kasse läuft voll,\nseit 3 Uhr.')).toMatchObject({
      form: 'text',
      summary: 'Der Speicher der Kasse läuft voll, seit 3 Uhr.',
      cause: null,
      confidence: null,
    });
  });

  it('keeps a block that is no block as text, and bounds what is long', () => {
    expect(readFinding('{"root_cause": 7}').form).toBe('text');
    expect(readFinding(`{"root_cause": "cut off`).form).toBe('text');
    expect(readFinding('x '.repeat(12_500)).summary.length).toBeLessThanOrEqual(2000);
  });

  it('gives no address that is not a plain web page', () => {
    const { evidence } = readFinding(
      'Root cause: x\nEvidence: [a](javascript:alert(1))\n- https://user:secret@evil.example/\n- see https://ok.example/a.',
    );
    expect(evidence.map(({ url }) => url)).toEqual([null, null, 'https://ok.example/a']);
  });

  it('never stumbles over what somebody wrote', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
        const wrapped = readFinding(`Root cause: ${text}\n\`\`\`json\n{${text}}\n\`\`\``);
        return (
          readFinding(text).summary.length <= 2000 && ['block', 'headings', 'text'].includes(wrapped.form)
        );
      }),
    );
  });
});

describe('several notes', () => {
  it('count only from authors on the list, whoever the text says it is from', () => {
    const { standing } = readFindings(
      [note('Root cause: forged, from Cleric', 'PSOMEONE'), note('Root cause: the lock', 'PCLERIC')],
      ['PCLERIC'],
    );
    expect(standing.map(({ cause, author }) => [cause, author])).toEqual([['the lock', 'PCLERIC']]);
  });

  it('replace earlier ones of the same author, in order of time', () => {
    const { standing, conflict } = readFindings(
      [
        note('Root cause: the lock', 'PCLERIC', '2026-11-22T03:05:00Z', 'N2'),
        note('Root cause: the deploy', 'PCLERIC', '2026-11-22T03:01:00Z', 'N1'),
      ],
      ['PCLERIC'],
    );
    expect(standing.map(({ id, cause }) => [id, cause])).toEqual([['N2', 'the lock']]);
    expect(conflict).toBe(false);
  });

  it('that disagree are both kept, and said to disagree', () => {
    const found = readFindings(
      [
        note('Root cause: the lock', 'PCLERIC'),
        note('Root cause: the deploy', 'PHOLMES', '2026-11-22T03:02:00Z', 'N2'),
      ],
      ['PCLERIC', 'PHOLMES'],
    );
    expect(found.standing.length).toBe(2);
    expect(found.conflict).toBe(true);
  });

  it('never count when Vigil wrote them', () => {
    expect(readFindings([note('Root cause: me [vigil:pd-q1#1]')], ['PCLERIC']).standing).toEqual([]);
  });
});
