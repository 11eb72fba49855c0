// What an organisation forbids or wants to look at beyond the built-in policy: rules of vigil.yml, applied to every
// command a script may run. It must never make a verdict laxer: a rule can only add a finding.
import * as z from 'zod';
import { effects, isEffect } from './effects.ts';
import type { Issue } from './engine/run.ts';
import type { EffectKind, JudgedCommand } from './types.ts';

/** One value or several. */
const some = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)]);
const text = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[\x20-\x7e]+$/, 'plain printable text');
const Effect = z.enum(Object.keys(effects) as [EffectKind, ...EffectKind[]]);

/**
 * One rule. All conditions that it names must hold; at least one is needed. `command`: words in this order, the first
 * being the command's name; `target`: what is changed, `*` standing for anything; `replicas_over`: scaling beyond a
 * number; `from` and `until`: a freeze. What is known only at run time counts as if it were what the rule names.
 */
export const OrganisationRule = z
  .strictObject({
    name: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/, 'lower case letters, digits and dashes'),
    verdict: z.enum(['review', 'refuse']),
    because: text,
    command: some(text).optional(),
    effect: some(Effect).optional(),
    target: some(text).optional(),
    service: some(text).optional(),
    replicas_over: z.number().int().min(0).optional(),
    from: z.iso.datetime({ offset: true }).optional(),
    until: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(
    (rule) =>
      ['command', 'effect', 'target', 'service', 'replicas_over', 'from', 'until'].some((key) => key in rule),
    'a rule names at least one of command, effect, target, service, replicas_over, from and until',
  )
  .refine(
    ({ from, until }) => !from || !until || Date.parse(from) < Date.parse(until),
    '`from` is not before `until`',
  );
export type OrganisationRule = z.infer<typeof OrganisationRule>;

/** The rules, the name of the incident's service, and the time a freeze is measured by. */
export type Organisation = { rules: readonly OrganisationRule[]; service: string; now: Date };

/** What the rules say of one command. */
export function organisationIssues(command: JudgedCommand, organisation: Organisation): Issue[] {
  return organisation.rules
    .filter((rule) => applies(rule, command, organisation))
    .map(({ name, verdict, because }) => ({
      level: verdict,
      code: 'organisation',
      sentence: `The rule ${name} of vigil.yml ${verdict === 'refuse' ? 'refuses this' : 'wants a person to look'}: ${because}`,
    }));
}

function applies(rule: OrganisationRule, command: JudgedCommand, { service, now }: Organisation): boolean {
  const { from, until } = rule;
  return (
    (!rule.command || rule.command.some((words) => hasWords(command.argv, words))) &&
    (!rule.effect || rule.effect.some((named) => isEffect(command.effect, named))) &&
    (!rule.target || rule.target.some((pattern) => aims(command, pattern))) &&
    (!rule.service || rule.service.includes(service)) &&
    (rule.replicas_over === undefined || scalesOver(command, rule.replicas_over)) &&
    (!from || now.getTime() >= Date.parse(from)) &&
    (!until || now.getTime() < Date.parse(until))
  );
}

/** A word that is put together at run time may be any word. */
const open = (word: string): boolean => /[$`]|[<>]\(/.test(word);

/** The command's name, then the other words in their order; options may stand between them, and so may anything else. */
function hasWords(argv: readonly string[], pattern: string): boolean {
  const [name = '', ...words] = pattern.split(/\s+/).filter((word) => word !== '');
  const [first = '', ...rest] = argv;
  if (!like(first.slice(first.lastIndexOf('/') + 1), name)) return false;
  let at = 0;
  for (const word of rest) {
    const wanted = words[at];
    if (wanted === undefined) break;
    if (like(word, wanted) || open(word)) at++;
  }
  return at === words.length;
}

/** What is changed, as a whole and in its parts: `deployment/web in shop` is also `web` and `shop`. */
function aims({ effect, target, argv }: JudgedCommand, pattern: string): boolean {
  if (effect === 'read') return false;
  if (target === null)
    return argv.slice(1).some((word) => open(word) || namesOf(word).some((n) => like(n, pattern)));
  return namesOf(target).some((name) => like(name, pattern) || open(name));
}

function namesOf(text: string): string[] {
  const parts = text.split(/ in |[ ,=]/);
  return [text, ...parts, ...parts.map((part) => part.slice(part.indexOf('/') + 1))];
}

/** A number that cannot be read counts as too high. */
function scalesOver({ effect, argv }: JudgedCommand, most: number): boolean {
  if (!isEffect(effect, 'scale') && effect !== 'autoscaler.set') return false;
  const numbers = argv.flatMap((word, at) => {
    if (/^[{[]/.test(word)) return word.match(/\d+/g) ?? [];
    if (!/^-.*(replicas|count|capacity|size|instances|nodes|scale|min|max)\b/i.test(word))
      return /^[\w./-]+=\d+$/.test(word) ? [afterEquals(word)] : [];
    return [afterEquals(word.includes('=') ? word : (argv[at + 1] ?? ''))];
  });
  return numbers.length === 0 || numbers.some((value) => !/^\d+$/.test(value) || Number(value) > most);
}

const afterEquals = (text: string): string => text.slice(text.lastIndexOf('=') + 1);

/** Letter by letter, `*` for anything; linear in the text for each star. */
function like(text: string, pattern: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
