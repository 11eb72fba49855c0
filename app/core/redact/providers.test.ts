import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { detectorOf } from './provider.ts';
import { PLATFORMS } from './providers-platforms.ts';
import { SERVICES } from './providers-services.ts';
import type { Span } from './span.ts';

const rows = [...PLATFORMS, ...SERVICES];
const all = detectorOf(rows);

/** The pattern without what must not stand around it, for making examples. */
function shape(pattern: RegExp): RegExp {
  return new RegExp(`^(?:${pattern.source.replace(/\(\?<?!(?:[^()[\]]|\[[^\]]*\])*\)|\\b/g, '')})$`);
}

describe('the formats of vendors', () => {
  test('are about a hundred, each with a name that fits into a placeholder', () => {
    expect(rows.length).toBeGreaterThanOrEqual(60);
    for (const { kind } of rows) expect(kind).toMatch(/^[a-z][a-z0-9-]{1,31}$/);
  });

  test.each(rows.map((row) => [row.kind, row] as const))('%s is found wherever it stands', (_, row) => {
    // Without case, examples would come in letters that no vendor issues.
    const examples = fc.sample(fc.stringMatching(shape(new RegExp(row.pattern.source))), {
      numRuns: 20,
      seed: 7,
    });
    for (const example of examples) {
      if (row.hints.length > 0)
        expect(
          row.hints.some((hint) => example.includes(hint)),
          example,
        ).toBe(true);
      for (const text of [example, `"${example}"`, `use ${example} now`, `(${example})`]) {
        const spans: Span[] = [];
        all(text, (span) => spans.push(span));
        expect(
          spans.some(({ kind }) => kind === row.kind),
          text,
        ).toBe(true);
      }
    }
  });

  test('are not seen in ids, hashes and names', () => {
    const spans: Span[] = [];
    const text =
      'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 550e8400-e29b-41d4-a716-446655440000 ' +
      'sk-learn task-runner-7d9f8b6c5-x2x4z ghp_short xoxb AKIA123 SG.x.y arn:aws:iam::123456789012:role/SKILL key-value';
    all(text, (span) => spans.push(span));
    expect(spans).toEqual([]);
  });
});
