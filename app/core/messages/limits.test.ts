// Every message at the longest that the ledger allows, made of what grows most when it is made safe, against the limits of the
// place that it is for. What is cut is cut between characters, escapes and fences.
import { describe, expect, test } from 'vitest';
import { hostileIncident } from '../../../test/support/hostile.ts';
import { fact, incidentOf, must, untilInvestigating, untilMerged } from '../../../test/support/incidents.ts';
import { type Block, pagerdutyNote, resolution, slackMessage } from './chat.ts';
import { reviewBody } from './confirm-answers.ts';
import { issueBody, issueLabels, issueTitle, statusComment } from './issue.ts';
import { checkOutput, commitMessage, pullBody, pullTitle } from './pull.ts';
import { explanation, impossible, unknownCommand } from './replies.ts';
import { runbookBody, runbookTitle } from './runbook.ts';
import { impossibleNow } from './slack-answers.ts';

const of = (sign: string) => (most: number) => sign.repeat(Math.floor(most / sign.length));
const fills: [string, (most: number) => string][] = [
  ['&', of('&')],
  ['<', of('<')],
  ['@', of('@')],
  ['#', of('#')],
  ['$', of('$')],
  ['`', of('`')],
  ['lines that begin with ::', of('::\n')],
  ['emoji of two units', (most) => `x${of('🔥')(most - 1)}`],
  ['flags', (most) => `x${of('🇩🇪')(most - 1)}`],
  ['accents of their own', (most) => `x${of('y\u0301\u0323')(most - 1)}`],
  ['one letter with every accent there is', (most) => `y${of('\u0301')(most - 1)}`],
  ['what nobody can see', of('\u200b')],
];
const endings = (fill: (most: number) => string) => [
  fact('recovery.refuted', { reason: fill(500) }),
  fact('recovery.refuted', { reason: fill(500), worse: fill(500) }),
  fact('incident.escalated', { reason: fill(500) }),
];
const tree = (most: number, fill: (most: number) => string): string =>
  Array.from({ length: 300 }, () => `✗ ${fill(most / 300)}`).join('\n');

/** Signs that stand alone: half an emoji, half a flag. */
const halves = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const halfFlag =
  /(?<![\u{1f1e6}-\u{1f1ff}])(?:[\u{1f1e6}-\u{1f1ff}]{2})*[\u{1f1e6}-\u{1f1ff}](?![\u{1f1e6}-\u{1f1ff}])/u;
/** An escape that was cut; addresses have `&` of their own. */
const halfEscape = /&(?!(?:amp|lt|gt|commat|zwnj|dollar);)/;

function whole(text: string, most: number): void {
  expect(text.length).toBeLessThanOrEqual(most);
  expect(text).not.toMatch(halves);
  expect(text).not.toMatch(halfFlag);
}

