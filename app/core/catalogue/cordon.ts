// Keeps new pods away from a node; https://kubernetes.io/docs/reference/kubectl/generated/kubectl_cordon/
// It must never touch what runs there.
import { type Entry, parameter } from './entry.ts';

export const cordon: Entry = {
  id: 'cordon',
  title: 'Keep new pods away from a node',
  does: 'Marks a node so that no new pods are placed on it; what runs there stays.',
  effect: 'node.cordon',
  inputs: { node: parameter('the node', 'a name in Kubernetes') },
  fix: ['kubectl cordon {node}'],
  undo: ['kubectl uncordon {node}'],
  undoing: 'the node was kept free because it looked sick, and an undo would send pods to it again',
};
