// A small web shop as Vigil knows it: its inventory, one runbook that restores itself and one that needs an undo.
// For tests only. It must never read the shipped runbooks: those may change without a rule having changed.
import { parseRunbook } from '#adapters/git/source';
import type { Runbook } from '#core/knowledge/runbook';
import { type Service, Settings } from '#core/settings';

export const SHOP = 'https://shop.example';
export const PURGE = 'https://admin.shop.example/cache/purge';
export const FLAG_OFF = 'https://admin.shop.example/flags/pricing/off';
export const FLAG_ON = 'https://admin.shop.example/flags/pricing/on';
export const SETTINGS_SHA256 = '5'.repeat(64);

/** vigil.yml as data; `change` is laid over it. The auto lane is on. */
export function shopSettings(change: Record<string, unknown> = {}): Settings {
  return Settings.parse({
    v: 1,
    auto: { enabled: true },
    workspace: { template: 'vigil-remediate', version: '5f0f7b1e-7d0c-4c53-9d2e-0d6c3a1f8b11' },
    services: {
      PSHOP01: {
        name: 'shop',
        parameters: {
          SHOP_URL: SHOP,
          SHOP_PURGE_URL: PURGE,
          SHOP_FLAG_OFF_URL: FLAG_OFF,
          SHOP_FLAG_ON_URL: FLAG_ON,
        },
        actions: [
          { id: 'purge-cache', method: 'POST', url: PURGE, effect: 'cache.purge' },
          { id: 'flag-off', method: 'POST', url: FLAG_OFF, effect: 'flag.set' },
          { id: 'flag-on', method: 'POST', url: FLAG_ON, effect: 'flag.set' },
        ],
      },
    },
    ...change,
  });
}

export function shopService(): Service {
  const service = shopSettings().services['PSHOP01'];
  if (!service) throw new Error('the shop is not in its own inventory');
  return service;
}

const check = `\`\`\`yaml verify
v: 1
checks:
  - { id: health, kind: http, url: '{SHOP_URL}/health' }
symptom: { checks: [health] }
\`\`\`
`;

/** Purging the cache: LOW, restores itself, allowed in the auto lane. */
export const purgeText = `---
id: shop-cache
title: Checkout fails because of the cache
service: shop
failure_types: [cache_corruption]
severity: sev2
keywords: [checkout, cache]
alerts: [Checkout error rate is high]
approval: auto
remediation:
  kind: purge-cache
  risk: LOW
  parameters: [SHOP_PURGE_URL]
---
# Checkout fails

\`\`\`bash fix
curl --fail --silent --max-time 10 -X POST "$SHOP_PURGE_URL"
\`\`\`

${check}`;

/** Switching a flag off: MEDIUM, does not restore itself, so it has an undo. */
export const flagText = `---
id: shop-flag
title: Checkout fails since a flag was switched on
service: shop
failure_types: [bad_flag]
severity: sev3
alerts: [Checkout fails after a flag change]
remediation:
  kind: flag-off
  risk: MEDIUM
  parameters: [SHOP_FLAG_OFF_URL, SHOP_FLAG_ON_URL]
---
\`\`\`bash fix
curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_OFF_URL"
\`\`\`

\`\`\`bash undo
curl --fail --silent --max-time 10 -X POST "$SHOP_FLAG_ON_URL"
\`\`\`

${check}`;

/** A runbook as main has it; throws when the text is not one. */
export function runbookOf(text: string, path = 'runbooks/test.md'): Runbook {
  const parsed = parseRunbook(text, path);
  if (!parsed.ok) throw new Error(`${path}:${parsed.problem.line}: ${parsed.problem.reason}`);
  return parsed.value;
}
