// `kubectl delete pod`: a graceful restart of pods whose owner starts them again.
// It must never let another kind of object be deleted, nor pods of a workload that the inventory does not name.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { optionValue } from '../engine/parsed.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { type Arg, drop, literal, prefix, shapeOf, show, textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';
import { inNamespace, isNamed } from './kubernetes.ts';

const kind = /^(pods?|po)$/;
/** Labels that say which workload a pod belongs to; https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/ */
const owners = /^(app|k8s-app|name|app\.kubernetes\.io\/(name|instance))$/;
const term = /^[\w./-]{1,100}(=|==|!=)[\w.-]{1,63}$/;
const ended = /^status\.phase==?(Failed|Succeeded)$/;
const form = 'kubectl delete pod NAME --namespace NAMESPACE';

export function checkDeletePod(parsed: Parsed, setting: Setting): Found {
  const issues: Issue[] = [];
  const pods = namesOf(parsed.operands);
  const phase = textOf(optionValue(parsed, '--field-selector') ?? undefined);
  const label = optionValue(parsed, '-l --selector');
  if (pods === null) {
    const sentence = `Only pods are deleted, since their owner starts them again: ${form}.`;
    return { issues: [refusal('destructive', sentence)], target: shownAll(parsed) };
  }
  if (phase !== null && pods.length === 0 && ended.test(phase)) {
    if (label) issues.push(...judgeSelector(label, setting));
    issues.push(question('asks', 'These pods have ended; what is left of their logs goes with them.'));
    return { issues, effect: 'pods.prune', target: `pods ${phase}${inNamespace(parsed, setting, issues)}` };
  }
  if (phase !== null || (label && pods.length > 0) || (!label && pods.length === 0)) {
    const sentence = `Write which pod: ${form}. Pods that have ended are selected by --field-selector status.phase=Failed.`;
    issues.push(refusal('bulk', sentence));
  }
  if (label) {
    issues.push(...judgeSelector(label, setting));
    const sentence =
      'All pods of the selector end at once; kubectl rollout restart replaces them one after the other.';
    issues.push(question('asks', sentence));
    return { issues, target: `pods ${show(label.value)}${inNamespace(parsed, setting, issues)}` };
  }
  for (const pod of pods) issues.push(...judgePod(pod, setting));
  issues.push(
    question(
      'asks',
      'Deleting a pod ends it at once, and does not wait until another one is ready; kubectl rollout restart waits, and needs nobody.',
    ),
  );
  const shown = pods.map((pod) => (isReadPod(pod) ? show(pod.value) : `pod/${show(pod.value)}`)).join(' ');
  return { issues, target: `${shown}${inNamespace(parsed, setting, issues)}` };
}

const shownAll = (parsed: Parsed): string => parsed.operands.map((arg) => show(arg.value)).join(' ');

/** The names behind `pod NAME NAME` or in `pod/NAME pod/NAME`; null: something else is deleted. */
function namesOf(operands: readonly Arg[]): Arg[] | null {
  const [first, ...rest] = operands;
  if (kind.test(textOf(first) ?? '')) return rest;
  if (operands.length === 1 && first && isReadPod(first)) return [first];
  const cut = operands.map((arg) => {
    const begin = prefix(arg.value);
    const slash = begin.indexOf('/');
    return slash > 0 && kind.test(begin.slice(0, slash))
      ? { ...arg, value: drop(arg.value, slash + 1) }
      : null;
  });
  return cut.length > 0 && cut.every((arg) => arg !== null) ? cut : null;
}

/** What `kubectl get pods -o name` printed: `pod/NAME`, once or several times. */
function isReadPod({ value: [only, ...more] }: Arg): boolean {
  return more.length === 0 && typeof only === 'object' && only.shape === 'name' && only.under === 'pod';
}

function judgePod(pod: Arg, setting: Setting): Issue[] {
  const name = literal(pod.value);
  if (name === null) {
    const sure = /^(name|number)$/.test(shapeOf(pod.value));
    return [
      sure
        ? question('tainted-target', `Which pod ${show(pod.value)} is, is known only at run time.`)
        : refusal(
            'tainted-target',
            `${show(pod.value)} can be any text. Read one name: pod=$(kubectl get pods --namespace shop --selector app=web -o jsonpath='{.items[0].metadata.name}').`,
          ),
    ];
  }
  const plain = /^[a-z][a-z0-9.-]{0,252}$/.test(name);
  return plain && ownersOf(name).some((owner) => isNamed(owner, setting))
    ? []
    : [
        refusal(
          'foreign-target',
          `${name} is no pod of a workload in the incident's inventory, so it is not this script's to change.`,
        ),
      ];
}

/** `web-7d9f8c6b5-x2x4q` belongs to `web`, `redis-0` to `redis`; a pod may also be named itself. */
function ownersOf(name: string): string[] {
  const parts = name.split('-');
  return [0, 1, 2]
    .filter((cut) => cut < parts.length)
    .map((cut) => parts.slice(0, parts.length - cut).join('-'));
}

/** A selector that holds one label of an owner with a name of the inventory; further terms only narrow it. */
function judgeSelector(label: Arg, setting: Setting): Issue[] {
  const text = textOf(label);
  const terms = text?.split(',') ?? [];
  const sound = terms.length > 0 && terms.every((one) => term.test(one));
  const owner = terms.some((one) => {
    const [key = '', value = ''] = one.split(/==?/);
    return !one.includes('!=') && owners.test(key) && isNamed(value, setting);
  });
  if (sound && owner) return [];
  return [
    refusal(
      'foreign-target',
      `${show(label.value)} does not select pods of one workload of the inventory, as --selector app=web does.`,
    ),
  ];
}
