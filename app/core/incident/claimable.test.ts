// Which replica may take an effect.
import { describe, expect, test } from 'vitest';
import type { EffectState } from '#core/ledger/replay';
import { OPENED } from '../../../test/support/incidents.ts';
import { claimable } from './claimable.ts';

describe('an effect may be taken', () => {
  const me = { replica: 'r1', boot: 'b2' };
  const claimed = (owner: string, status: EffectState['status'] = 'claimed'): EffectState => ({
    name: 'issue.open#1',
    status,
    owner,
    until: '2026-11-03T03:01:00.000Z',
    result: '',
  });
  const at = (seconds: number) => new Date(OPENED.getTime() + seconds * 1000);

  test.each<[boolean, string, EffectState | undefined, Date]>([
    [true, 'when nobody has it', undefined, at(0)],
    [false, 'not while another replica has it', claimed('r2@b1'), at(59)],
    [true, 'when another replica’s claim ran out', claimed('r2@b1'), at(60)],
    [true, 'when this replica claimed it before it was restarted', claimed('r1@b1'), at(0)],
    [false, 'not while this very process is at it', claimed('r1@b2'), at(0)],
    [false, 'not when it is done', claimed('r1@b1', 'done'), at(999)],
    [false, 'not when it failed for good', claimed('r1@b1', 'failed'), at(999)],
  ])('%s: %s', (may, _, state, now) => {
    expect(claimable(state, me, now)).toBe(may);
  });
});
