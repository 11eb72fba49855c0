import { describe, expect, it } from 'vitest';
import { factTypes } from '#core/ledger/facts';
import type { LedgerRecord } from '#core/ledger/record';
import { fact, KEY } from '../../../test/support/incidents.ts';
import { actorName, sentence } from './sentence.ts';

const base = { v: 1, seq: 1, prev: null, at: '2026-11-03T02:14:00.000Z', attempt: 1 } as const;
const escalated = (reason: string): LedgerRecord => ({
  ...base,
  actor: { kind: 'app' },
  type: 'incident.escalated',
  data: { code: 'gate', reason },
});

describe('a record in one sentence', () => {
  it('is one line, however many the reason has', () =>
    expect(sentence(escalated('held\nby  @riley\r\n'))).toBe('gate: held by @riley'));

  it('steers no terminal and hides nothing', () =>
    expect(sentence(escalated('\u001b]0;owned\u0007fine\u001b[2J \u202edetrever\u202c'))).toBe(
      'gate: fine detrever',
    ));

  it.each(factTypes)('%s is short and on one line', (type) => {
    const said = sentence({ ...base, actor: { kind: 'app' }, ...fact(type) });
    expect(said).not.toMatch(/undefined|null|\[object|\n/);
    expect(said.length).toBeLessThanOrEqual(160);
  });

  it('says what was approved and by whom', () => {
    const approved = fact('remediation.approved', { lane: 'human', by: ['riley', 'sam'] });
    expect(sentence({ ...base, actor: { kind: 'app' }, ...approved })).toMatch(
      /^digest [0-9a-f]{12} by riley and sam, until \d{4}-/,
    );
    expect(sentence({ ...base, actor: { kind: 'app' }, ...fact('workspace.deleted') })).toBe(
      `vigil-${KEY}-1`,
    );
  });

  it('ends at 160 characters and shows that it was cut', () => {
    const long = sentence(escalated('x'.repeat(400)));
    expect(long).toHaveLength(160);
    expect(long.endsWith('x…')).toBe(true);
  });

  it('names who said it', () => {
    expect(actorName({ kind: 'person', login: 'riley' })).toBe('@riley');
    expect(actorName({ kind: 'job', job: 'execute', run: 77, attempt: 1 })).toBe('execute (run 77)');
  });
});
