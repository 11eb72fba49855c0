// What a job makes of the one input with secrets: hidden in the log before all else, kept out of texts, and never quoted.
import { afterEach, expect, test, vi } from 'vitest';
import { shopSettings } from '../../test/support/shop.ts';
import { checkSecretsOf } from './check-secrets.ts';

const settings = shopSettings({
  check_secrets: { SHOP_PASSWORD: { origins: ['https://shop.example'] } },
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function given(input: string) {
  const log: string[] = [];
  const kept: string[] = [];
  vi.stubEnv('INPUT_CHECK-SECRETS', input);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => log.push(String(text)) > 0);
  const secrets = checkSecretsOf({ settings, keepOut: (values) => void kept.push(...values) });
  vi.restoreAllMocks();
  return { value: secrets['SHOP_PASSWORD']?.value ?? null, kept, log: log.join('').trim().split('\n') };
}

test.each([
  ['JSON', '{"SHOP_PASSWORD": "open-sesame"}'],
  ['YAML', 'SHOP_PASSWORD: open-sesame\n'],
])('by %s', (_, input) => {
  expect(given(input)).toEqual({
    ...{ value: 'open-sesame', kept: ['open-sesame'] },
    log: ['::add-mask::open-sesame'],
  });
});
test('nothing was given', () => {
  expect(given('')).toEqual({ value: null, kept: [], log: [''] });
});
test('what cannot be used is hidden all the same', () => {
  expect(given('SHOP_PASSWORD: 123456789\nOTHER: open-barley')).toEqual({
    ...{ value: null, kept: ['123456789', 'open-barley'] },
    log: [
      ...['::add-mask::123456789', '::add-mask::open-barley'],
      '::warning::check-secrets: SHOP_PASSWORD is no text of one line with 8 to 1000 letters',
      '::warning::check-secrets: OTHER is not listed in check_secrets of vigil.yml',
    ],
  });
});
test('what cannot be read is hidden line by line, and no parser quotes it', () => {
  const { value, log } = given('SHOP_PASSWORD: "open-sesame\n  open: barley');
  expect(value).toBeNull();
  expect(log).toEqual([
    ...['::add-mask::SHOP_PASSWORD: "open-sesame', '::add-mask::open: barley'],
    '::warning::check-secrets: it is no YAML and no JSON',
  ]);
});
