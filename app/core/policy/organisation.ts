// What an organisation forbids or wants to look at beyond the built-in policy: rules of vigil.yml, applied to every
// command a script may run. It must never make a verdict laxer: a rule can only add a finding.
import * as z from 'zod';
import { type Change, coolMinutes, tooSoon } from './cool-down.ts';
import { effects, isEffect } from './effects.ts';
import type { Issue } from './engine/run.ts';
import { aims, hasWords, sizesOf } from './matching.ts';
import type { EffectKind, JudgedCommand } from './types.ts';
import { closed, frozen, WeeklyWindow } from './weekly.ts';

/** One value or several. */
const some = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)]);
const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, 'plain printable text');
const Effect = z.enum(Object.keys(effects) as [EffectKind, ...EffectKind[]]);
const Windows = z.array(WeeklyWindow).min(1).max(20);

const conditions = {
  command: some(text).optional(),
  effect: some(Effect).optional(),
  target: some(text).optional(),
  service: some(text).optional(),
  replicas_over: z.number().int().min(0).optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  until: z.iso.datetime({ offset: true }).optional(),
  freeze: Windows.optional(),
  change_window: Windows.optional(),
  cool_down: z
    .string()
    .refine((words) => coolMinutes(words) !== null, 'is a time from 1m to 24h, as 45m or 2h')
    .optional(),
};

/**
 * One rule. All conditions that it names must hold; at least one is needed. `command`: words in this order, the first
 * being the command's name; `target`: what is changed, `*` standing for anything; `replicas_over`: scaling beyond a
 * number; `from` and `until`: a freeze by dates; `freeze`: it holds in these weekly windows; `change_window`: it holds outside of all of
 * them; `cool_down`: the target was changed so short a time ago. What is known only at run time counts as if it were what the rule names.
 */
export const OrganisationRule = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'lower case letters, digits and dashes'),
    verdict: z.enum(['review', 'refuse']),
    because: text,
    ...conditions,
  })
  .refine(
    (rule) => Object.keys(conditions).some((key) => key in rule),
    `a rule names at least one of ${Object.keys(conditions).slice(0, -1).join(', ')} and ${Object.keys(conditions).at(-1)}`,
  )
  .refine(
    ({ from, until }) => !from || !until || Date.parse(from) < Date.parse(until),
    '`from` is not before `until`',
  );
export type OrganisationRule = z.infer<typeof OrganisationRule>;

/** The rules, the name of the incident's service, the time a freeze is measured by, and what was changed lately. */
export type Organisation = {
  rules: readonly OrganisationRule[];
  service: string;
  now: Date;
  changes: readonly Change[];
};

/** Whether any rule asks what was changed before. */
export const looksBack = (rules: readonly OrganisationRule[]): boolean =>
  rules.some(({ cool_down }) => cool_down !== undefined);

/** A rule that may hold now, and what its times say, as whole sentences. */
type InForce = { rule: OrganisationRule; times: readonly string[] };

/** The rules that hold for this service at this time, if anything in the script is what they name. */
export function inForce({ rules, service, now }: Organisation): InForce[] {
  return rules.flatMap((rule) => {
    const { from, until, freeze, change_window: window } = rule;
    if (rule.service && !rule.service.includes(service)) return [];
    if ((from && now.getTime() < Date.parse(from)) || (until && now.getTime() >= Date.parse(until)))
      return [];
    const [frost, shut] = [freeze && frozen(freeze, now), window && closed(window, now)];
    if (frost === null || shut === null) return [];
    const ends =
      until && `It ends on ${new Date(until).toISOString().slice(0, 16).replace('T', ' at ')} UTC.`;
    return [{ rule, times: [frost, shut, ends].filter((said) => said !== undefined) }];
  });
}

const subject = (name: string): string => `The rule ${name} of vigil.yml`;

/** The beginning of a rule's sentence, by which it is known again whatever the time is. Null: a rule did not say this. */
export const subjectOf = (sentence: string): string | null =>
  /^The rule [a-z][a-z0-9-]* of vigil\.yml/.exec(sentence)?.[0] ?? null;

/** What the rules say of one command. `rules`: those in force, where the caller has them for many commands. */
export function organisationIssues(
  command: JudgedCommand,
  organisation: Organisation,
  rules = inForce(organisation),
): Issue[] {
  return rules.flatMap(({ rule, times }) => {
    if (!applies(rule, command)) return [];
    const soon = rule.cool_down === undefined ? undefined : tooSoon(command, rule.cool_down, organisation);
    if (soon === null) return [];
    const { name, verdict, because } = rule;
    const does = verdict === 'refuse' ? 'refuses this' : 'wants a person to look';
    const sentence = [`${subject(name)} ${does}: ${because}`, ...times, ...(soon ? [soon] : [])].join(' ');
    return [{ level: verdict, code: 'organisation', sentence }];
  });
}

/** Whether a rule is about times alone. Such a one is about changes: looking is allowed at any time. */
const onlyTimes = ({ command, effect }: OrganisationRule): boolean => !command && !effect;

/** Whether a rule holds at some times and not at others. */
export const namesTime = (rule: OrganisationRule): boolean =>
  (['from', 'until', 'freeze', 'change_window', 'cool_down'] as const).some((key) => rule[key] !== undefined);

function applies(rule: OrganisationRule, command: JudgedCommand): boolean {
  if (command.effect === 'read' && namesTime(rule) && onlyTimes(rule)) return false;
  return (
    (!rule.command || rule.command.some((words) => hasWords(command.argv, words))) &&
    (!rule.effect || rule.effect.some((named) => isEffect(command.effect, named))) &&
    (!rule.target || rule.target.some((pattern) => aims(command, pattern))) &&
    (rule.replicas_over === undefined || scalesOver(command, rule.replicas_over))
  );
}

/** A number that cannot be read counts as too high. */
function scalesOver(command: JudgedCommand, most: number): boolean {
  if (!isEffect(command.effect, 'scale') && command.effect !== 'autoscaler.set') return false;
  const numbers = sizesOf(command);
  return numbers.length === 0 || numbers.some((value) => !/^\d+$/.test(value) || Number(value) > most);
}
