// Skyflow as Vigil uses it, over HTTP against the stand-in: what is found goes, and any trouble lets nothing out.
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SkyflowAccount } from '#core/redact/skyflow-account';
import { type Skyflow, startSkyflow, type Trouble } from '../../sandbox/skyflow/server.ts';
import { chunks, ENTITY_TYPES, skyflowClean } from './skyflow.ts';

const token = 'sky-token-0123456789';
const vaultId = 'f4b3a9c81234';
const fast = { timeoutMs: 300, pauseMs: 5, deadlineMs: 2000 };
let vault: Skyflow;
let account: SkyflowAccount;
beforeEach(async () => {
  vault = await startSkyflow({ vaultId, token, people: ['Olga Petrova', 'Bram de Vries'] });
  account = { url: vault.url, vaultId, token, expires: null };
});
afterEach(() => vault.close());

const clean = (texts: string[], change: object = {}) =>
  skyflowClean(account, 'pd-q1', texts, { ...fast, ...change });

describe('text that Skyflow has looked at', () => {
  test('comes back in our own placeholders, the same ones in every chunk and every call of an incident', async () => {
    const both = 'Olga Petrova called.\nThen Bram de Vries.\n';
    const one = await clean([both], { chunk: 25 });
    const other = await clean(['again Bram de Vries, not Olga Petrova']);
    if (!one.ok || !other.ok) throw new Error('it refused');
    const [olga, bram] = one.texts[0]?.match(/\[NAME_\d+\]/g) ?? [];
    expect(one.texts).toEqual([`${olga} called.\nThen ${bram}.\n`]);
    expect(other.texts).toEqual([`again ${bram}, not ${olga}`]);
    expect(olga).not.toBe(bram);
    expect(vault.asked).toEqual([
      'Olga Petrova called.',
      'Then Bram de Vries.',
      'again Bram de Vries, not Olga Petrova',
    ]);
    const elsewhere = await skyflowClean(account, 'pd-other', ['Olga Petrova'], fast);
    expect(elsewhere).not.toEqual({ ok: true, texts: [olga] });
  });

  test('keeps our own placeholders, white space, and everything nobody found', async () => {
    const text = '  [EMAIL_123456] is [REDACTED:aws-key]\n\tpod web-7f9c 503 [NAME_1] \n\n';
    expect(await clean([text, '', ' \n', text])).toEqual({ ok: true, texts: [text, '', ' \n', text] });
  });

  test('is sent in one request for many short texts, each only once', async () => {
    const texts = Array.from({ length: 200 }, (_, index) => `sample ${index % 4} of Olga Petrova`);
    const cleaned = await clean(texts);
    expect(vault.asked).toHaveLength(1);
    expect(cleaned).toMatchObject({ ok: true });
    expect(JSON.stringify(cleaned)).not.toContain('Olga');
  });

  test('is asked about by name of each kind, never all kinds', () => {
    expect(ENTITY_TYPES).toContain('name');
    for (const evidence of ['all', 'time', 'date', 'url', 'filename', 'product', 'ip_address'])
      expect(ENTITY_TYPES).not.toContain(evidence);
  });
});

describe('chunks', () => {
  test('end where a line does, and lose nothing but white space at their ends', () => {
    const text = Array.from({ length: 60 }, (_, index) => `line ${index} of a log`).join('\n');
    const pieces = chunks(text, 100);
    expect(pieces.map((piece) => piece.text).join('\n')).toBe(text);
    for (const piece of pieces) expect(text.startsWith(piece.text, piece.start)).toBe(true);
    expect(Math.max(...pieces.map((piece) => piece.text.length))).toBeLessThanOrEqual(100);
  });

  test('of a line without an end break at a word, and of a blob anywhere', () => {
    expect(chunks('aaa bbb ccc', 8).map(({ text }) => text)).toEqual(['aaa bbb', 'ccc']);
    expect(chunks('x'.repeat(25), 10).map(({ text }) => text.length)).toEqual([10, 10, 5]);
    expect(chunks(`${'x'.repeat(9)}😀y`, 10).map(({ text }) => text)).toEqual(['x'.repeat(9), '😀y']);
  });
});

describe('nothing leaves', () => {
  test.each<[Trouble, string]>([
    ['down', 'Skyflow answered 503'],
    ['slow', 'Skyflow did not answer'],
    ['expired', 'Skyflow answered 401'],
    ['rubbish', 'Skyflow’s answer is not the text it was given'],
    ['partial', 'Skyflow’s answer is not the text it was given'],
  ])('when it is %s', async (trouble, reason) => {
    vault.fail(trouble);
    expect(await clean(['Olga Petrova called', 'and nobody else'])).toEqual({ ok: false, reason });
  });

  test('when one chunk of many was not answered', async () => {
    const lines = Array.from({ length: 9 }, (_, index) => `line ${index} of Olga Petrova`).join('\n');
    const cleaning = clean([lines], { chunk: 30 });
    vault.fail('down');
    expect(await cleaning).toEqual({ ok: false, reason: 'Skyflow answered 503' });
  });

  test('once the token is over, and nobody is asked any more', async () => {
    account = { ...account, expires: new Date('2026-11-03T03:00:00.000Z') };
    expect(await clean(['x'], { now: new Date('2026-11-03T03:00:00.001Z') })).toEqual({
      ok: false,
      reason: 'the Skyflow token expired at 2026-11-03T03:00:00.000Z',
    });
    expect(vault.asked).toEqual([]);
  });

  test('when the vault is another one, or nobody listens there', async () => {
    account = { ...account, vaultId: 'somebody-elses' };
    expect(await clean(['x'])).toEqual({ ok: false, reason: 'Skyflow answered 404' });
    await vault.close();
    expect(await clean(['x'])).toEqual({ ok: false, reason: 'Skyflow did not answer' });
  });

  test('after the deadline of the whole, however patient each request is', async () => {
    vault.fail('slow');
    const began = performance.now();
    expect(await clean(['x'], { timeoutMs: 10_000, deadlineMs: 100 })).toMatchObject({ ok: false });
    expect(performance.now() - began).toBeLessThan(3000);
  });
});
