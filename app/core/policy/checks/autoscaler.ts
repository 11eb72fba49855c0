// `kubectl patch hpa`: the only patch that a remediation has, in the closed shapes that set an autoscaler's limits.
// It must never accept a member that it does not know: the rest of an autoscaler decides what it watches.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { optionValue } from '../engine/parsed.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';
import { inNamespace, objectOf } from './kubernetes.ts';
import { limitsOf } from './scaling.ts';

const autoscalers = /^(hpa|horizontalpodautoscalers?(\.autoscaling)?)$/;
const form = `--type merge --patch '{"spec":{"maxReplicas":12}}'`;
const most = 50;

export function checkPatchAutoscaler(parsed: Parsed, setting: Setting): Found {
  const { issues, kind, name, shown } = objectOf(parsed, autoscalers, setting);
  if (kind === null)
    issues.push(
      refusal(
        'destructive',
        `A patch can change anything, so only an autoscaler's limits are patched: kubectl patch hpa NAME --namespace NAMESPACE ${form}. A workload is changed by kubectl scale, set image, set env or set resources.`,
      ),
    );
  const type = textOf(optionValue(parsed, '--type') ?? undefined) ?? 'strategic';
  const text = textOf(optionValue(parsed, '-p --patch') ?? undefined);
  const limits = text === null ? null : limitsIn(text, type === 'json');
  const set = Object.keys(limits ?? {}).toSorted();
  if (!limits)
    issues.push(refusal('destructive', `The patch sets more than an autoscaler's limits. Write ${form}.`));
  else issues.push(...judgeLimits(limits, name ?? '', setting));
  const what = set.length > 0 ? ` ${set.join(' ')}` : '';
  return { issues, target: `${shown}${what}${inNamespace(parsed, setting, issues)}` };
}

type Bounds = { minReplicas?: number; maxReplicas?: number };

function judgeLimits({ minReplicas, maxReplicas }: Bounds, name: string, setting: Setting): Issue[] {
  const numbers = [minReplicas, maxReplicas].filter((n) => n !== undefined);
  const highest = limitsOf(name, setting.run.context.parameters).most?.is ?? most;
  if (numbers.some((n) => n < 1 || n > highest))
    return [refusal('over-cap', `The limits of an autoscaler here are from 1 to ${highest}.`)];
  if (minReplicas !== undefined && maxReplicas !== undefined && minReplicas > maxReplicas)
    return [refusal('value', 'The least number of replicas is more than the most.')];
  return maxReplicas === 1
    ? [
        question(
          'asks',
          'With one replica at the most, its next restart is an outage; two or more need nobody.',
        ),
      ]
    : [];
}

/** What a patch sets, if it is nothing but an autoscaler's limits. `list`: it is a JSON patch. */
export function limitsIn(text: string, list: boolean): Bounds | null {
  let patch: unknown;
  try {
    patch = JSON.parse(text);
  } catch {
    return null;
  }
  // Written in any other way (a member twice, a number as 1e1), it may be read in another way too.
  if (JSON.stringify(patch) !== text.replace(/\s+/g, '')) return null;
  const pairs = list ? replaced(patch) : merged(patch);
  if (!pairs || pairs.length === 0 || pairs.length > 2) return null;
  const sound = pairs.every(
    ([key, value]) => /^(min|max)Replicas$/.test(key) && Number.isSafeInteger(value) && !(Number(value) < 0),
  );
  if (!sound || new Set(pairs.map(([key]) => key)).size < pairs.length) return null;
  return Object.fromEntries(pairs) as Bounds;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Of `{"spec":{…}}` the members of spec. */
function merged(patch: unknown): [string, unknown][] | null {
  if (!isObject(patch) || Object.keys(patch).join() !== 'spec' || !isObject(patch['spec'])) return null;
  return Object.entries(patch['spec']);
}

/** Of `[{"op":"replace","path":"/spec/…","value":…}]` the paths' last parts with their values. */
function replaced(patch: unknown): [string, unknown][] | null {
  if (!Array.isArray(patch)) return null;
  const pairs = patch.map((step: unknown): [string, unknown] | null => {
    if (!isObject(step) || Object.keys(step).toSorted().join() !== 'op,path,value') return null;
    const { op, path, value } = step;
    return (op === 'replace' || op === 'add') && typeof path === 'string' && path.startsWith('/spec/')
      ? [path.slice('/spec/'.length), value]
      : null;
  });
  return pairs.every((pair) => pair !== null) ? pairs : null;
}
