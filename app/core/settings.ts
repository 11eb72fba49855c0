// The shape of .github/vigil.yml: this installation's settings and its service inventory.
// Targets and parameters of scripts come from here and nowhere else. It must never accept an unknown key, because a typo
// could loosen a rule.
import * as z from 'zod';
import { addresses, isAddress } from '#core/addresses';
import { effects } from '#core/policy/effects';
import { OrganisationRule } from '#core/policy/organisation';
import { NamedTarget, type TargetFacts, targetKeys } from '#core/policy/target-facts';
import type { EffectKind } from '#core/policy/types';

const Url = z.url({ protocol: /^https?$/ });
/** A whole one: a path or a port that is left open would be a place that nobody reviewed. */
const Origin = z
  .string()
  .max(300)
  .refine(
    (text) => isAddress(text) && URL.parse(text)?.origin === text,
    'an origin, such as https://shop.example',
  );
const Name = z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'lower case letters, digits and dashes');

export const InventoryAction = z.strictObject({
  id: Name,
  method: z.enum(['POST', 'PUT', 'DELETE', 'PATCH']),
  url: Url,
  effect: z.enum(Object.keys(effects) as [EffectKind, ...EffectKind[]]),
  /** The id of the action that puts back what this one does. */
  undone_by: Name.optional(),
});

const Unchecked = z.strictObject({
  name: Name,
  description: z.string().max(200).optional(),
  parameters: z
    .record(
      z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/),
      z
        .string()
        .max(500)
        .regex(/^[^'\\\n\r]*$/, 'no quotes, backslashes or line breaks'),
    )
    .default({}),
  actions: z
    .array(InventoryAction)
    .superRefine((actions, context) => {
      for (const [at, { id, undone_by }] of actions.entries())
        if (undone_by !== undefined && !actions.some((one) => one.id === undone_by && one.id !== id))
          context.addIssue({
            code: 'custom',
            path: [at, 'undone_by'],
            message: `there is no other action ${undone_by}`,
          });
    })
    .default([]),
  ...targetKeys,
  /** What is true of some of its targets, and not of all. */
  targets: z.array(NamedTarget).max(100).optional(),
});

/** What says who keeps a target as it is says who that is. */
export const Service = Unchecked.superRefine(({ targets = [], ...service }, context) => {
  const whole = service.managed_by !== undefined;
  const check = (facts: TargetFacts, path: (string | number)[], known: boolean): void => {
    for (const key of ['repository', 'self_heal', 'reconcile'] as const)
      if (facts[key] !== undefined && !known && facts.managed_by === undefined)
        context.addIssue({
          code: 'custom',
          path: [...path, key],
          message: 'says how it is managed, and nothing says by whom; write managed_by beside it',
        });
  };
  check(service, [], false);
  for (const [at, target] of targets.entries()) check(target, ['targets', at], whole);
});
export type Service = z.infer<typeof Service>;

export const Settings = z.strictObject({
  v: z.literal(1),
  ...addresses,
  on_call: z
    .string()
    .regex(/^@[A-Za-z0-9/_-]+$/, 'a GitHub user or team, such as @acme/sre')
    .optional(),
  auto: z
    .strictObject({
      enabled: z.boolean().default(false),
      confidence: z.number().int().min(90).max(100).default(90),
      context: z.number().int().min(0).max(100).default(85),
      runs_per_day: z.number().int().min(0).default(10),
      freeze: z.boolean().default(false),
    })
    .prefault({}),
  /** Rules that make the policy stricter. Nothing here can make it less strict. */
  policy: z.strictObject({ rules: z.array(OrganisationRule).max(200).default([]) }).prefault({}),
  /** Hosts besides api.anthropic.com to which an incident may be sent: a regional endpoint or the organisation's gateway. */
  model: z
    .strictObject({
      gateways: z
        .array(z.string().regex(/^[a-z0-9][a-z0-9.-]*\.[a-z]{2,}(:\d{1,5})?$/, 'a host name'))
        .max(10)
        .default([]),
    })
    .prefault({}),
  /** Who writes root-cause notes, by PagerDuty user id. Never by name: anybody can claim a name. */
  rca: z
    .strictObject({
      authors: z
        .array(z.string().regex(/^[A-Z0-9]{5,14}$/, 'a PagerDuty user id'))
        .max(20)
        .default([]),
    })
    .prefault({}),
  approval: z
    .strictObject({
      expires_hours: z.number().positive().max(24).default(4),
      reviews: z.number().int().min(1).default(1),
      reviews_high: z.number().int().min(2).default(2),
    })
    .prefault({}),
  workspace: z.strictObject({
    template: z.string(),
    version: z.uuid(),
    ttl_minutes: z.number().int().min(5).max(120).default(60),
    /** Where a script is tried out before anybody approved it. No incident ever uses it, and it must not reach production. */
    test_template: z.strictObject({ template: z.string(), version: z.uuid() }).optional(),
    /** Where the commands of checks run. Its identity and network must only let them read. */
    measure_template: z.strictObject({ template: z.string(), version: z.uuid() }).optional(),
  }),
  timeouts: z
    .strictObject({
      script_seconds: z.number().int().min(10).max(7200).default(900),
      verify_seconds: z.number().int().min(5).max(3600).default(120),
    })
    .prefault({}),
  /** Secrets that checks name, and where each may be typed or sent. Their values are a secret of the environment vigil-measure. */
  check_secrets: z
    .record(
      z.string().regex(/^[A-Z][A-Z0-9_]{0,60}$/, 'capital letters, digits and underscores'),
      z.strictObject({ origins: z.array(Origin).min(1).max(10) }),
    )
    .default({}),
  services: z.record(z.string().regex(/^[A-Z0-9]{5,14}$/, 'a PagerDuty service id'), Service),
});
export type Settings = z.infer<typeof Settings>;

/** The inventory's entry for a PagerDuty service id. Null: Vigil may read, but not act. */
export function serviceOf(settings: Settings, pagerdutyServiceId: string): Service | null {
  // The id comes from outside. It could be the name of a property that every object has, such as `constructor`.
  return Object.hasOwn(settings.services, pagerdutyServiceId)
    ? (settings.services[pagerdutyServiceId] ?? null)
    : null;
}
