import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { vigil } from '../../test/support/vigil.ts';

const root = join(import.meta.dirname, '../..');
const RUNBOOK = 'runbooks/shop-checkout-errors.md';
let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'check-chances-'));
  await mkdir(join(dir, '.github'));
  await mkdir(join(dir, 'runbooks'));
  for (const file of ['.github/vigil.yml', RUNBOOK]) await cp(join(root, file), join(dir, file));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(dir, file), 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
  await writeFile(join(dir, file), text.replace(from, to));
}

describe('vigil check, of a partial outage', () => {
  it('tells how seldom a rule that counts looks sees it, and asks for nothing', async () => {
    const text = await readFile(join(dir, RUNBOOK), 'utf8');
    const line = text.slice(0, text.indexOf('symptom:')).split('\n').length;
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(
      `${RUNBOOK}:${line}: note: at 10 % failing, 3 of 5 looks at order see nothing in more than 99 %, and 5 of 5 call that recovered in 59 %. Add an http check that counts, unless it is up or down as a whole.`,
    );
    expect(out).toMatch(/^ok: .* no problems, no warnings$/m);
    expect(code).toBe(0);
  });

  it('names the words that count, where the check can have them', async () => {
    await edit(RUNBOOK, 'checks: [order]', 'checks: [health]');
    expect((await vigil(dir, ['check'])).out).toContain(
      'looks at health see nothing in more than 99 %, and 5 of 5 call that recovered in 59 %. Count instead, as `expect: { failing: <= 1 %, of: 200 }`, unless it is up or down as a whole.',
    );
  });

  it('names sessions for a page, since those count as well', async () => {
    await edit(RUNBOOK, 'checks: [order]', 'checks: [home]');
    expect((await vigil(dir, ['check'])).out).toContain(
      'Count sessions instead, as `expect: { failing: <= 10 %, of: 20 }`, unless it is up or down as a whole.',
    );
  });

  it.each([
    "performance, url: '{SHOP_URL}/', expect: { text: [Shop], p50_ms: 900 } }",
    "http, url: '{SHOP_URL}/', expect: { tls_days_left: 14 } }",
  ])('has nothing to tell of what is no share of requests: %s', async (words) => {
    await edit('.github/vigil.yml', 'SHOP_URL: http:', 'SHOP_URL: https:');
    await edit(RUNBOOK, 'checks: [order]', 'checks: [it]');
    await edit(RUNBOOK, 'symptom:\n', `  - { id: it, kind: ${words}\nsymptom:\n`);
    const { out, code } = await vigil(dir, ['check']);
    expect(out).not.toContain('at 10 %');
    expect(code).toBe(0);
  });

  it('has nothing to tell of a rule that counts requests', async () => {
    await edit(RUNBOOK, 'checks: [order]', 'checks: [health]');
    await edit(
      RUNBOOK,
      'expect: { status: 200, json: { /status: ok } }',
      'expect: { failing: <= 1 %, of: 200 }',
    );
    const { out, code } = await vigil(dir, ['check']);
    expect(out).not.toContain('at 10 %');
    expect(out).toMatch(/^ok: .* no problems, no warnings$/m);
    expect(code).toBe(0);
  });

  it('refuses a rule that can never come to an answer, and says what it takes', async () => {
    await edit(RUNBOOK, 'checks: [order]', 'checks: [health]');
    await edit(
      RUNBOOK,
      'expect: { status: 200, json: { /status: ok } }',
      'expect: { failing: <= 1 %, of: 50 }',
    );
    const { out, code } = await vigil(dir, ['check']);
    expect(out).toContain(
      '5 looks of 50 requests can never show that at most 1 % fail; it takes 555 of which none fails',
    );
    expect(code).toBe(1);
  });
});
