// Inputs that several fixes share. It must never hold an input that only one fix takes.
import { choice, number, parameter } from './entry.ts';

/** A workload of Kubernetes, and how long to wait until it is there again. */
export const workload = {
  kind: choice('what kind of workload', ['deployment', 'statefulset', 'daemonset']),
  name: parameter('the workload', 'a name in Kubernetes'),
  namespace: parameter('its namespace', 'a name in Kubernetes'),
  wait_seconds: number('how long to wait until it is rolled out', 30, 600, 180),
};

/** Waits until a workload is rolled out. */
export const rolledOut =
  'kubectl rollout status {kind}/{name} --namespace {namespace} --timeout={wait_seconds}s';

/** A call that the service offers under `actions` in vigil.yml. */
export const method = choice('the method of the action', ['POST', 'PUT', 'DELETE', 'PATCH']);
export const call = (url: string): string =>
  `curl --fail --silent --show-error --max-time 10 -X {method} {${url}}`;
