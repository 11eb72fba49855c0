// Runbook files as text: blocks, lines, front matter, and the hash that earned history hangs on.
import { describe, expect, test } from 'vitest';
import { flagText, purgeText, runbookOf } from '../../../test/support/shop.ts';
import { blockHash, FrontMatter, splitRunbook } from './runbook.ts';

describe('a runbook file', () => {
  test('is split into front matter, body and code blocks with their lines', () => {
    const text = ['---', 'id: x', '---', '# Title', '', '```bash fix', 'one', '', 'two', '```', 'end'].join(
      '\n',
    );
    expect(splitRunbook(text)).toEqual({
      ok: true,
      frontMatter: 'id: x',
      body: '# Title\n\n```bash fix\none\n\ntwo\n```\nend',
      bodyLine: 4,
      fences: [{ info: 'bash fix', text: 'one\n\ntwo\n', line: 7 }],
    });
  });

  test('may hold a fence inside a longer fence', () => {
    const text = ['---', '---', '````md', '```bash fix', 'rm', '```', '````'].join('\n');
    const split = splitRunbook(text);
    expect(split.ok && split.fences).toEqual([{ info: 'md', text: '```bash fix\nrm\n```\n', line: 4 }]);
  });

  test.each([
    ['# No front matter', { ok: false, line: 1, reason: 'the file does not start with front matter (---)' }],
    ['---\nid: x\n', { ok: false, line: 1, reason: 'the front matter is not closed by ---' }],
    ['---\n---\n\n```bash fix\nx\n', { ok: false, line: 4, reason: 'a code fence is never closed' }],
  ])('that is broken says where: %j', (text, said) => {
    expect(splitRunbook(text)).toEqual(said);
  });
});

describe('front matter', () => {
  const least = {
    id: 'shop-cache',
    title: 'Checkout fails',
    service: 'shop',
    failure_types: ['cache_corruption'],
    severity: 'sev2',
  };

  test('left short asks a person and offers no remediation', () => {
    expect(FrontMatter.parse(least)).toEqual({ ...least, keywords: [], alerts: [], approval: 'human' });
  });

  test.each([
    ['a misspelled key', { ...least, aproval: 'auto' }],
    ['no failure type', { ...least, failure_types: [] }],
    ['an unknown severity', { ...least, severity: 'critical' }],
    ['an id with capitals', { ...least, id: 'Shop' }],
    ['a risk nobody knows', { ...least, remediation: { kind: 'x', risk: 'NONE' } }],
    [
      'a parameter in small letters',
      { ...least, remediation: { kind: 'x', risk: 'LOW', parameters: ['path'] } },
    ],
  ])('is refused with %s', (_, text) => {
    expect(FrontMatter.safeParse(text).success).toBe(false);
  });
});

describe('the hash that earned history hangs on', () => {
  const base = runbookOf(flagText);
  const block = (text: string) => runbookOf(text).block;

  test.each([
    [
      'the fix',
      flagText.replace(
        '--max-time 10 -X POST "$SHOP_FLAG_OFF_URL"',
        '--max-time 9 -X POST "$SHOP_FLAG_OFF_URL"',
      ),
    ],
    ['the undo', flagText.replace('-X POST "$SHOP_FLAG_ON_URL"', '-X POST "$SHOP_FLAG_OFF_URL"')],
    ['the verification', flagText.replace('/health', '/healthz')],
    ['the kind of fix', flagText.replace('kind: flag-off', 'kind: flag-flip')],
    [
      'the parameters',
      flagText.replace('[SHOP_FLAG_OFF_URL, SHOP_FLAG_ON_URL]', '[SHOP_FLAG_ON_URL, SHOP_FLAG_OFF_URL]'),
    ],
  ])('changes when %s is edited', (_, text) => {
    expect(text).not.toBe(flagText);
    expect(block(text)).not.toBe(base.block);
  });

  test('stays when only the prose around it is edited, though the file’s own hash changes', () => {
    const edited = runbookOf(purgeText.replace('# Checkout fails', '# Orders fail'));
    expect(edited.block).toBe(runbookOf(purgeText).block);
    expect(edited.sha256).not.toBe(runbookOf(purgeText).sha256);
  });

  test('is that of the block alone', () => {
    expect(base.block).toBe(base.remediation && blockHash(base.remediation));
  });
});
