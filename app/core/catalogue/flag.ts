// Switches a feature flag by one action of the service, and back by another.
// It must never be rendered without its undo.
import { type Entry, parameter } from './entry.ts';
import { call, method } from './inputs.ts';

export const flag: Entry = {
  id: 'flag',
  title: 'Switch a feature flag',
  does: 'Calls the action that switches a flag; the undo calls the one that switches it back (effect flag.set in vigil.yml).',
  effect: 'flag.set',
  inputs: {
    url: parameter('the address of the action', 'an http address'),
    back: parameter('the address of the action that switches it back', 'an http address'),
    method,
  },
  fix: [call('url')],
  undo: [call('back')],
  undoing: 'the flag was switched because the fault came with it, and an undo would bring it back',
};
