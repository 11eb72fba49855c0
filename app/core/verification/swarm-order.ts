// One swarm as whoever drives it gets it: the journey as a journey check, the login if there is one, and the rest of the words.
// Must never be looser than the check of verify.yml that it is made of.
import type { JourneyCheck, SwarmCheck } from './checks.ts';

export type SwarmOrder = Omit<SwarmCheck, 'kind' | 'start' | 'steps' | 'timeout_s' | 'login' | 'shards'> & {
  readonly journey: JourneyCheck;
  readonly login?: JourneyCheck | undefined;
};

export function orderOf(check: SwarmCheck): SwarmOrder {
  const { kind: _, start, steps, timeout_s, login, shards: _shards, ...words } = check;
  const journey = (walk: Pick<SwarmCheck, 'start' | 'steps' | 'timeout_s'>): JourneyCheck => ({
    ...{ id: check.id, kind: 'journey' },
    ...walk,
  });
  return {
    ...words,
    journey: journey({ start, steps, timeout_s }),
    login: login && journey(login),
  };
}
