// What people see of the looks: before and after side by side, by whose eyes, where the engines disagreed, and what the page said.
import { describe, expect, test } from 'vitest';
import { settleEngines } from '#core/verification/engines';
import type { Sample } from '#core/verification/plan';
import { active, attack, traps } from '../../../test/support/hostile.ts';
import { fact, incidentOf, untilVerifying } from '../../../test/support/incidents.ts';
import { statusComment } from './issue.ts';
import { beforeAfter, lookLine, looksOf, summaryOf, tornIn } from './looks.ts';

type Outcome = Sample['outcome'];
const see = (engine: 'lightpanda' | 'chromium', outcome: Outcome, why: string) => ({
  engine,
  outcome,
  reason: outcome === 'pass' ? null : why,
});
const sample = (sight: ReturnType<typeof settleEngines>, ms = 100, check = 'shop'): Sample => ({
  ...{ check, at: Date.parse('2026-11-03T03:00:12Z'), ms },
  ...sight,
});
const CSP = 'it does not enforce the content security policy of this page';
const both = (outcome: Outcome) =>
  settleEngines(see('lightpanda', outcome, 'sorry'), see('chromium', outcome, 'the page answered 503'));
const torn = settleEngines(see('lightpanda', 'pass', ''), see('chromium', 'fail', '“Thank you” is missing'));
const csp = settleEngines(
  see('lightpanda', 'inconclusive', `Lightpanda cannot judge this: ${CSP}`),
  see('chromium', 'pass', ''),
);
const alone = settleEngines(null, see('chromium', 'pass', ''));
const accepted = settleEngines(see('lightpanda', 'pass', ''), null, true);
const http = { engine: 'http', outcome: 'fail', reason: 'it answered 500', overruled: null } as const;

describe('before and after', () => {
  test('stand side by side, with the eyes that saw each, and both answers where they differ', () => {
    const before = [
      ...[sample(both('fail'), 80), sample(torn, 300), sample(torn, 90)],
      sample({ ...http }, 12, 'api'),
    ];
    const after = [
      ...[sample(csp, 120), sample(csp, 130)],
      sample({ ...http, outcome: 'pass', reason: null }, 9, 'api'),
    ];
    expect(beforeAfter(before, after)).toEqual([
      '| check | before the run | after it |',
      '| --- | --- | --- |',
      '| `shop` | failed 3 of 3, median 90 ms, Lightpanda and Chromium | passed 2 of 2, median 120 ms, Chromium alone |',
      '| `api` | failed 1 of 1, 12 ms | passed 1 of 1, 9 ms |',
      '',
      '- `shop`, before the run: Chromium failed (“Thank you” is missing); Lightpanda passed',
      `- \`shop\`: Lightpanda could not judge it: ${CSP}`,
    ]);
  });

  test('say when one engine looked alone, what saw nothing, and what a burst counted', () => {
    const lost = settleEngines(null, see('chromium', 'inconclusive', 'the browser was lost'));
    expect(
      beforeAfter(
        [sample(alone), sample(lost)],
        [sample(accepted), { ...sample(alone, 900, 'buy'), counts: { failing: 3, of: 50 } }],
      ),
    ).toEqual([
      '| check | before the run | after it |',
      '| --- | --- | --- |',
      '| `shop` | passed 1 of 2, saw nothing 1 of 2, median 100 ms, Chromium alone | passed 1 of 1, 100 ms, Lightpanda alone (accepted by vigil.yml) |',
      '| `buy` | not looked at | passed 1 of 1, 3 of 50 failed, 900 ms, Chromium alone |',
    ]);
  });

  test('say once for all checks why Lightpanda had no answer', () => {
    const six = ['a', 'b', 'c', 'd', 'e', 'f'].map((check) => sample(csp, 1, check));
    expect(beforeAfter(six, [...six, ...six]).slice(8)).toEqual([
      '',
      `- \`a\`, \`b\`, \`c\`, \`d\`, \`e\` and 1 more: Lightpanda could not judge it: ${CSP}`,
    ]);
  });

  test('of checks and answers without end stay short', () => {
    const many = Array.from({ length: 200 }, (_, at) => sample({ ...torn, reason: `no ${at}` }, 1, `c${at}`));
    const lines = beforeAfter(many, []);
    expect(lines.length).toBe(2 + 20 + 1 + 1 + 5 + 1);
    expect([lines[22], lines.at(-1)]).toEqual(['| and 180 more | | |', '- and 195 more']);
    expect(tornIn([])).toEqual([]);
    expect(beforeAfter([], [])).toEqual([]);
  });
});

