// What people read of a runbook's section Impact before they decide.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { impactOf } from './impact.ts';
import { splitRunbook } from './runbook.ts';

describe('the impact', () => {
  test.each<[string, string, string | null]>([
    [
      'is the section of that name',
      '# T\n\n## Impact\nOrders in the queue are lost.\n\n## Diagnosis\nNo.',
      'Orders in the queue are lost.',
    ],
    ['is one line', '## Impact\nNobody can buy.\nCarts\n  are kept.', 'Nobody can buy. Carts are kept.'],
    [
      'may be a list',
      '## Impact\n- Nobody can buy.\n* Carts are kept.\n1. Money waits.',
      'Nobody can buy. Carts are kept. Money waits.',
    ],
    ['may be called more', '### Impact on customers\nThey wait.', 'They wait.'],
    ['may be called in any case', '## IMPACT ##\nThey wait.', 'They wait.'],
    [
      'has no code and no comment',
      '## Impact\nThey wait.\n```\nrm -rf /\n```\n<!-- note -->\n',
      'They wait.',
    ],
    ['is not read out of code', '```\n## Impact\nNone at all.\n```\n', null],
    ['is not there', '## Meaning\nSomething.', null],
    ['says nothing', '## Impact\n\n## Diagnosis\nNo.', null],
    ['is not another word', '## Impacted services\nMany.', null],
  ])('%s', (_, body, said) => {
    expect(impactOf(body)).toBe(said);
  });

  test('has an end', () => {
    const said = impactOf(`## Impact\n${'x'.repeat(50_000)}`);
    expect(said).toHaveLength(300);
    expect(said?.endsWith('…')).toBe(true);
  });

  test('hides nothing that a reader would not see', () => {
    expect(impactOf('## Impact\nNo\u200bthing\u202e is lost.\u001b[2K')).toBe('Nothing is lost.');
  });
});

test('every shipped runbook says what its fault costs', () => {
  const folder = new URL('../../../runbooks/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'README.md');
  expect(names.length).toBeGreaterThan(10);
  const silent = names.filter((name) => {
    const split = splitRunbook(readFileSync(new URL(name, folder), 'utf8'));
    return !split.ok || impactOf(split.body) === null;
  });
  expect(silent).toEqual([]);
});
