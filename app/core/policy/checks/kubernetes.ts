// kubectl's operands: which resources are read or changed. `get secret` and `get pods` differ in one word.
// It must never let a change reach a resource that the inventory does not name.
import type { Found } from '../engine/apply.ts';
import type { Parsed } from '../engine/options.ts';
import { has, optionValue } from '../engine/parsed.ts';
import { type Issue, question, refusal } from '../engine/run.ts';
import { literal, type Output, prefix, shapeOf, show, textOf } from '../engine/value.ts';
import type { Setting } from '../kinds/kinds.ts';
import { checkFormat, onlyPath } from '../languages/jsonpath.ts';

/** Kinds of objects by all their names; https://kubernetes.io/docs/reference/kubectl/#resource-types */
const kinds = new Set(
  'po pod pods deploy deployment deployments deployment.apps deployments.apps rs replicaset replicasets sts statefulset statefulsets statefulset.apps ds daemonset daemonsets daemonset.apps job jobs job.batch cj cronjob cronjobs svc service services ep endpoints endpointslice endpointslices ing ingress ingresses node nodes no ns namespace namespaces event events ev hpa horizontalpodautoscaler horizontalpodautoscalers pdb poddisruptionbudget poddisruptionbudgets pv persistentvolume persistentvolumes pvc persistentvolumeclaim persistentvolumeclaims sc storageclass storageclasses cm configmap configmaps quota resourcequota resourcequotas limits limitrange limitranges netpol networkpolicy networkpolicies lease leases all cs componentstatuses apiservice apiservices crd crds customresourcedefinition customresourcedefinitions pc priorityclass priorityclasses rc replicationcontroller replicationcontrollers certificate certificates certificaterequest certificaterequests order orders challenge challenges gateway gateways virtualservice virtualservices destinationrule destinationrules httproute httproutes rollout rollouts application applications scaledobject scaledobjects servicemonitor servicemonitors prometheusrule prometheusrules volumeattachment volumeattachments csinode csinodes runtimeclass verticalpodautoscaler vpa'.split(
    ' ',
  ),
);
const workloads =
  /^(deploy|deployment|deployments|deployment\.apps|deployments\.apps|sts|statefulset|statefulsets|statefulset\.apps|ds|daemonset|daemonsets|daemonset\.apps)$/;
const secretKinds =
  /^(secrets?|sealedsecrets?|externalsecrets?|serviceaccounts?|sa|token\w*|csr|certificatesigningrequests?|(cluster)?roles?|(cluster)?rolebindings?)(\.|$)/i;

/** Reads: every kind must be known and none a secret. */
export function checkResources(parsed: Parsed, setting: Setting): Found {
  const issues = format(parsed);
  const [first] = parsed.operands;
  const text = first ? prefix(first.value) : '';
  const whole = first ? literal(first.value) : null;
  const names = text
    .split(',')
    .map((part) => (part.includes('/') ? part.slice(0, part.indexOf('/')) : part).toLowerCase());
  const others = parsed.operands.slice(1).map((arg) => prefix(arg.value).toLowerCase());
  if (
    [...names, ...others].some((name) =>
      secretKinds.test(name.includes('/') ? name.slice(0, name.indexOf('/')) : name),
    )
  ) {
    issues.push(refusal('secret-read', 'Secrets and rights of the cluster are not read by a script.'));
  } else if (first && whole === null && !text.includes('/') && !/name/.test(shapeOf(first.value))) {
    issues.push(question('tainted', 'Which resources are read is known only at run time.'));
  } else if (first && whole !== null && !names.every((name) => kinds.has(name))) {
    issues.push(
      question(
        'resource',
        `The policy does not know the resource ${names.find((name) => !kinds.has(name))}.`,
      ),
    );
  }
  for (const arg of parsed.operands.slice(1)) {
    if (!/name|number/.test(shapeOf(arg.value)) && textOf(arg) === null)
      issues.push(question('tainted', `${show(arg.value)} is known only at run time.`));
  }
  void setting;
  return { issues, output: outputOf(parsed, names) };
}

