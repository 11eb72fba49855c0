// Restarts workers or consumers by an action the service offers.
// It must never reach an address that vigil.yml does not list as such an action.
import { type Entry, parameter } from './entry.ts';
import { call, method } from './inputs.ts';

export const restartWorkers: Entry = {
  id: 'restart-workers',
  title: 'Restart workers or consumers by an HTTP action',
  does: 'Calls the action of the service that restarts its workers or queue consumers (effect workers.restart in vigil.yml).',
  effect: 'workers.restart',
  inputs: { url: parameter('the address of the action', 'an http address'), method },
  fix: [call('url')],
  undo: null,
  undoing: 'there is nothing to undo: the workers run again and take up their work',
};
