import { expect, it } from 'vitest';
import type { Incident } from '#core/ledger/replay';
import { fact, incidentOf, withFacts } from '../../../test/support/incidents.ts';
import { type Hold, holdOn, holdOnAll } from './hold.ts';

const held = (all: readonly Incident[], key: string): Hold | null => {
  const [own] = all.filter((one) => one.key === key);
  return holdOn(holdOnAll(all), own ?? { records: [] });
};

const later = new Date('2026-11-03T04:00:00.000Z');
const mine = incidentOf([fact('incident.opened', { key: 'pd-mine01' })]);
const other = incidentOf([fact('incident.opened', { key: 'pd-other1' })]);

it('holds the incident it was said of, and no other', () => {
  const one = withFacts(mine, [fact('hold.set', { reason: 'looking myself' })]);

  expect(held([one, other], 'pd-mine01')).toMatchObject({ by: 'olga', reason: 'looking myself' });
  expect(held([one, other], 'pd-other1')).toBeNull();
});

it('holds everything when everything was said, wherever it was said', () => {
  const one = withFacts(other, [fact('hold.set', { scope: 'all' })]);

  expect(held([mine, one], 'pd-mine01')).toMatchObject({ scope: 'all' });
});

it('ends with a release, of the same scope only, wherever it was said', () => {
  const everything = withFacts(other, [fact('hold.set', { scope: 'all' })]);
  const half = withFacts(mine, [fact('hold.released')], later);
  const whole = withFacts(mine, [fact('hold.released', { scope: 'all' })], later);

  expect(held([half, everything], 'pd-mine01')).not.toBeNull();
  expect(held([whole, everything], 'pd-mine01')).toBeNull();
});

it('holds again when it is said again', () => {
  const again = withFacts(mine, [fact('hold.set'), fact('hold.released'), fact('hold.set', { by: 'riley' })]);

  expect(held([again], 'pd-mine01')?.by).toBe('riley');
});
