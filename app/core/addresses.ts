// Where everything is that a job speaks to, as .github/vigil.yml on main names it: what decides which address gets a secret
// was merged under review. Must never take an address that is not https, except on this machine, where the sandbox lives.
import * as z from 'zod';

const LOOPBACK = /^(127\.0\.0\.1|\[::1\]|localhost)$/;

/** Whether a secret may be sent there: https, or plain text to this machine only; no user name, query or fragment. */
export function isAddress(text: string, scheme: 'http' | 'ws' = 'http'): boolean {
  const url = URL.parse(text);
  if (!url || `${url.username}${url.password}${url.search}${url.hash}` !== '') return false;
  const plain = url.protocol === `${scheme}:` && LOOPBACK.test(url.hostname);
  return url.protocol === `${scheme}s:` || plain;
}

export const Address = z
  .string()
  .max(300)
  .refine((text) => isAddress(text), 'an https address, or http on loopback, without user name or query')
  .overwrite((text) => text.replace(/\/+$/, ''));

const DATADOG_SITES = [
  'datadoghq.com',
  'us3.datadoghq.com',
  'us5.datadoghq.com',
  'datadoghq.eu',
  'ap1.datadoghq.com',
  'ap2.datadoghq.com',
  'uk1.datadoghq.com',
  'ddog-gov.com',
  'us2.ddog-gov.com',
] as const;
/** Where an account keeps its logs. https://docs.datadoghq.com/api/latest/logs/#search-logs */
const STORAGE_TIERS = ['indexes', 'flex', 'online-archives'] as const;
export type StorageTier = (typeof STORAGE_TIERS)[number];
/** A stand-in on this machine, in place of a name that leads to the vendor. */
const StandIn = z.string().regex(/^http:\/\/127\.0\.0\.1:\d{1,5}$/, 'http on loopback, with a port');
const Model = z.string().regex(/^[a-z0-9][a-z0-9.:@_-]{2,99}$/, 'the name of a model');
const Path = z.string().max(300).startsWith('/', 'an absolute path on the runner');
const Id = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\w.-]+$/, 'an id: letters, digits, dots and dashes');

/** The product's release that this installation runs: its repository and a commit, never a name that can be moved. */
export const Product = z.strictObject({
  repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'owner/name'),
  sha: z.string().regex(/^[0-9a-f]{40}$/, 'a full commit SHA'),
});
export type Product = z.infer<typeof Product>;

export const addresses = {
  /** The app itself, where jobs post facts; and which release of the product its workflows are called from. */
  vigil: z.strictObject({ url: Address, product: Product.optional() }).optional(),
  pagerduty: z
    .strictObject({
      api: Address.default('https://api.pagerduty.com'),
      /** What an alert of a service does that is not in the inventory: it opens nothing, or an incident for people. */
      outside_inventory: z.enum(['ignore', 'open']).default('ignore'),
    })
    .prefault({}),
  datadog: z
    .strictObject({
      site: z.union([z.enum(DATADOG_SITES), StandIn]).default('datadoghq.com'),
      /** Where logs are looked for, in turn until some are found. Left out: in the indexes. */
      storage_tiers: z.array(z.enum(STORAGE_TIERS)).min(1).max(STORAGE_TIERS.length).optional(),
    })
    .prefault({}),
  sanity: z
    .strictObject({
      project: z.string().regex(/^[a-z0-9][a-z0-9-]{0,60}$/, 'a project id'),
      dataset: z
        .string()
        .regex(/^~?[a-z0-9][a-z0-9_-]{0,63}$/, 'the name of a dataset')
        .default('production'),
      host: StandIn.optional(),
    })
    .optional(),
  skyflow: z.strictObject({ vault_url: Address, vault_id: Id }).optional(),
  coder: z.strictObject({ url: Address, organization: Id.default('default') }).optional(),
  /** Who decides. Without a provider the matching runbook's own remediation is proposed, and no model is asked. */
  claude: z
    .strictObject({
      provider: z.enum(['runbook', 'anthropic']).default('runbook'),
      model: Model.default('claude-opus-5-5'),
      /** Asked in order when the model fails; runbook stands for the embedded planner. */
      fallback: z.array(Model).max(5).default([]),
      base_url: Address.default('https://api.anthropic.com'),
      /** Signing in with the job's own identity, in place of a key. */
      federation: z
        .strictObject({
          rule: Id,
          organization: Id,
          service_account: Id.optional(),
          workspace: Id.optional(),
        })
        .optional(),
    })
    .prefault({}),
  browser: z
    .strictObject({
      lightpanda_endpoint: z
        .string()
        .refine((text) => isAddress(text, 'ws') || isAddress(text), 'wss or https, or ws or http on loopback')
        .optional(),
      lightpanda_path: Path.optional(),
      /** `none`: this runner has none that may look. */
      chromium_path: z.union([Path, z.literal('none')]).optional(),
      /** Without a Chromium, nothing that a browser saw counts, unless this says that Lightpanda's word is enough. */
      accepts_lightpanda_alone: z.boolean().default(false),
    })
    .prefault({}),
};

/** Datadog's API at its site. */
export const datadogApi = (site: string): string => (site.startsWith('http:') ? site : `https://api.${site}`);
