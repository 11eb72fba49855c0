// What somebody sees who asks whether confidence means anything: a real ledger, and streams whose truth is known.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleGit } from 'simple-git';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLedger } from '#adapters/git/ledger';
import type { Fact } from '#core/ledger/facts';
import { measure } from '#core/trust/measure';
import { fact, untilVerifying } from '../../test/support/incidents.ts';
import { numbers, outcome } from '../../test/support/outcomes.ts';
import { vigil } from '../../test/support/vigil.ts';
import { calibrationText, plot } from './calibration-report.ts';

let dir = '';
const ledgerUrl = (): string => join(dir, 'ledger.git');

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'calibration-test-'));
  await simpleGit().init(true, [ledgerUrl()]);
  const ledger = await openLedger({ dir: join(dir, 'app'), url: ledgerUrl(), credentials: async () => null });
  const past = async (
    key: string,
    last: Fact,
    opened: Parameters<typeof fact<'incident.opened'>>[1] = {},
  ) => {
    const facts = [fact('incident.opened', { key, ...opened }), ...untilVerifying.slice(1), last];
    const at = new Date('2026-11-03T03:00:00Z');
    const done = await ledger.append(key, () => ({ facts, actor: { kind: 'app' }, at }));
    if (!done.ok) throw new Error(done.reason);
  };
  await Promise.all([
    past('pd-good01', fact('recovery.confirmed')),
    past('pd-bad001', fact('recovery.refuted')),
    past('pd-unseen', fact('recovery.inconclusive')),
    past('pd-sample', fact('recovery.confirmed'), { sample: true }),
  ]);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const calibration = (...args: string[]) => vigil(dir, ['calibration', '--repository', ledgerUrl(), ...args]);

describe('vigil calibration', () => {
  it('says that there is not enough data, with the counts, and leaves sample history out aloud', async () => {
    const { out, code } = await calibration();
    expect(out).toContain('confidence, measured on 2 outcomes\nrecovered: 1 of 2, 50.0 % (9.5 to 90.5)');
    expect(out).toContain('not enough data: 2 of the 30 outcomes that this needs');
    expect(out).toContain('left out: one incident of sample history');
    expect(out).toContain('the auto lane holds what it promises: yes, it has not run lately');
    expect(code).toBe(0);
  });

  it('says the same when it proves every record first', async () => {
    const [quick, proved] = [await calibration(), await calibration('--prove')];
    expect(quick.out).toBe(
      proved.out.replace(
        'left out:',
        'not checked: whether the records say the same: give --prove\nleft out:',
      ),
    );
  });

  it('counts sample history when told so, and says how much of it there is', async () => {
    const { out } = await calibration('--with-sample');
    expect(out).toContain('measured on 3 outcomes, 1 of them sample history, which proves nothing');
  });

  it('gives programs the same', async () => {
    const { out } = await calibration('--json', '--of', 'history');
    expect(JSON.parse(out)).toMatchObject({
      measured: { of: 'history', outcomes: 2, enough: false },
      left_out: 1,
      unproved: [],
      auto_lane: { open: true, threshold: 90 },
    });
  });

  it.each([
    [['--of', 'mood'], '--of is one of confidence, evidence'],
    [['--repository', '/nowhere/at/all'], 'cannot be read'],
  ])('ends with 2 on %o', async (args, said) => {
    const { err, code } = await calibration(...args);
    expect(err).toContain(said);
    expect(code).toBe(2);
  });

  it('names an incident whose records are not proved, and counts it in nothing', async () => {
    const other = join(dir, 'tampered');
    await simpleGit().clone(ledgerUrl(), other, ['--quiet', '--branch', 'vigil/ledger']);
    const git = simpleGit({ baseDir: other });
    const [file = ''] = (await git.raw('ls-files', 'incidents/*-recovery.refuted.json')).split('\n');
    await git.raw('rm', '--quiet', file);
    await git.raw('-c', 'user.name=x', '-c', 'user.email=x@x.test', 'commit', '--quiet', '-m', 'gone');
    const { out, code } = await vigil(dir, ['calibration', '--prove', '--repository', other]);
    expect(out).toContain('measured on one outcome\n');
    expect(out).toMatch(/^not proved: pd-bad001: /m);
    expect(code).toBe(1);
  });
});

describe('the report', () => {
  const next = numbers(3);
  const stream = Array.from({ length: 400 }, (_, n) => {
    const confidence = Math.floor(next() * 101);
    return outcome(n, next() < confidence / 100, { confidence, lane: n < 8 ? 'auto' : 'human' });
  });

  it('has a row a bin, the error both ways, the parts of the score, and the curve', () => {
    const text = calibrationText(measure(stream));
    expect(text.match(/^\d+ to \d+ .*%/gm)).toHaveLength(10);
    expect(text).toMatch(
      /expected calibration error: \d+\.\d % \(bins of equal width\), \d+\.\d % \(of equal count\)/,
    );
    expect(text).toMatch(
      /Brier score: 0\.\d{4} = reliability 0\.\d{4} - resolution 0\.\d{4} \+ uncertainty 0\.\d{4}/,
    );
    expect(text).toMatch(/AUROC: 0\.8\d\d/);
    expect(text).toMatch(/auto lane\): \d of 8, .* not enough data to rely on/);
    expect(text).toMatch(/^100 +\d+\.\d % +0 of \d+/m);
  });

  it('draws risk upwards and coverage to the right', () => {
    const point = (coverage: number, failed: number) => ({
      threshold: 1 - coverage,
      coverage,
      risk: { hits: failed, of: 10, value: failed / 10, low: 0, high: 1 },
    });
    const lines = plot([point(0.02, 0), point(1, 4)]).split('\n');
    expect(lines[0]).toBe(`  40.0 % |${' '.repeat(49)}*`);
    expect(lines[7]).toBe('   0.0 % | *');
  });
});
