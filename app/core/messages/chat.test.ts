// What people read in Slack and PagerDuty, whole; and what outside text can and cannot do there.
import { describe, expect, test } from 'vitest';
import { attack, hostileIncident } from '../../../test/support/hostile.ts';
import {
  fact,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilSynthesizing,
  untilVerifying,
} from '../../../test/support/incidents.ts';
import { noteMarker, pagerdutyNote, resolution, type SlackMessage, slackMessage } from './chat.ts';

const waiting = incidentOf(untilMerged.slice(0, -2));
const healed = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
const given = incidentOf([...untilSynthesizing, fact('incident.escalated')]);
const texts = (message: SlackMessage) =>
  message.blocks.flatMap((block) => {
    if (block.type === 'section') return [block.text.text];
    return block.type === 'context' ? block.elements.map(({ text }) => text) : [];
  });
const buttonsOf = (message: SlackMessage) =>
  message.blocks.flatMap((block) => (block.type === 'actions' ? block.elements : []));
const doors = { confirm: 'https://vigil.acme.example', interactive: true, hold: null };
const hold = { scope: 'incident' as const, by: 'slack:U0RILEY', reason: '<!here> wait' };

describe('Slack', () => {
  test('is asked for approval with what is proposed, its risk and all links', () => {
    expect(slackMessage(waiting)).toEqual({
      text: 'Approval needed: Web shop',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: '*Approval needed: Web shop*\nCheckout error rate is high\nProposed: `purge-cache` on `shop`. Risk LOW, confidence 90.',
          },
        },
        {
          type: 'context',
          elements: [
            {
              type: 'mrkdwn',
              text: '<https://github.com/acme/production/issues/12|Issue #12> · <https://github.com/acme/production/pull/13|Pull request #13> · <https://acme.pagerduty.com/incidents/Q1SHOP1|PagerDuty Q1SHOP1> · digest `dddddddddddd`',
            },
          ],
        },
        {
          type: 'actions',
          block_id: 'vigil',
          elements: [
            {
              type: 'button',
              text: { type: 'plain_text', text: 'Approve' },
              action_id: 'vigil_approve',
              style: 'primary',
              url: 'https://github.com/acme/production/pull/13',
            },
          ],
        },
      ],
    });
  });

  test('leads to the confirm page for exactly these bytes, and offers to reject and to hold', () => {
    const elements = buttonsOf(slackMessage(waiting, doors));
    expect(elements.map(({ text }) => text.text)).toEqual(['Approve', 'Reject', 'Hold']);
    expect(elements[0]?.url).toBe(
      `https://vigil.acme.example/confirm/pd-q1shop1?head=${'a'.repeat(40)}&digest=${'d'.repeat(64)}`,
    );
    expect(elements[1]).toMatchObject({
      style: 'danger',
      value: `pd-q1shop1 1 ${'a'.repeat(40)}`,
      confirm: { confirm: { text: 'Reject' } },
    });
  });

  test('says who holds it, and has no second Hold then', () => {
    const message = slackMessage(waiting, { ...doors, hold });
    expect(texts(message)[0]).toMatch(
      /\n\*On hold\* by slack:U0RILEY: &lt;!here&gt; wait\. `\/vigil release`/,
    );
    expect(buttonsOf(message).map(({ text }) => text.text)).toEqual(['Approve', 'Reject']);
  });

  test('can be stopped after the approval, until the script starts; then the buttons are gone', () => {
    const approved = slackMessage(incidentOf(untilMerged), doors);
    expect(buttonsOf(approved).map(({ text }) => text.text)).toEqual(['Reject', 'Hold']);
    for (const decided of [incidentOf(untilVerifying), healed, given])
      expect(buttonsOf(slackMessage(decided, doors))).toEqual([]);
  });

  test.each([
    ['Healing: Web shop', incidentOf(untilMerged)],
    ['Resolved: Web shop', healed],
    ['A person is needed: Web shop', given],
  ])('reads %s', (headline, incident) => {
    expect(slackMessage(incident).text).toBe(headline);
  });

  test('is told in one sentence how it ended', () => {
    expect(texts(slackMessage(given))[0]).toBe(
      '*A person is needed: Web shop*\nNo runbook fits, and Vigil does not invent one. no runbook matches this incident',
    );
  });

  test('pings nobody, whatever the alert says', () => {
    const hostile = hostileIncident(
      (most) => attack.slice(0, most),
      fact('recovery.refuted', { reason: attack.slice(0, 500) }),
    );
    for (const incident of [
      hostile,
      incidentOf([fact('incident.opened', { title: attack.slice(0, 500) })]),
    ]) {
      const all = [slackMessage(incident).text, ...texts(slackMessage(incident))].join('\n');
      const words = all.replace(/<https:\/\/(github|acme\.pagerduty)\.com[^|>]*\|/g, '');
      expect(words).not.toMatch(/<|@here|@channel/);
    }
  });

  test('gets no second link out of an address', () => {
    const url = 'https://acme.pagerduty.com/x?a=<!channel>|b';
    const incident = incidentOf([
      fact('incident.opened', { pagerduty: { id: 'Q1SHOP1', number: 42, url } }),
      ...untilInvestigating.slice(1),
    ]);
    expect(texts(slackMessage(incident))[1]).toBe(
      '<https://github.com/acme/production/issues/12|Issue #12> · <https://acme.pagerduty.com/x?a=%3C!channel%3E%7Cb|PagerDuty Q1SHOP1>',
    );
  });
});

describe('PagerDuty', () => {
  test('gets a note with the outcome, the links and a marker', () => {
    expect(pagerdutyNote(healed)).toBe(
      [
        'Vigil: RESOLVED. The fix ran and the service works again: health was green 10 of 10 times.',
        'https://github.com/acme/production/issues/12 https://github.com/acme/production/pull/13',
        '[vigil:pd-q1shop1#1]',
      ].join('\n'),
    );
    expect(noteMarker(healed)).toBe('vigil:pd-q1shop1#1');
  });

  test('gets a resolution that says what healed it', () => {
    expect(resolution(healed)).toBe(
      'The fix ran and the service works again: health was green 10 of 10 times. https://github.com/acme/production/issues/12',
    );
  });
});

describe('the longest words the ledger allows', () => {
  test.each([
    ['x', (most: number) => 'x'.repeat(most)],
    ['&, which Slack wants escaped', (most: number) => '&'.repeat(most)],
    ['`', (most: number) => '`'.repeat(most)],
  ])('made of %s fit Slack and PagerDuty', (_, fill) => {
    for (const ending of [
      fact('recovery.refuted', { reason: fill(500) }),
      fact('incident.escalated', { reason: fill(500) }),
    ]) {
      const incident = hostileIncident(fill, ending);
      const message = slackMessage(incident);
      for (const text of texts(message)) expect(text.length).toBeLessThanOrEqual(3000);
      for (const text of texts(message)) expect(text).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(pagerdutyNote(incident).length).toBeLessThanOrEqual(20_000);
      expect(pagerdutyNote(incident)).toMatch(/\[vigil:pd-q1shop1#1\]$/);
      expect(resolution(incident).length).toBeLessThanOrEqual(1000);
    }
  });
});
