// Turns the names that operators know (`.env.example`) into the addresses of .github/vigil.yml. Must never put a secret into
// them: tokens stay where they are, and a value is not repeated in a reason.
import * as z from 'zod';
import { addresses, type Product } from '#core/addresses';

export type Environment = Readonly<Record<string, string | undefined>>;
type Block = Record<string, unknown>;
type Read = { ok: true; block: Block; gateways: string[] } | { ok: false; problems: string[] };

/** Which variable gives which setting; the path is that in vigil.yml. */
const names: Readonly<Record<string, readonly [section: string, key: string]>> = {
  VIGIL_URL: ['vigil', 'url'],
  PAGERDUTY_API_URL: ['pagerduty', 'api'],
  DD_SITE: ['datadog', 'site'],
  SANITY_PROJECT_ID: ['sanity', 'project'],
  SANITY_DATASET: ['sanity', 'dataset'],
  SANITY_API_HOST: ['sanity', 'host'],
  SKYFLOW_VAULT_URL: ['skyflow', 'vault_url'],
  SKYFLOW_VAULT_ID: ['skyflow', 'vault_id'],
  CODER_API_URL: ['coder', 'url'],
  CODER_ORGANIZATION: ['coder', 'organization'],
  LLM_PROVIDER: ['claude', 'provider'],
  ANTHROPIC_MODEL: ['claude', 'model'],
  ANTHROPIC_FALLBACK_MODEL: ['claude', 'fallback'],
  ANTHROPIC_BASE_URL: ['claude', 'base_url'],
  ANTHROPIC_FEDERATION_RULE_ID: ['claude.federation', 'rule'],
  ANTHROPIC_ORGANIZATION_ID: ['claude.federation', 'organization'],
  ANTHROPIC_SERVICE_ACCOUNT_ID: ['claude.federation', 'service_account'],
  ANTHROPIC_WORKSPACE_ID: ['claude.federation', 'workspace'],
  LIGHTPANDA_WS_ENDPOINT: ['browser', 'lightpanda_endpoint'],
  LIGHTPANDA_PATH: ['browser', 'lightpanda_path'],
  CHROMIUM_PATH: ['browser', 'chromium_path'],
};
/** A section that only exists where this is set: a dataset without a project names nothing. */
const needs: Readonly<Record<string, string>> = {
  sanity: 'SANITY_PROJECT_ID',
  coder: 'CODER_API_URL',
  skyflow: 'SKYFLOW_VAULT_URL',
};
const Block = z.strictObject(addresses);
const PUBLIC_HOST = 'api.anthropic.com';

/** The block as data, defaults left out, and hosts that `model.gateways` has to allow. Every problem is told at once, by the variable's name. */
export function addressesFrom(environment: Environment, product: Product | null): Read {
  const block: Record<string, Block> = {};
  for (const [name, [path, key]] of Object.entries(names)) {
    const value = environment[name]?.trim();
    const [section = '', inner] = path.split('.');
    const needed = needs[section];
    if (!value || (needed && !environment[needed])) continue;
    const given = { [key]: key === 'fallback' ? value.split(',').map((one) => one.trim()) : value };
    const own = block[section] ?? {};
    block[section] = inner
      ? { ...own, [inner]: { ...(own[inner] as Block | undefined), ...given } }
      : { ...own, ...given };
  }
  if (product) block['vigil'] = { ...block['vigil'], product };
  const parsed = Block.safeParse(block);
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map((issue) => `${nameOf(issue.path)}: ${issue.message}`),
    };
  const host = URL.parse(environment['ANTHROPIC_BASE_URL'] ?? '')?.host;
  const gateway = host && host !== PUBLIC_HOST && parsed.data.claude.base_url.startsWith('https:');
  return { ok: true, block, gateways: gateway ? [host] : [] };
}

function nameOf(path: readonly PropertyKey[]): string {
  const section = path.slice(0, path.includes('federation') ? 2 : 1).join('.');
  const key = path[section.split('.').length];
  const found = Object.entries(names).find(([, [one, other]]) => one === section && other === key);
  return found?.[0] ?? path.join('.');
}
