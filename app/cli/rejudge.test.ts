// What somebody sees who wonders what a new rule would have changed: a real ledger, judged again.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { fact, facts } from '../../test/support/incidents.ts';
import { spawned } from '../../test/support/spawned.ts';
import { vigil } from '../../test/support/vigil.ts';

const URL_OF = 'http://127.0.0.1:4601/cache/purge';
const settings = (policy: string, services = true) => `v: 1
workspace: { template: t, version: 5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11 }
auto: { enabled: true }
${policy}
services:
  ${services ? 'PSHOP01' : 'POTHER1'}:
    name: shop
    parameters: { SHOP_PURGE_URL: '${URL_OF}' }
    actions: [{ id: purge, method: POST, url: '${URL_OF}', effect: cache.purge }]
`;
const proposal = (script: string) => ({
  ...facts['remediation.proposed'],
  kind: 'purge-cache',
  files: { ...facts['remediation.proposed'].files, 'fix.sh': script },
});
let dir = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rejudge-test-'));
  await simpleGit().init(true, [join(dir, 'ledger.git')]);
  const ledger = await openLedger({
    dir: join(dir, 'app'),
    url: join(dir, 'ledger.git'),
    credentials: async () => null,
  });
  const purge = fact('remediation.proposed', proposal(`curl -fsS -X POST ${URL_OF}\n`));
  const unknown = fact('remediation.proposed', proposal('frobnicate now\n'));
  const past = (
    key: string,
    proposed: typeof purge,
    judged: Parameters<typeof fact<'remediation.judged'>>[1],
  ) =>
    ledger.append(key, () => ({
      facts: [
        fact('incident.opened', { key }),
        ...(
          ['issue.opened', 'investigation.started', 'evidence.gathered', 'hypothesis.received'] as const
        ).map((type) => fact(type)),
        fact('context.retrieved'),
        fact('synthesis.started'),
        proposed,
        fact('remediation.rehearsed'),
        fact('remediation.judged', judged),
      ],
      actor: { kind: 'app' },
      at: new Date('2026-11-03T03:00:00Z'),
    }));
  for (const done of [
    await past('pd-purge1', purge, { verdict: 'allow', risk: 'LOW', lane: 'auto' }),
    await past('pd-strange1', unknown, { verdict: 'allow', risk: 'LOW', lane: 'human' }),
  ])
    if (!done.ok) throw new Error(done.reason);
  await writeFile(join(dir, 'same.yml'), settings(''));
  const rule = 'name: people-purge, verdict: review, because: People purge., effect: cache.purge';
  await writeFile(join(dir, 'rule.yml'), settings(`policy: { rules: [{ ${rule} }] }`));
  const over = `${rule}, until: '2026-11-03T00:00:00Z'`;
  await writeFile(join(dir, 'over.yml'), settings(`policy: { rules: [{ ${over} }] }`));
  await writeFile(join(dir, 'gone.yml'), settings('', false));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const args = (file: string) => ['rejudge', '--repository', 'ledger.git', '--settings', file];

describe('vigil rejudge', () => {
  it('shows what today’s policy decides otherwise, and ends with 1 for it', async () => {
    const { out, err, code } = await spawned(dir, args('same.yml'));
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toContain(
      'pd-strange1  purge-cache  allow LOW human → review HIGH human  stricter  frobnicate is not described',
    );
    expect(out).not.toContain('pd-purge1');
    expect(out).toMatch(/^2 proposals judged again by policy \S+: 1 the same, 1 stricter, 0 laxer$/m);
  });

  it('shows what a rule would have stopped, and not what a freeze before or after would', async () => {
    const changes = async (file: string) => {
      const { out } = await vigil(dir, [...args(file), '--json']);
      const { proposals } = JSON.parse(out) as {
        proposals: { incident: string; today: unknown; change: string }[];
      };
      return proposals.find(({ incident }) => incident === 'pd-purge1');
    };
    expect(await changes('rule.yml')).toMatchObject({
      was: { verdict: 'allow', risk: 'LOW', lane: 'auto' },
      today: { verdict: 'review', risk: 'MEDIUM', lane: 'human' },
      change: 'stricter',
      findings: [{ file: 'fix.sh', line: 1, code: 'organisation' }],
    });
    expect(await changes('over.yml')).toMatchObject({ change: 'same', today: { lane: 'auto' } });
    expect(await changes('gone.yml')).toMatchObject({
      change: 'stricter',
      findings: [{ code: 'no-inventory' }],
    });
  });

  it('says what is missing', async () => {
    const ask = async (...list: string[]) => {
      const { err, code } = await vigil(dir, ['rejudge', ...list]);
      expect(code).toBe(2);
      return err.split('\n')[0];
    };
    expect(await ask('--repository', 'ledger.git')).toContain('no .github/vigil.yml here or above');
    expect(await ask('--settings', 'same.yml')).toContain('has no remote origin');
    expect(await ask('--repository', 'nowhere', '--settings', 'same.yml')).toContain('cannot be read');
  });
});
