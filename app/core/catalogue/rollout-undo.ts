// Goes back to the revision before. The undo is the same command: the revision it left is then the one before.
// It must never choose a revision by number, because numbers change with every rollout.
import type { Entry } from './entry.ts';
import { rolledOut, workload } from './inputs.ts';

export const rolloutUndo: Entry = {
  id: 'rollout-undo',
  title: 'Undo the last rollout',
  does: 'Goes back to the revision of a workload before the last one: for faults that began with a deploy.',
  effect: 'rollout.undo',
  inputs: workload,
  fix: ['kubectl rollout undo {kind}/{name} --namespace {namespace}', rolledOut],
  undo: ['kubectl rollout undo {kind}/{name} --namespace {namespace}'],
  undoing: 'the revision it left is the one that had the fault, and an undo would roll it out again',
};
