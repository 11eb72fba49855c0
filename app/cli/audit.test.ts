// What somebody sees who doubts an incident: a ledger that the real adapter wrote is proved, in every way of asking.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canSign, makeKey, type TestLedger, writeLedger } from '../../test/support/ledger.ts';
import { vigil } from '../../test/support/vigil.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await writeLedger();
});
afterAll(() => ledger.remove());

const audit = (...args: string[]) => vigil(ledger.dir, ['audit', ...args]);

describe('a ledger as the app wrote it', () => {
  it('is proved by ledger key, PagerDuty id and issue number, and tells what happened', async () => {
    for (const name of [ledger.key, 'Q1ABCD', 'q1abcd', '12', '#12']) {
      const { out, err, code } = await audit(name, '--repository', ledger.bare);
      expect(err).toBe('');
      expect(code).toBe(0);
      expect(out).toMatch(/^proved: 5 records of pd-q1abcd, head [0-9a-f]{64}$/m);
    }
    const { out } = await audit(ledger.key, '--repository', 'ledger.git');
    expect(out.split('\n').slice(0, 5)).toEqual([
      '2026-11-03T02:14:00.000Z  TRIGGERED            incident.opened        app  Checkout fails now (shop, Q1ABCD)',
      '2026-11-03T02:14:00.000Z  TRIGGERED            issue.opened           app  #12 https://github.test/issues/12',
      '2026-11-03T02:14:00.000Z  INVESTIGATING        investigation.started  app  https://github.test/runs/5',
      '2026-11-03T02:14:00.000Z  HYPOTHESIS_RECEIVED  hypothesis.received    app  alert: The cache is poisoned',
      '2026-11-03T02:14:00.000Z  CONTEXT_RETRIEVED    context.retrieved      app  no runbook matches',
    ]);
    expect(out).toContain('not checked: who wrote the commits');
  });

  it('exports the records byte for byte, so that anybody can hash the chain again', async () => {
    const { out, code } = await audit(ledger.key, '--repository', ledger.bare, '--export');
    expect(code).toBe(0);
    const lines = out.trimEnd().split('\n');
    const links = lines.map((line) => (JSON.parse(line) as { prev: string | null }).prev);
    const hashes = lines.map((line) => createHash('sha256').update(`${line}\n`).digest('hex'));
    expect(links).toEqual([null, ...hashes.slice(0, -1)]);
  });

  it('is proved to the head quoted on the issue, also when records followed the quote', async () => {
    const { out } = await audit(ledger.key, '--repository', ledger.bare, '--json');
    const { head, timeline } = JSON.parse(out) as { head: string; timeline: { head: string }[] };
    const newest = await audit(ledger.key, '--repository', ledger.bare, '--head', head);
    expect(newest.out).toContain('head quoted on the issue (record 5 of 5)');
    const older = await audit(ledger.key, '--repository', ledger.bare, '--head', timeline[2]?.head ?? '');
    expect(older.out).toContain('head quoted on the issue (record 3 of 5)');
    const foreign = await audit(ledger.key, '--repository', ledger.bare, '--head', 'a'.repeat(64));
    expect(foreign.code).toBe(1);
    expect(foreign.out).toContain(
      'not proved: pd-q1abcd the head quoted on the issue is the head of no record',
    );
  });

  it.skipIf(!canSign)('is proved to be signed by an allowed key, and not by another', async () => {
    const signed = await audit(ledger.key, '--repository', ledger.bare, '--allowed-signers', 'signers');
    expect(signed.out).toContain('checked: chain, commits, index, history, signatures');
    expect(signed.code).toBe(0);
    await makeKey(ledger.dir, 'other', 'strangers', 'someone@example.com');
    const strange = await audit(ledger.key, '--repository', ledger.bare, '--allowed-signers', 'strangers');
    expect(strange.code).toBe(1);
    expect(strange.out).toContain(
      'not proved: record 1 incident.opened its commit is not signed by an allowed key',
    );
  });
});

describe('a question that cannot be answered', () => {
  it('ends with exit code 2 and says what to do', async () => {
    const ask = async (...args: string[]) => {
      const { err, code } = await audit(...args);
      expect(code).toBe(2);
      return err.split('\n')[0];
    };
    expect(await ask()).toBe('vigil audit: name one incident');
    expect(await ask(ledger.key)).toBe(
      'vigil audit: the current directory has no remote origin; say --repository URL-or-path',
    );
    expect(await ask('pd-nosuch1', '--repository', ledger.bare)).toBe(
      'vigil audit: the ledger has no incident pd-nosuch1',
    );
    expect(await ask('99', '--repository', ledger.bare)).toContain('the ledger names no issue #99');
    expect(await ask(ledger.key, '--repository', join(ledger.dir, 'nowhere'))).toContain('cannot be read');
    const secret = await ask(ledger.key, '--repository', 'http://eve:hunter2@127.0.0.1:9/ledger.git');
    expect(secret).toMatch(
      /^vigil audit: http:\/\/127\.0\.0\.1:9\/ledger\.git cannot be read: .*; is the address right\?$/,
    );
    expect(secret).not.toContain('hunter2');
    expect(await ask(ledger.key, '--repository', ledger.bare, '--head', 'abc')).toContain(
      '--head is the 64 hex digits',
    );
    expect(await ask(ledger.key, '--repository=--upload-pack=touch x')).toContain(
      'does not begin with a dash',
    );
    expect(await ask(ledger.key, '--nonsense')).toContain("Unknown option '--nonsense'");
  });
});
