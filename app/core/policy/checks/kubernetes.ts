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
  /^(\w*(secret|credential|password|passphrase|kubeconfig|keyring|(api|access|ssh|private|encryption|signing)key)\w*|serviceaccounts?|sa|\w*token\w*|oauthclients?|(machine|build)configs?|csr|certificatesigningrequests?|(cluster)?roles?|(cluster)?rolebindings?)(\.|$)/i;
/** A kind of the cluster's own, by its whole name; a short one says too little. */
const customKind = /^[a-z][a-z0-9]{3,62}(\.[a-z0-9][a-z0-9-]{0,62}){0,8}$/;
/** What the API server says of itself; https://kubernetes.io/docs/reference/using-api/health-checks/ */
const health = /^\/((healthz|livez|readyz)(\/[a-z0-9-]+)*(\?verbose(&exclude=[a-z0-9-]+)*)?|version)$/;

/** Reads: no kind may be one that holds secrets or rights. */
export function checkResources(parsed: Parsed, setting: Setting): Found {
  const issues = format(parsed);
  const raw = optionValue(parsed, '--raw');
  if (has(parsed, '--raw') && !health.test(textOf(raw ?? undefined) ?? ''))
    issues.push(
      refusal(
        'secret-read',
        'A raw path can hand out secrets. Its health is read by --raw /readyz?verbose, everything else by kubectl get KIND.',
      ),
    );
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
  } else if (first && whole !== null && !names.every(isReadable)) {
    issues.push(
      question(
        'resource',
        `The policy does not know the resource ${names.find((name) => !isReadable(name))}; write its whole name, such as virtualservices.networking.istio.io.`,
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

const isReadable = (name: string): boolean =>
  customKind.test(name) || kinds.has(name.slice(0, `${name}.`.indexOf('.')));

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
  // Which kind they are of is remembered, so that nothing else is deleted by such a name.
  if (text === 'name')
    return { shape: 'name', ...(names.every((name) => /^(pods?|po)$/.test(name)) ? { under: 'pod' } : {}) };
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
  const { issues, kind, name, shown } = objectOf(parsed, workloads, setting);
  if (kind === null || name === null)
    issues.push(
      refusal(
        'bulk',
        'A change names one deployment, statefulset or daemonset, such as deployment/web --namespace shop.',
      ),
    );
  return { issues, target: `${shown}${inNamespace(parsed, setting, issues)}` };
}

/** A restart may name several, each written `kind/name`: it restores itself, so that no undo has to tell them apart. */
export function checkWorkloads(parsed: Parsed, setting: Setting): Found {
  const { operands } = parsed;
  if (operands.length < 2 || !operands.every((arg) => textOf(arg)?.includes('/')))
    return checkWorkload(parsed, setting);
  const each = operands.map((arg) => objectOf({ ...parsed, operands: [arg] }, workloads, setting));
  const issues = each.flatMap((one) => one.issues);
  if (each.some(({ kind }) => kind === null))
    issues.push(
      refusal('bulk', 'Each of them is a deployment, statefulset or daemonset, such as deployment/web.'),
    );
  issues.push(
    question(
      'asks',
      'Several workloads restart at once; one command for each, after the other is well, needs nobody.',
    ),
  );
  const shown = each.map((one) => one.shown).join(' ');
  return { issues, target: `${shown}${inNamespace(parsed, setting, issues)}` };
}

/** The one object of a kind that a change names. Kind and name are null when they are not that. */
export function objectOf(
  parsed: Parsed,
  allowed: RegExp,
  setting: Setting,
): { issues: Issue[]; kind: string | null; name: string | null; shown: string } {
  const [first, second, ...more] = parsed.operands;
  const issues: Issue[] = [];
  if (has(parsed, '-l --selector --field-selector'))
    issues.push(refusal('bulk', 'A change names its target instead of selecting it.'));
  const a = textOf(first);
  const slash = a?.indexOf('/') ?? -1;
  const kind = a === null ? null : slash < 0 ? a : a.slice(0, slash);
  const name = a === null ? null : slash < 0 ? textOf(second) : a.slice(slash + 1);
  const shown = parsed.operands.map((arg) => show(arg.value)).join(slash < 0 ? '/' : ' ');
  if (first && (a === null || (slash < 0 && second && name === null))) {
    issues.push(
      refusal(
        'tainted-target',
        'What is changed is known only at run time; write the name, or a parameter of the inventory.',
      ),
    );
    return { issues, kind: '', name: '', shown };
  }
  if (!kind || !allowed.test(kind) || !name || more.length > 0 || (slash >= 0 && second))
    return { issues, kind: null, name: null, shown };
  if (!isNamed(name, setting))
    issues.push(
      refusal(
        'foreign-target',
        `${name} is not in the incident's inventory, so it is not this script's to change.`,
      ),
    );
  return { issues, kind, name, shown: `${kind}/${name}` };
}

/** ` in shop`, where the inventory names the namespace. Says what is wrong with it otherwise. */
export function inNamespace(parsed: Parsed, setting: Setting, issues: Issue[]): string {
  const given = optionValue(parsed, '-n --namespace');
  const space = textOf(given ?? undefined);
  if (given && space === null)
    issues.push(
      refusal('tainted-target', 'In which namespace this changes something is known only at run time.'),
    );
  else if (space === null)
    issues.push(
      question('no-namespace', 'The change does not say in which namespace; add --namespace with its name.'),
    );
  else if (!isNamed(space, setting))
    issues.push(refusal('foreign-target', `The namespace ${space} is not in the incident's inventory.`));
  return space === null ? '' : ` in ${space}`;
}

/** Whether the inventory holds this name, by itself or as `kind/name`. */
export const isNamed = (text: string, setting: Setting): boolean => {
  const values = setting.run.inventory.values;
  return (
    values.has(text) ||
    [...values].some((v) => v.endsWith(`/${text}`) && !v.includes('://') && v.split('/').length === 2)
  );
};
