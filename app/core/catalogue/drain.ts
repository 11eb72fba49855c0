// Moves what runs on a node elsewhere, and respects disruption budgets. It always asks a person.
// It must never force, and never delete a pod that nothing would start again.
import { type Entry, number, parameter } from './entry.ts';

export const drain: Entry = {
  id: 'drain',
  title: 'Drain a node',
  does: 'Moves every pod of a node to others and keeps new ones away. A person must always agree.',
  effect: 'node.drain',
  inputs: {
    node: parameter('the node', 'a name in Kubernetes'),
    wait_seconds: number('how long to wait until it is empty', 60, 600, 300),
  },
  fix: ['kubectl drain {node} --ignore-daemonsets --timeout={wait_seconds}s'],
  undo: ['kubectl uncordon {node}'],
  undoing: 'the node was emptied because it looked sick, and an undo would send pods to it again',
};
