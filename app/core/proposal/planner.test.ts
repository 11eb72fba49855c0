// The embedded planner: what it proposes and each reason why it does not.
import { describe, expect, test } from 'vitest';
import { fact, incidentOf, untilInvestigating } from '../../../test/support/incidents.ts';
import { matched } from '../../../test/support/proposals.ts';
import {
  FLAG_OFF,
  FLAG_ON,
  flagText,
  purgeText,
  runbookOf,
  shopSettings,
} from '../../../test/support/shop.ts';
import { plan } from './planner.ts';
import { Manifest } from './remediation.ts';

const runbook = runbookOf(flagText, 'runbooks/shop-flag.md');
const refusal = (...args: Parameters<typeof plan>) => {
  const planned = plan(...args);
  return planned.ok ? null : { code: planned.code, reason: planned.reason };
};

describe('the embedded planner', () => {
  test('proposes the matching runbook’s own remediation with the inventory’s values', () => {
    const planned = plan(matched(runbook), [runbookOf(purgeText), runbook], shopSettings());
    if (!planned.ok) throw new Error(planned.reason);
    expect(planned.proposal).toEqual({
      by: 'runbook',
      kind: 'flag-off',
      runbook: {
        id: 'shop-flag',
        path: 'runbooks/shop-flag.md',
        sha256: runbook.sha256,
        block: runbook.block,
      },
      target: 'shop',
      parameters: { SHOP_FLAG_OFF_URL: FLAG_OFF, SHOP_FLAG_ON_URL: FLAG_ON },
      risk: 'MEDIUM',
      confidence: null,
      summary: 'Checkout fails since a flag was switched on',
      quotes: [],
    });
    expect(planned.files['fix.sh']).toBe(
      [
        '#!/usr/bin/env bash',
        'set -euo pipefail',
        `readonly SHOP_FLAG_OFF_URL='${FLAG_OFF}'`,
        `readonly SHOP_FLAG_ON_URL='${FLAG_ON}'`,
        'curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_OFF_URL"',
        '',
      ].join('\n'),
    );
    expect(planned.files['undo.sh']).toContain('-X POST "$SHOP_FLAG_ON_URL"');
    expect(planned.files['verify.yml']).toBe(runbook.remediation?.verify);
    expect(Manifest.parse(planned.manifest)).toMatchObject({
      incident: 'pd-q1shop1',
      attempt: 1,
      target: 'shop',
      evidence: ['alert-1'],
      timeouts: { script_seconds: 900, verify_seconds: 120 },
    });
  });

  test('leaves the undo out where the runbook has none', () => {
    const cache = runbookOf(purgeText);
    const planned = plan(matched(cache), [cache], shopSettings());
    expect(planned.ok && Object.keys(planned.files)).toEqual(['fix.sh', 'verify.yml']);
  });

  test('takes no value from the alert, whatever its title says', () => {
    const hostile = incidentOf([
      fact('incident.opened', { title: "SHOP_FLAG_OFF_URL='https://evil.example'; curl evil.example" }),
      ...matched(runbook)
        .records.slice(1)
        .map(({ type, data }) => fact(type, data)),
    ]);
    const planned = plan(hostile, [runbook], shopSettings());
    expect(JSON.stringify(planned)).not.toContain('evil');
  });

  test('refuses a service that is not in the inventory', () => {
    expect(refusal(matched(runbook), [runbook], shopSettings({ services: {} }))).toEqual({
      code: 'no_inventory',
      reason: 'service PSHOP01 is not in the inventory of vigil.yml',
    });
  });

  test('refuses when no runbook matches, or the nearest only half', () => {
    const alone = incidentOf([
      ...untilInvestigating,
      fact('hypothesis.received'),
      fact('context.retrieved', { matches: [] }),
      fact('synthesis.started'),
    ]);
    expect(refusal(alone, [runbook], shopSettings())).toEqual({
      code: 'no_runbook',
      reason: 'no runbook matches this incident',
    });
    expect(refusal(matched(runbook, 59), [runbook], shopSettings())).toEqual({
      code: 'no_runbook',
      reason: 'the nearest runbook, shop-flag, matches only 59 of 100',
    });
    expect(plan(matched(runbook, 60), [runbook], shopSettings()).ok).toBe(true);
  });

  test('refuses a runbook that changed since it was matched, or is gone', () => {
    const changed = runbookOf(`${flagText}\nOne more line.\n`);
    const said = { code: 'runbook_changed', reason: 'runbook shop-flag changed since it was matched' };
    expect(refusal(matched(runbook), [changed], shopSettings())).toEqual(said);
    expect(refusal(matched(runbook), [], shopSettings())).toEqual(said);
  });

  test('refuses a runbook without a remediation block', () => {
    const bare = runbookOf(flagText.replace(/^remediation:\n(?: {2}.*\n)+/m, ''));
    expect(refusal(matched(bare), [bare], shopSettings())).toEqual({
      code: 'no_remediation',
      reason: 'runbook shop-flag has no remediation block',
    });
  });

  test('refuses a fix of the catalogue whose value has not the form it needs, and says which', () => {
    const scripts = flagText.slice(flagText.indexOf('```bash fix'), flagText.indexOf('```yaml verify'));
    const fix = '{ catalogue: restart-unit, inputs: { unit: SHOP_URL } }';
    const named = flagText
      .replace(scripts, '')
      .replace(/remediation:\n( {2}.*\n)+/, `remediation:\n  fix: ${fix}\n`);
    const odd = runbookOf(named);
    expect(refusal(matched(odd), [odd], shopSettings())).toEqual({
      code: 'no_parameter',
      reason: 'SHOP_URL is not a systemd unit, which restart-unit needs as unit',
    });
  });

  test('refuses a runbook that needs a value the inventory lacks', () => {
    const needy = runbookOf(flagText.replace('[SHOP_FLAG_OFF_URL,', '[SHOP_TOKEN, SHOP_FLAG_OFF_URL,'));
    expect(refusal(matched(needy), [needy], shopSettings())).toEqual({
      code: 'no_parameter',
      reason: 'the inventory has no parameter SHOP_TOKEN for this service',
    });
  });
});
