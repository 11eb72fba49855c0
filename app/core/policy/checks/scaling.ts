// How many there will be: within the inventory's limits, and whether that is fewer than usual, or the only one.
// It must never let a number pass that is over a limit of the inventory.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { optionValue } from '../engine/parsed.ts';
import { question, refusal } from '../engine/run.ts';
import { textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';

const counts =
  '--replicas --desired-count --desired-capacity --size --new-capacity -c --node-count --num-nodes';
const targets = '--service --auto-scaling-group-name -n --name --node-pool';

type Limits = { most: Limit | null; least: Limit | null; usual: number | null };
type Limit = { is: number; parameter: string };

/**
 * The inventory's limits for a name: of WEB_DEPLOYMENT=web the parameters WEB_REPLICAS_MAX, WEB_REPLICAS_MIN and WEB_REPLICAS_USUAL, of
 * DEPLOYMENT=web those without the beginning.
 */
export function limitsOf(name: string, parameters: Readonly<Record<string, string>>): Limits {
  const beginnings = Object.entries(parameters)
    .filter(([, value]) => value === name)
    .map(([key]) => key.slice(0, key.lastIndexOf('_') + 1));
  const find = (...ends: readonly string[]): Limit | null => {
    for (const begin of beginnings)
      for (const end of ends) {
        const value = parameters[`${begin}${end}`];
        if (value !== undefined && /^\d{1,4}$/.test(value))
          return { is: Number(value), parameter: `${begin}${end}` };
      }
    return null;
  };
  return {
    most: find('REPLICAS_MAX', 'MAX_REPLICAS'),
    least: find('REPLICAS_MIN', 'MIN_REPLICAS'),
    usual: find('REPLICAS_USUAL', 'USUAL_REPLICAS', 'REPLICAS')?.is ?? null,
  };
}

/** The effect of setting a number of replicas, tasks, machines or nodes. `name`: whose number it is. */
export function checkScaling(parsed: Parsed, setting: Setting, name: string | null): Found {
  const given = textOf(optionValue(parsed, counts) ?? undefined);
  if (given === null || !/^\d{1,4}$/.test(given)) return { issues: [], effect: 'scale' };
  const count = Number(given);
  const { most, least, usual } = limitsOf(name ?? '', setting.run.context.parameters);
  const before = textOf(optionValue(parsed, '--current-replicas') ?? undefined);
  const fewer = count < Math.max(usual ?? 0, before === null ? 0 : Number(before) || 0);
  if (most && count > most.is)
    return {
      issues: [
        refusal(
          'over-cap',
          `${count} is more than the inventory allows for ${name}: ${most.parameter} is ${most.is}. Write ${most.is} or less.`,
        ),
      ],
      effect: 'scale',
    };
  if (least && count < least.is)
    return {
      issues: [
        refusal(
          'over-cap',
          `${count} is less than the inventory allows for ${name}: ${least.parameter} is ${least.is}. Write ${least.is} or more.`,
        ),
      ],
      effect: 'scale.down',
    };
  // An undo goes back to what was there, and that may have been one.
  if (count !== 1 || usual === 1 || setting.run.context.kind === 'undo')
    return { issues: [], effect: fewer ? 'scale.down' : 'scale' };
  const sentence = 'Only one is left, so that its next restart is an outage; two or more need nobody.';
  return { issues: [question('asks', sentence)], effect: 'scale.one' };
}

/** The same for a cloud's command, whose options or operand name the target. */
export const checkCloudScaling = (parsed: Parsed, setting: Setting): Found =>
  checkScaling(parsed, setting, textOf(optionValue(parsed, targets) ?? parsed.operands[0]));