test('a line of the log says the same of one look', () => {
  const line = (sight: ReturnType<typeof settleEngines>) => lookLine(sample(sight), (text) => text);
  expect([both('pass'), both('fail'), torn, csp, alone, accepted].map(line)).toEqual([
    'shop pass (Lightpanda and Chromium, 100 ms)',
    'shop fail (Lightpanda and Chromium, 100 ms): the page answered 503',
    'shop fail (Lightpanda and Chromium, 100 ms): Chromium failed (“Thank you” is missing); Lightpanda passed',
    `shop pass (Chromium alone, 100 ms): Lightpanda could not judge it: ${CSP}`,
    'shop pass (Chromium alone, 100 ms)',
    'shop pass (Lightpanda alone (accepted by vigil.yml), 100 ms)',
  ]);
  expect(lookLine(sample({ ...http }), () => '[redacted]')).toBe('shop fail (HTTP, 100 ms): [redacted]');
});

test('the job’s own page begins with how it ended', () => {
  const seen = { verdict: 'confirmed', reason: 'shop passed 1', samples: [sample(alone)] };
  expect(summaryOf(seen, [sample(both('fail'))])).toBe(
    [
      '**confirmed** shop passed 1',
      '',
      '| check | before the run | after it |',
      '| --- | --- | --- |',
      '| `shop` | failed 1 of 1, 100 ms, Lightpanda and Chromium | passed 1 of 1, 100 ms, Chromium alone |',
      '',
    ].join('\n'),
  );
});

describe('an incident', () => {
  const page = (outcome: 'pass' | 'fail', text: string) => ({
    ...{ check: 'shop', at: Date.parse('2026-11-03T03:00:12Z') },
    ...{ outcome, text },
  });
  const ended = (red: string, green: string) =>
    incidentOf([
      ...untilVerifying.map((one) =>
        one.type === 'remediation.started'
          ? fact('remediation.started', { samples: [sample(both('fail'))], pages: [page('fail', red)] })
          : one,
      ),
      fact('recovery.confirmed', {
        samples: [sample(both('pass'))],
        pages: [page('fail', 'not yet'), page('pass', green)],
      }),
    ]);

  test('shows what the page said at the first red look and at the last green one, folded', () => {
    expect(looksOf(ended('Sorry\nCome back later', 'Blue shirt\nAdd to cart'))).toEqual([
      '| check | before the run | after it |',
      '| --- | --- | --- |',
      '| `shop` | failed 1 of 1, 100 ms, Lightpanda and Chromium | passed 1 of 1, 100 ms, Lightpanda and Chromium |',
      '',
      '<details><summary>What the page said at the first look that failed: shop, 03:00:12 UTC</summary>',
      '',
      '```text\nSorry\nCome back later\n```',
      '',
      '</details>',
      '',
      '<details><summary>What the page said at the last look that passed: shop, 03:00:12 UTC</summary>',
      '',
      '```text\nBlue shirt\nAdd to cart\n```',
      '',
      '</details>',
      '',
    ]);
  });

  test('shows nothing while it is being verified', () => {
    expect(looksOf(incidentOf(untilVerifying))).toEqual([]);
  });

  test('does not let a page out of its fence, nor write a comment without end', () => {
    const hostile = statusComment(ended(`\`\`\`\n</details>${attack}`.slice(0, 4000), '`'.repeat(4000)));
    for (const trap of traps) expect(active(hostile)).not.toContain(trap);
    expect(statusComment(ended('&'.repeat(4000), '🔥'.repeat(2000))).length).toBeLessThan(12_000);
  });
});
