import { describe, expect, it } from 'vitest';
import { halfOf, parseCases } from './case.ts';

const one = `
- id: disk-1
  alert: { title: Disk full, service: PEDGE01, urgency: low }
  expect: human
`;

describe('a file of cases', () => {
  it('gives each case its class from the file name, its half, and what it left out', () => {
    const parsed = parseCases(one, '/some/where/disks.yml');
    expect(parsed).toEqual({
      ok: true,
      cases: [
        {
          id: 'disk-1',
          alert: { title: 'Disk full', service: 'PEDGE01', urgency: 'low', details: '', labels: {} },
          evidence: [],
          symptom: 'red',
          expect: 'human',
          group: 'disks',
          half: halfOf('disk-1'),
        },
      ],
    });
  });

  it('may be JSON Lines', () => {
    const line = JSON.stringify({
      id: 'a-case',
      alert: { title: 't', service: 'S', urgency: 'high' },
      expect: 'none',
    });
    const parsed = parseCases(`${line}\n\n`, 'x.jsonl');
    expect(parsed.ok && parsed.cases.map(({ id }) => id)).toEqual(['a-case']);
  });

  it.each([
    ['a: [', 'x.yml: '],
    ['{}', 'x.yml: not a list of cases'],
    [one.replace('human', 'perhaps'), 'x.yml, case 1: '],
    [one.replace('low', 'low, runbook: edge-disk'), 'x.yml, case 1: ✖ Unrecognized key: "runbook"'],
  ])('that is broken is refused by name: %s', (text, begins) => {
    const parsed = parseCases(text, 'x.yml');
    expect(!parsed.ok && parsed.reason).toContain(begins);
  });

  it('is split in two halves by the ids alone, about evenly', () => {
    const held = Array.from({ length: 1000 }, (_, index) => halfOf(`case-${index}`)).filter(
      (half) => half === 'held out',
    );
    expect(held.length).toBeGreaterThan(450);
    expect(held.length).toBeLessThan(550);
  });
});
