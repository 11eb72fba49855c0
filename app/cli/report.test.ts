// What somebody sees who asks what is out of its usual state: a real ledger, with open and sealed incidents.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import type { Fact, FactDataOf } from '#core/ledger/facts';
import { fact, untilVerifying } from '../../test/support/incidents.ts';
import { healed, say } from '../../test/support/replicas.ts';
import { settle } from '../../test/support/settling.ts';
import { vigil } from '../../test/support/vigil.ts';

let dir = '';
const url = (): string => join(dir, 'ledger.git');
const effects = [{ kind: 'scale', target: 'deployment/orders', selfRestoring: false }];

const ran = (key: string, judged: Partial<FactDataOf<'remediation.judged'>>, ...last: Fact[]): Fact[] => [
  fact('incident.opened', { key }),
  ...untilVerifying
    .slice(1)
    .map((one) =>
      one.type === 'remediation.judged' ? fact('remediation.judged', { effects, ...judged }) : one,
    ),
  ...last,
];

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'report-test-'));
  await simpleGit().init(true, [url()]);
  const ledger = await openLedger({ dir: join(dir, 'app'), url: url(), credentials: async () => null });
  await healed(ledger, 'pd-nothing');
  const write = async (key: string, at: string, facts: readonly Fact[]) => {
    const done = await ledger.append(key, () => ({ facts, actor: { kind: 'app' }, at: new Date(at) }));
    if (!done.ok) throw new Error(done.reason);
    return done.incident;
  };
  const old = await write(
    'pd-old001',
    '2026-10-01T03:00:00Z',
    ran('pd-old001', {}, fact('recovery.confirmed')),
  );
  // All that is owed is done, so that it can be sealed.
  const more = settle(old).incident.records.slice(old.records.length);
  await write('pd-old001', '2026-10-01T03:00:00Z', more);
  await ledger.append('pd-new001', say(...ran('pd-new001', { put_back: { until: '4h', by: 'vigil' } })));
  const kept = [fact('recovery.confirmed'), fact('putback.kept')];
  await ledger.append('pd-kept01', say(...ran('pd-kept01', {}, ...kept)));
  expect(await ledger.tidy(new Date('2026-11-20T00:00:00Z'))).toBeGreaterThan(0);
  expect([...ledger.open()].map(({ key }) => key)).not.toContain('pd-old001');
  ledger.close();
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const report = (...args: string[]) => vigil(dir, ['report', '--repository', url(), ...args]);

describe('vigil report', () => {
  it('lists what is out of its usual state, oldest first, also of sealed incidents', async () => {
    const { out, code } = await report();
    expect(out.replaceAll(/for \d+ \w+$/gm, 'for …')).toBe(`open: one incident
  pd-new001  VERIFYING
out of its usual state: 2 acts
  #12 scale deployment/orders on shop; since 2026-10-01 03:00 UTC; no end was agreed; approved by @olga, for …
  #12 scale deployment/orders on shop; since 2026-11-03 03:00 UTC; until 2026-11-03 07:00 UTC; approved by @olga, for …
`);
    expect(code).toBe(0);
  });

  it('says the same to programs', async () => {
    const { out } = await report('--json');
    expect(JSON.parse(out)).toMatchObject({
      out_of_state: [
        { incident: 'pd-old001', put_back: null, state: 'changed', by: ['olga'] },
        { incident: 'pd-new001', put_back: { until: '4h', by: 'vigil' }, target: 'shop' },
      ],
      open: [{ incident: 'pd-new001', stage: 'VERIFYING' }],
      ...{ held: null, unread: [] },
    });
  });

  it('takes no word', async () => {
    expect((await report('everything')).code).toBe(2);
  });

  it('leaves a sealed incident proved, as the audit sees it', async () => {
    const { out, code } = await vigil(dir, ['audit', 'pd-old001', '--repository', url()]);
    expect(out).toContain('proved');
    expect(code).toBe(0);
  });
});
