// What keeps an open proposal waiting that nobody could read when it was judged.
import { describe, expect, test } from 'vitest';
import { fact, incidentOf, OPENED, untilVerifying, withFacts } from '../../../test/support/incidents.ts';
import { judgement } from '../../../test/support/proposals.ts';
import { FLAG_OFF, flagText, runbookOf, shopSettings } from '../../../test/support/shop.ts';
import { closedNow } from './closed-now.ts';
import { judgeProposal } from './judgement.ts';

const runbook = runbookOf(flagText);
const settings = (...rules: object[]) => shopSettings({ policy: { rules } });
const base = { name: 'ours', verdict: 'refuse', because: 'We said so.' };
const cool = { ...base, cool_down: '1h' };
const freeze = (zone: string) => ({
  ...{ ...base, verdict: 'review' },
  freeze: [{ from: '05:00', to: '06:00', zone }],
});
/** Another incident, whose script changed the same flag at 03:00:13. */
const effects = [{ kind: 'flag.set', target: FLAG_OFF, selfRestoring: false }];
const other = incidentOf(
  untilVerifying.map((one) => {
    if (one.type === 'incident.opened') return fact('incident.opened', { key: 'pd-other1' });
    return one.type === 'remediation.judged' ? fact('remediation.judged', { effects }) : one;
  }),
);

function closed(rule: object | null, minutes: number, past: Parameters<typeof closedNow>[2]['past'] = []) {
  const own = settings(...(rule ? [rule] : []));
  const input = judgement({ settings: own }, runbook);
  const judged = judgeProposal(input);
  const incident = withFacts(input.incident, [{ type: 'remediation.judged', data: judged }]);
  const now = new Date(OPENED.getTime() + minutes * 60_000);
  return closedNow(incident, judged, { settings: own, past, now });
}

describe('an open proposal', () => {
  test('waits for nothing without rules', () => expect(closed(null, 60, [other])).toBeNull());
  test('waits while its target cools down after a change of somebody else', () => {
    expect(closed(cool, 10, [other])).toContain('was changed 9 minutes ago by pd-other1');
    expect(closed(cool, 10)).toBeNull();
    expect(closed(cool, 61, [other])).toBeNull();
  });
  test('waits in a freeze that began since', () => {
    expect(closed(freeze('Europe/Berlin'), 59)).toBeNull();
    expect(closed(freeze('Europe/Berlin'), 60)).toContain('The freeze every day 05:00–06:00');
    expect(closed(freeze('Europe/Berlin'), 120)).toBeNull();
  });
  test('does not wait for a freeze that people could read of when they were asked', () => {
    // In Helsinki it is 05:00 when it is judged.
    expect(closed(freeze('Europe/Helsinki'), 30)).toBeNull();
  });
});
