// What telling people came to, as the ledger has it: who refuses, who has not answered for long, and what is said of it where.
import { describe, expect, test } from 'vitest';
import type { Fact } from '#core/ledger/facts';
import type { Incident } from '#core/ledger/replay';
import { slackMessage } from '#core/messages/chat';
import { issueBody, statusComment } from '#core/messages/issue';
import {
  fact,
  incidentOf,
  untilInvestigating,
  untilMerged,
  untilVerifying,
  withFacts,
} from '../../../test/support/incidents.ts';
import { dueEffects } from './due.ts';

const claimed = (effect: string, owner = 'one@b1'): Fact => fact('effect.claimed', { effect, owner });
const done = (effect: string, result = 'ok'): Fact => fact('effect.done', { effect, result });
const failed = (effect: string, final: boolean, reason = 'PagerDuty answered 503: it is not well'): Fact =>
  fact('effect.failed', { effect, reason, final });
const failing = (effect: string, times: number): Fact[] =>
  Array.from({ length: times }, () => [claimed(effect), failed(effect, false)]).flat();
const names = (incident: Incident): string[] => dueEffects(incident).map(({ name }) => name);
const healed = incidentOf([...untilVerifying, fact('recovery.confirmed')]);
const told = (incident: Incident): Incident =>
  withFacts(incident, [
    ...[
      done('issue.propose#1'),
      done('issue.execute#1'),
      claimed('slack.post#1'),
      done('slack.post#1', '1.000001'),
    ],
    done('slack.update#1', '1.000001'),
  ]);

describe('PagerDuty is away at the end', () => {
  test('for a moment: the issue waits for it', () => {
    const away = withFacts(told(healed), failing('pagerduty.note#1', 7));
    expect(names(away)).toEqual(['pagerduty.note#1']);
    expect(statusComment(away)).not.toContain('PagerDuty has not');
  });

  test('for minutes: the issue is told and closed all the same, and says since when it is owed', () => {
    const away = withFacts(told(healed), failing('pagerduty.note#1', 8));
    expect(names(away)).toEqual(['pagerduty.note#1', 'issue.close#1']);
    const first = away.records.find(({ type }) => type === 'effect.failed')?.at.slice(11, 19);
    expect(statusComment(away)).toContain(
      `PagerDuty has not taken what it is owed since ${first} UTC. Vigil goes on trying. The page may still be triggered.`,
    );
  });

  test('and comes back: what was owed is done, and the issue says it no longer', () => {
    const away = withFacts(told(healed), failing('pagerduty.note#1', 8));
    const closed = withFacts(away, [claimed('issue.close#1'), done('issue.close#1')]);
    expect(names(closed)).toEqual(['pagerduty.note#1']);
    const back = withFacts(closed, [claimed('pagerduty.note#1'), done('pagerduty.note#1')]);
    expect(names(back)).toEqual(['pagerduty.resolve#1', `issue.tell#1.${back.seq}`]);
    expect(statusComment(back)).not.toContain('PagerDuty has not');
    const tell = `issue.tell#1.${back.seq}`;
    const end = withFacts(back, [
      claimed(tell),
      done(tell),
      claimed('pagerduty.resolve#1'),
      done('pagerduty.resolve#1'),
    ]);
    expect(names(end)).toEqual([]);
  });

  test('and refuses for good: the issue says that, once', () => {
    const refused = withFacts(told(healed), [
      ...[done('pagerduty.note#1'), claimed('issue.close#1'), done('issue.close#1')],
      ...[
        claimed('pagerduty.resolve#1'),
        failed('pagerduty.resolve#1', true, 'PagerDuty answered 404: it knows nothing there'),
      ],
    ]);
    const tell = `issue.tell#1.${refused.seq}`;
    expect(names(refused)).toEqual([tell]);
    expect(statusComment(refused)).toContain(
      'PagerDuty was not told: PagerDuty answered 404: it knows nothing there. The page may still be triggered.',
    );
    expect(names(withFacts(refused, [claimed(tell), done(tell)]))).toEqual([]);
  });
});

describe('Slack', () => {
  const waiting = incidentOf(untilMerged.slice(0, -2));
  const asked = withFacts(waiting, [
    done('check.ask#1'),
    claimed('issue.propose#1'),
    done('issue.propose#1'),
  ]);
  const reason = 'the Slack channel is archived. Unarchive it (is_archived)';

  test('refuses while a proposal waits: the issue says so at once, and only once', () => {
    const refused = withFacts(asked, [claimed('slack.post#1'), failed('slack.post#1', true, reason)]);
    const tell = `issue.tell#1.${refused.seq}`;
    expect(names(refused)).toEqual([tell]);
    expect(statusComment(refused)).toContain(
      'Slack was not told: the Slack channel is archived. Unarchive it',
    );
    const after = withFacts(refused, [claimed(tell), done(tell), fact('incident.escalated')]);
    const again = withFacts(after, [
      ...[done('pagerduty.note#1'), claimed('slack.update#1'), failed('slack.update#1', true, reason)],
      ...[claimed('issue.close#1'), done('issue.close#1'), done('pull.close#1')],
    ]);
    expect(names(again)).toEqual([]);
    expect(statusComment(again)).toContain('Slack was not told');
  });

  test('is away for minutes at the end: the issue is closed without it', () => {
    const ended = withFacts(incidentOf([...untilInvestigating, fact('incident.escalated')]), [
      done('pagerduty.note#1'),
    ]);
    expect(names(withFacts(ended, failing('slack.post#1', 7)))).toEqual(['slack.post#1']);
    const away = withFacts(ended, failing('slack.post#1', 8));
    expect(names(away)).toEqual(['slack.post#1', 'issue.close#1']);
    expect(statusComment(away)).toMatch(/Slack has not taken what it is owed since 03:\d\d:\d\d UTC/);
  });

  test('and the issue’s text say what the issue did not take, until it takes it', () => {
    const refused = withFacts(asked, [
      ...[done('slack.post#1', '1.000001'), fact('hold.set'), claimed('issue.tell#1.14')],
      failed(
        'issue.tell#1.14',
        true,
        'the issue could not be told the status comment (403): its conversation is locked',
      ),
    ]);
    const shown = JSON.stringify(slackMessage(refused).blocks);
    expect(shown).toContain('*Not on the issue:* the issue could not be told the status comment (403)');
    expect(issueBody(refused)).toContain('\n\n**SYNTHESIZING.** A remediation is being prepared');
    const taken = withFacts(refused, [claimed('issue.tell#1.20'), done('issue.tell#1.20')]);
    expect(JSON.stringify(slackMessage(taken).blocks)).not.toContain('Not on the issue');
    expect(issueBody(taken)).not.toContain('**SYNTHESIZING.**');
  });
});

test('news that comes while the issue is being written is told, though the claim was renewed meanwhile', () => {
  const closing = withFacts(told(healed), [
    done('pagerduty.note#1'),
    done('pagerduty.resolve#1'),
    claimed('issue.close#1'),
  ]);
  const news = withFacts(closing, [fact('undo.requested'), claimed('issue.close#1'), done('issue.close#1')]);
  expect(names(news)).toContain(`issue.tell#1.${closing.seq + 1}`);
  const anew = withFacts(closing, [
    fact('undo.requested'),
    claimed('issue.close#1', 'two@b2'),
    done('issue.close#1'),
  ]);
  expect(names(anew)).not.toContain(`issue.tell#1.${closing.seq + 1}`);
});
