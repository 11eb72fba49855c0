// Which words of an alert are compared with a runbook.
import { describe, expect, test } from 'vitest';
import { saidIn, stem, tokensOf } from './tokens.ts';

const words = (text: string): string[] =>
  [...tokensOf(text)].filter((token) => !token.startsWith('~')).sort();
const concepts = (text: string): string[] =>
  [...tokensOf(text)].filter((token) => token.startsWith('~')).sort();

describe('an alert’s words', () => {
  test.each([
    ['CamelCase', 'KubePodCrashLooping', ['crash', 'loop', 'kub', 'pod']],
    ['snake_case and dots', 'coredns.request_duration', ['coredn', 'request', 'durat']],
    ['a name that some write as two', 'CoreDNS', ['coredn', 'cor', 'dns']],
    ['units', 'p99 4s, 95%, 120ms, 5xx 503', ['p99', '5xx', '503']],
  ])('are taken from %s', (_, text, wanted) => {
    const found = words(text);
    for (const word of wanted) expect(found).toContain(word);
  });

  test('are one whatever their ending', () => {
    expect(new Set(['evict', 'evicts', 'evicted', 'evicting', 'evictions'].map(stem)).size).toBe(1);
    expect(new Set(['expiry', 'expires', 'expired', 'expire'].map(stem)).size).toBe(1);
  });

  test('leave out numbers and what every sentence has', () => {
    expect(words('The value of it was 12 for 30 s')).toEqual(['valu']);
  });

  test.each([
    ['PodOOMKilled', '~memory'],
    ['No space left on device', '~disk'],
    ['getaddrinfo EAI_AGAIN', '~dns'],
    ['timed out', '~timeout'],
    ['x509 has expired', '~certificate'],
  ])('speak of what monitors call differently: %s', (text, concept) =>
    expect(concepts(text)).toContain(concept),
  );
});

test('what the evidence rules out is told from what it claims', () => {
  const said = saidIn('Memory climbs. No deploy in the window. CPU is normal, cpu 12 percent; disk 97%.');
  expect([...tokensOf(said.asserted)]).toEqual(expect.arrayContaining(['~memory', '~disk']));
  expect([...tokensOf(said.asserted)]).not.toEqual(expect.arrayContaining(['~cpu']));
  expect([...tokensOf(said.denied)]).toEqual(expect.arrayContaining(['~cpu', '~deploy']));
});
