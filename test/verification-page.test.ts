// Holds docs/verification.md to the functions it tells of, and these to what was promised of them. The lot is always the same.
// Must never loosen a promise because a table changed: the promises stand here as numbers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fewest } from '#core/verification/rates/sequential';
import { failingShare, outcomes, WAYS } from '../scripts/partial-outages.ts';
import { filled, tables } from '../scripts/verification-tables.ts';
import { root } from './support/files.ts';

const text = readFileSync(join(root, 'docs/verification.md'), 'utf8');

describe('docs/verification.md', () => {
  it('has the tables that the functions give: `npm run tables` writes them', () => {
    expect(filled(text, tables())).toBe(text);
  });
  it('names the numbers of requests that it takes', () => {
    expect(text).toContain(`${fewest(0.01)} requests of which none fails show \`<= 1 %\``);
    expect(text).toContain(`${fewest(0.05)} show \`<= 5 %\``);
  });
});

describe('bursts of 200, of which at most 1 % may fail', () => {
  const counting = WAYS.find(({ name }) => name === '`<= 1 %` of 200');
  if (!counting) throw new Error('there is no such rule');

  it.each([0.05, 0.1, 0.22, 0.5])(
    'see red in 95 % or more, and recovery in 1 % or less: %d unchanged',
    (share) => {
      const seen = outcomes(counting, failingShare(share), failingShare(share), 400, 11);
      expect(seen.red).toBeGreaterThanOrEqual(0.95);
      expect(seen.confirmed).toBeLessThanOrEqual(0.01);
      expect(seen.refuted).toBeGreaterThanOrEqual(0.95);
    },
  );
  it('see nothing red in a service that is as good as it may be', () => {
    const seen = outcomes(counting, failingShare(0.01), failingShare(0.002), 400, 12);
    expect(seen.red).toBeLessThanOrEqual(0.01);
  });
  it('see recovery when it happened', () => {
    const seen = outcomes(counting, failingShare(0.1), failingShare(0.001), 400, 13);
    expect(seen.confirmed).toBeGreaterThanOrEqual(0.95);
    expect(seen.refuted).toBeLessThanOrEqual(0.01);
  });
});
