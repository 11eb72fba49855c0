// What each setting of the app must look like. Reads one file: the one that holds the private key, when its path is given.
// Must never put a value into a problem; the sentences stand in core/messages/settings.ts.
import { readFileSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import * as z from 'zod';
import { isAddress } from '#core/addresses';
import { type KeyFault, keyFaults, type SettingName } from '#core/messages/settings';
import { readPem } from '#core/text/pem';

const Secret = z.string().min(20);
/** What stands in a header of every request. */
const Token = z.string().regex(/^[\x21-\x7e]+$/);
const secrets = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(Secret).min(1));
/** https everywhere. Plain http only to this machine, where the sandbox runs. */
const Url = z
  .string()
  .refine((text) => isAddress(text))
  .transform((text) => text.replace(/\/$/, ''));
/** Digits as people write them: no sign, no exponent, no other base. */
const Digits = (pattern: RegExp) => z.string().regex(pattern).transform(Number);
const whole = (min: number, max: number) => Digits(/^\d{1,15}$/).pipe(z.number().int().min(min).max(max));
/** A timer that is told to wait for longer than 24 days does not wait at all, so every wait has a greatest length. */
const wait = (max: number) => Digits(/^\d{1,9}(\.\d{1,6})?$/).pipe(z.number().max(max));

/** The key in the text itself or, where the text is none, the one in the file of that name. */
export function keyOf(text: string): { ok: true; pem: string } | { ok: false; why: KeyFault } {
  const given = readPem(text);
  if (given.ok) return given;
  if (given.why !== 'none') return { ok: false, why: given.why };
  try {
    const path = text.trim().replace(/^(["'])(.*)\1$/, '$2');
    const held = readPem(readFileSync(path.replace(/^~(?=\/)/, homedir()), 'utf8'));
    if (held.ok) return held;
    return { ok: false, why: held.why === 'none' ? 'empty' : held.why };
  } catch {
    return { ok: false, why: 'unreadable' };
  }
}
const Key = z.string().transform((text, context) => {
  const key = keyOf(text);
  if (key.ok) return key.pem;
  context.addIssue({ code: 'custom', message: keyFaults[key.why] });
  return z.NEVER;
});

export const Variables = z.object({
  APP_ID: whole(1, Number.MAX_SAFE_INTEGER),
  PRIVATE_KEY: Key,
  WEBHOOK_SECRET: Secret,
  VIGIL_REPOSITORY: z.string().regex(/^[\w.-]+\/[\w.-]+$/),
  VIGIL_URL: Url,
  PAGERDUTY_WEBHOOK_SECRET: secrets,
  PAGERDUTY_API_KEY: Token,
  PAGERDUTY_FROM_EMAIL: z.email(),
  PAGERDUTY_API_URL: Url.default('https://api.pagerduty.com'),
  SLACK_BOT_TOKEN: Token.optional(),
  SLACK_APPROVAL_CHANNEL: z
    .string()
    .regex(/^[A-Z][A-Z0-9]+$/)
    .optional(),
  SLACK_SIGNING_SECRET: Secret.optional(),
  SLACK_API_URL: Url.default('https://slack.com/api'),
  GITHUB_CLIENT_ID: z
    .string()
    .regex(/^[\w.]+$/)
    .optional(),
  GITHUB_CLIENT_SECRET: Secret.optional(),
  GITHUB_API_URL: Url.default('https://api.github.com'),
  GITHUB_SERVER_URL: Url.default('https://github.com'),
  GITHUB_THROTTLE: z.enum(['on', 'off']).default('on'),
  VIGIL_OIDC_ISSUER: Url.default('https://token.actions.githubusercontent.com'),
  CONFIDENCE_AUTO_EXECUTE_THRESHOLD: whole(90, 100).default(90),
  CONTEXT_MATCH_THRESHOLD: whole(0, 100).default(85),
  VIGIL_LEDGER_KEY: z.string().optional(),
  VIGIL_DATA_DIR: z.string().default('.vigil'),
  VIGIL_REPLICA: z
    .string()
    .regex(/^[A-Za-z0-9.-]+$/)
    .default(hostname().replace(/[^A-Za-z0-9.-]/g, '-')),
  RCA_WAIT_SECONDS: wait(1800).default(300),
  VIGIL_SWEEP_SECONDS: wait(3600)
    .refine((seconds) => seconds > 0)
    .default(15),
  VIGIL_QUIET_SECONDS: wait(604_800)
    .refine((seconds) => seconds > 0)
    .default(600),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace']).default('info'),
  HOST: z.string().default('127.0.0.1'),
  PORT: whole(0, 65_535).default(3000),
} satisfies Record<SettingName, z.ZodType>);

/** One is of no use without the other. */
export const pairs: readonly (readonly [SettingName, SettingName])[] = [
  ['SLACK_BOT_TOKEN', 'SLACK_APPROVAL_CHANNEL'],
  ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
];