function format(parsed: Parsed): Issue[] {
  const value = optionValue(parsed, '-o --output');
  if (!value) return [];
  const text = formatOf(parsed);
  const issue =
    text === null ? question('tainted', 'How this is printed is known only at run time.') : checkFormat(text);
  return issue ? [issue] : [];
}

/** The value of `-o`, which may stand behind a `=`. Brackets outside quotes that match no file stay as they are. */
function formatOf(parsed: Parsed): string | null {
  const value = optionValue(parsed, '-o --output')?.value ?? [];
  const fixed = value.every((piece) => typeof piece === 'string' || piece.shape === 'glob');
  return fixed ? show(value).replace(/^=/, '') : null;
}

/** Paths whose values are numbers, and those whose values are names. */
const numbers =
  /^\.(status\.((ready|available|updated|current|desired)?(Replicas|NumberScheduled|NumberReady)|replicas|succeeded|failed|active|readyReplicas|observedGeneration|containerStatuses\[\d\]\.restartCount)|spec\.replicas|metadata\.generation)$/;
const words =
  /^(\.items\[(\*|\d+)\])?\.(metadata\.(name|namespace|uid)|spec\.nodeName|status\.(phase|podIP|hostIP))$/;

function outputOf(parsed: Parsed, names: readonly string[]): Output {
  const text = formatOf(parsed);
  if (text === 'name') return { shape: 'name' };
  const path = onlyPath(text ?? '') ?? '';
  if (numbers.test(path)) return { shape: 'number' };
  if (words.test(path)) return { shape: 'name' };
  const table = !has(parsed, '-o --output') || text === 'wide';
  return table && names.every((name) => kinds.has(name) && !/^(ev|event|events|cm|crd|all)/.test(name))
    ? { shape: 'name' }
    : { shape: 'text' };
}

/** Changes: one workload, written `kind/name` or `kind name`, named by the inventory with its namespace. */
export function checkWorkload(parsed: Parsed, setting: Setting): Found {
  const [first, second, ...more] = parsed.operands;
  const issues: Issue[] = [];
  if (has(parsed, '-l --selector --field-selector'))
    issues.push(refusal('bulk', 'A change names its target instead of selecting it.'));
  const a = textOf(first);
  const b = textOf(second);
  const kind = a?.includes('/') ? a.slice(0, a.indexOf('/')) : a;
  const name = a?.includes('/') ? a.slice(a.indexOf('/') + 1) : b;
  if (first && a === null)
    issues.push(refusal('tainted-target', 'What is changed is known only at run time.'));
  else if (!kind || !workloads.test(kind) || !name || more.length > 0 || (a?.includes('/') && second)) {
    issues.push(refusal('bulk', 'A change names one deployment, statefulset or daemonset.'));
  } else if (!named(name, setting)) {
    issues.push(
      refusal(
        'foreign-target',
        `${name} is not in the incident's inventory, so it is not this script's to change.`,
      ),
    );
  }
  const shown = kind && name ? `${kind}/${name}` : parsed.operands.map((arg) => show(arg.value)).join(' ');
  const space = textOf(optionValue(parsed, '-n --namespace') ?? undefined);
  if (space === null) issues.push(question('no-namespace', 'The change does not say in which namespace.'));
  else if (!named(space, setting))
    issues.push(refusal('foreign-target', `The namespace ${space} is not in the incident's inventory.`));
  return { issues, target: `${shown}${space === null ? '' : ` in ${space}`}` };
}

const named = (text: string, setting: Setting) => {
  const values = setting.run.inventory.values;
  return (
    values.has(text) ||
    [...values].some((v) => v.endsWith(`/${text}`) && !v.includes('://') && v.split('/').length === 2)
  );
};