/** A reader of Markdown must find every fence closed. */
function closed(markdown: string): void {
  let open: string | null = null;
  for (const [fence = ''] of markdown.matchAll(/^`{3,}/gm)) {
    if (open === null) open = fence;
    else if (fence.length >= open.length) open = null;
  }
  expect(open).toBe(null);
}

function slackTakes(blocks: readonly Block[]): void {
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(blocks).length).toBeLessThanOrEqual(13_200);
  for (const block of blocks) {
    if (block.type === 'section') whole(block.text.text, 3000);
    if (block.type === 'context') for (const { text } of block.elements) whole(text, 3000);
    if (block.type === 'section') expect(block.text.text).not.toMatch(halfEscape);
    if (block.type !== 'actions') continue;
    for (const { text, value = '', url = '' } of block.elements) {
      whole(text.text, 75);
      expect(value.length).toBeLessThanOrEqual(2000);
      expect(url.length).toBeLessThanOrEqual(3000);
    }
  }
}

describe.each(fills)('the longest words, made of %s,', (_, fill) => {
  const held = { scope: 'incident' as const, by: fill(200), reason: fill(500) };
  const doors = { confirm: 'https://vigil.acme.example', interactive: true, hold: held };

  test('fit Slack, whatever the stage and whoever holds it', () => {
    const waiting = incidentOf([
      fact('incident.opened', { title: fill(500), service: { id: 'PSHOP01', name: fill(500) } }),
      ...untilMerged
        .slice(1, -2)
        .map((one) =>
          one.type === 'remediation.proposed'
            ? fact('remediation.proposed', { kind: fill(500), target: fill(500) })
            : one,
        ),
    ]);
    for (const incident of [waiting, ...endings(fill).map((ending) => hostileIncident(fill, ending))]) {
      const { text, blocks } = slackMessage(incident, doors);
      whole(text, 4000);
      slackTakes(blocks);
    }
    whole(impossibleNow(fill(20_000)), 3000);
  });

  test('fit PagerDuty, and the marker of the note is whole', () => {
    for (const ending of endings(fill)) {
      const incident = hostileIncident(fill, ending);
      whole(pagerdutyNote(incident), 20_000);
      expect(pagerdutyNote(incident)).toMatch(/\[vigil:pd-q1shop1#1\]$/);
      whole(resolution(incident), 1000);
    }
  });

  test('fit GitHub: titles, bodies, comments, labels and checks', () => {
    for (const ending of endings(fill)) {
      const incident = hostileIncident(fill, ending);
      const proposal = must(incident, 'remediation.proposed');
      const judged = must(incident, 'remediation.judged');
      for (const title of [
        issueTitle(incident),
        pullTitle(incident, proposal),
        runbookTitle(incident, proposal),
      ])
        whole(title, 256);
      for (const body of [
        issueBody(incident),
        statusComment(incident),
        pullBody(incident, proposal, judged),
        runbookBody(incident, proposal, ['fix', 'undo']),
        explanation(incident, tree(300_000, fill)),
        impossible(fill(20_000)),
        unknownCommand(fill(2000)),
      ]) {
        whole(body, 65_536);
        closed(body);
      }
      for (const label of issueLabels(incident, [])) expect(label.length).toBeLessThanOrEqual(50);
      const check = checkOutput(incident, tree(300_000, fill), doors.confirm);
      whole(check.title, 255);
      whole(check.summary, 65_535);
      closed(check.summary);
      whole(commitMessage(incident, proposal), 2000);
      whole(reviewBody('changes', fill(5000), judged.digest), 65_536);
    }
  });
});

test('a decision of 300,000 signs is shown from its beginning, and where the rest is', () => {
  const incident = incidentOf(untilMerged.slice(0, -2));
  const long = Array.from({ length: 6000 }, (_, line) => `✗ condition ${line} is not met, for a reason`).join(
    '\n',
  );
  const answer = explanation(incident, long);
  expect(answer).toContain('✗ condition 0 is not met');
  expect(answer).toMatch(
    /\n```\n\*\*\d+ more characters are left out here; `vigil explain` prints all of them\.\*\*$/,
  );
});

test('an address without an end takes nobody’s room: it is left out', () => {
  const url = `https://acme.pagerduty.com/?${'&'.repeat(5000)}`;
  const incident = incidentOf([
    fact('incident.opened', { pagerduty: { id: 'Q1SHOP1', number: 1, url } }),
    fact('issue.opened', { number: 12, url: `${url}#1` }),
    ...untilMerged.slice(2, -4),
    fact('remediation.judged'),
    fact('pull.opened', { url }),
  ]);
  slackTakes(slackMessage(incident, { confirm: null, interactive: true, hold: null }).blocks);
  whole(issueBody(incident), 65_536);
  const ended = incidentOf([
    ...untilInvestigating.slice(0, 1),
    fact('issue.opened', { number: 12, url }),
    fact('incident.escalated'),
  ]);
  whole(pagerdutyNote(ended), 20_000);
  whole(resolution(ended), 1000);
  expect(resolution(ended)).not.toContain('http');
});

describe('a title that nobody can see', () => {
  test.each(['', ' ', '\t\n', '\u200b', '\u2800'])('%j has a word in its place everywhere', (blank) => {
    const opened = fact('incident.opened', { title: blank, service: { id: 'PSHOP01', name: blank } });
    const waiting = incidentOf([opened, ...untilMerged.slice(1, -2)]);
    const ended = incidentOf([opened, ...untilInvestigating.slice(1), fact('incident.escalated')]);
    expect(slackMessage(ended).text).toBe('A person is needed: PSHOP01');
    expect(JSON.stringify(slackMessage(waiting).blocks)).toContain('an alert without a title');
    expect(issueTitle(waiting)).toBe('[high] PSHOP01: an alert without a title (Q1SHOP1)');
    expect(issueBody(waiting)).toContain('**Service** PSHOP01 ·');
    const [proposal, judged] = [must(waiting, 'remediation.proposed'), must(waiting, 'remediation.judged')];
    expect(pullBody(waiting, proposal, judged)).toContain(
      '**What is broken** an alert without a title (service PSHOP01).',
    );
    const nameless = incidentOf([
      fact('incident.opened', { title: blank, urgency: blank, service: { id: blank, name: blank } }),
      ...untilInvestigating.slice(1),
    ]);
    expect(issueTitle(nameless)).toBe('[unknown] a service without a name (Q1SHOP1)');
  });
});
