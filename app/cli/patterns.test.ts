// Two organisations: one exports what it learned, the other reads and takes it over for review.
import { generateKeyPairSync } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import { fact, untilVerifying } from '../../test/support/incidents.ts';
import { vigil } from '../../test/support/vigil.ts';

let dir = '';
const at = (name: string): string => join(dir, name);
const pem = { type: 'pkcs8', format: 'pem' } as const;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'patterns-test-'));
  await cp('.github/vigil.yml', at('.github/vigil.yml'));
  for (const name of ['shop-bad-flag', 'shop-checkout-errors'])
    await cp(`runbooks/${name}.md`, at(`runbooks/${name}.md`));
  await simpleGit().init(true, [at('ledger.git')]);
  const ledger = await openLedger({ dir: at('app'), url: at('ledger.git'), credentials: async () => null });
  const facts = [
    fact('incident.opened', { key: 'pd-good01' }),
    ...untilVerifying.slice(1),
    fact('recovery.confirmed'),
  ];
  await ledger.append('pd-good01', () => ({
    facts,
    actor: { kind: 'app' },
    at: new Date('2026-11-03T03:00:00Z'),
  }));
  const keys = generateKeyPairSync('ed25519');
  await writeFile(at('key.pem'), keys.privateKey.export(pem));
  await writeFile(at('key.pub'), keys.publicKey.export({ type: 'spki', format: 'pem' }));
  await writeFile(
    at('other.pub'),
    generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }),
  );
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const patterns = (...args: string[]) => vigil(dir, ['patterns', ...args]);
const exported = (...more: string[]) =>
  patterns('export', '--repository', at('ledger.git'), '--min', '0', ...more);

describe('vigil patterns', () => {
  it('exports nothing that was not verified often enough', async () => {
    expect(await patterns('export', '--repository', at('ledger.git'), '--key', 'key.pem')).toMatchObject({
      out: 'no patterns, signed\n',
      code: 0,
    });
  });

  it('says what it would write, then writes it, then finds it there', async () => {
    const dry = await exported('--key', 'key.pem', '--dry-run');
    expect(dry.out).toMatch(/^would write patterns\/flag-off-[0-9a-f]{12}\.md\n/);
    const { out, code } = await exported('--key', 'key.pem');
    expect(out).toMatch(/wrote patterns\/purge-cache-[0-9a-f]{12}\.md\n2 patterns, signed\n$/);
    expect(code).toBe(0);
    const again = await exported('--key', 'key.pem');
    expect([again.code, again.err.match(/is there already/g)?.length]).toEqual([0, 2]);
    const [first = ''] = await readdir(at('patterns'));
    expect(await readFile(at(`patterns/${first}`), 'utf8')).not.toMatch(/shop|127\.0\.0\.1/i);
  });

  it('imports what a trusted key signed, as a runbook for review that the check accepts', async () => {
    const files = (await readdir(at('patterns'))).map((name) => `patterns/${name}`);
    const { out, code } = await patterns('import', ...files, '--service', 'shop', '--trust', 'key.pub');
    expect(code).toBe(0);
    expect(out.match(/^wrote runbooks\/imported\/shop-/gm)?.length).toBe(2);
    const check = await vigil(dir, ['check']);
    expect(check.code).toBe(0);
  });

  it('leaves out what a stranger signed, what was changed and what is no pattern, each with its reason', async () => {
    const [name = ''] = await readdir(at('patterns'));
    const text = await readFile(at(`patterns/${name}`), 'utf8');
    await writeFile(at('changed.md'), text.replace('curl', 'curl -k'));
    await writeFile(at('plain.md'), '# Hello\n');
    const { err, code } = await patterns(
      'import',
      'changed.md',
      'plain.md',
      '--service',
      'shop',
      '--trust',
      'key.pub',
    );
    expect(code).toBe(1);
    expect(err).toMatch(
      /^changed\.md: left out, the signature of [0-9a-f]{16} does not fit: the file was changed\nplain\.md: left out, it is not signed\n$/,
    );
    const stranger = await patterns(
      'import',
      `patterns/${name}`,
      '--service',
      'shop',
      '--trust',
      'other.pub',
    );
    expect(stranger.err).toContain('whom you do not trust');
  });

  it('names wrong usage, a service that is not there, and a key that is none', async () => {
    expect((await patterns('share')).code).toBe(2);
    expect((await patterns('import', 'x.md', '--service', 'nobody')).err).toContain(
      'vigil.yml has no service nobody',
    );
    expect((await exported('--key', 'key.pub')).err).toContain('key.pub is not an Ed25519 key in PEM form');
  });
});
