// Every fix that is shipped says why its undo waits, or why there is none, and no undo that brings a fault back runs by itself
// because a fix did not help. Must never be satisfied by an empty word.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseRunbook } from '#adapters/git/source';
import { catalogue } from '#core/catalogue/catalogue';
import { effects } from '#core/policy/effects';
import { root } from './support/files.ts';

const folder = join(root, 'runbooks');
const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');

describe('a shipped runbook', () => {
  test.each(names)('says why of its undo: %s', (name) => {
    const parsed = parseRunbook(readFileSync(join(folder, name), 'utf8'), `runbooks/${name}`);
    if (!parsed.ok) throw new Error(parsed.problem.reason);
    const { remediation, body } = parsed.value;
    if (!remediation) return;
    if (remediation.undo === null) {
      expect(body).toMatch(/\w{3,}[^.]*, so there is nothing to undo\./);
      return;
    }
    expect(remediation.undoing).toEqual({
      when: expect.stringMatching(/^(on_request|when_worse)$/),
      because: expect.stringMatching(/^\S.{30,}[^.]$/),
    });
  });
});

test.each(catalogue.map((entry) => [entry.id, entry] as const))('catalogue %s says why', (_, entry) => {
  expect(entry.undoing).toMatch(/^\S.{30,}[^.]$/);
  expect(entry.undoing.includes('nothing to undo')).toBe(entry.undo === null);
});

test.each(Object.entries(effects))(
  'an undo of %s would bring back something that is named',
  (kind, effect) => {
    expect(effect.brings.length).toBeGreaterThan(10);
    // What takes a cause away lasts; what restores itself takes none.
    expect(effect.takesCause && effect.selfRestoring, kind).toBe(false);
  },
);
