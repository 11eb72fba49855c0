import { describe, expect, it } from 'vitest';
import { fact, incidentOf } from '../../test/support/incidents.ts';
import { claimFact, dueNext, renewalFact, stillPossible } from './claims.ts';

const now = new Date('2026-11-03T03:00:30.000Z');
const owner = { replica: 'one', boot: 'b1' };
const at = { held: () => false, owner, now, free: () => true };

describe('what is written down', () => {
  it('is everything, as long as everything can happen', () => {
    const opened = incidentOf([fact('incident.opened')]);
    const facts = [fact('alert.joined')];
    expect(stillPossible(opened, facts, now)).toEqual(facts);
  });

  it('is only what became of an effect, when the incident has moved on', () => {
    const opened = incidentOf([fact('incident.opened')]);
    const done = { type: 'effect.done', data: { effect: 'issue.open', result: '#7' } } as const;
    expect(stillPossible(opened, [fact('recovery.confirmed'), done], now)).toEqual([done]);
  });
});

describe('what is claimed', () => {
  const opened = incidentOf([fact('incident.opened')]);

  it('is the first effect that is due: an issue before anything else', () =>
    expect(dueNext(opened, [], at)?.kind).toBe('issue.open'));

  it('is nothing that may not be tried now', () =>
    expect(dueNext(opened, [], { ...at, free: ({ kind }) => kind !== 'issue.open' })?.kind).not.toBe(
      'issue.open',
    ));

  it('is nothing that another replica claimed, until its time is over', () => {
    const first = dueNext(opened, [], at);
    if (!first) throw new Error('nothing was due');
    const claimed = [claimFact(first, { replica: 'two', boot: 'b9' }, now)];
    expect(dueNext(opened, claimed, at)?.name).not.toBe(first.name);
    const later = new Date(now.getTime() + 61_000);
    expect(dueNext(opened, claimed, { ...at, now: later })?.name).toBe(first.name);
  });

  it('is nothing of an incident that does not exist', () => expect(dueNext(null, [], at)).toBe(null));

  it('names the replica, this run of it, and the minute it has', () =>
    expect(claimFact({ name: 'issue.open', kind: 'issue.open' }, owner, now)).toEqual({
      type: 'effect.claimed',
      data: { effect: 'issue.open', owner: 'one@b1', until: '2026-11-03T03:01:30.000Z' },
    }));
});

describe('a claim that is renewed', () => {
  const effect = { name: 'issue.open#1', kind: 'issue.open' } as const;
  const claimed = incidentOf([fact('incident.opened'), claimFact(effect, owner, now)]);
  const later = new Date(now.getTime() + 20_000);

  it('lasts a minute more', () =>
    expect(renewalFact(claimed, effect, owner, later)).toMatchObject({
      data: { owner: 'one@b1', until: '2026-11-03T03:01:50.000Z' },
    }));

  it.each([
    ['somebody else’s by now', claimed, { replica: 'two', boot: 'b1' }],
    ['an earlier boot’s', claimed, { replica: 'one', boot: 'b2' }],
    [
      'done',
      incidentOf([fact('incident.opened'), claimFact(effect, owner, now), fact('effect.done')]),
      owner,
    ],
    ['nobody’s', incidentOf([fact('incident.opened')]), owner],
    ['of an incident that is not there', null, owner],
  ])('is not renewed when it is %s', (_, incident, who) =>
    expect(renewalFact(incident, effect, who, later)).toBe(null),
  );
});
