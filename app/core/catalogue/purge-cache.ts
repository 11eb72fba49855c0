// Purges a cache by an action the service offers; the cache fills again by itself.
// It must never reach an address that vigil.yml does not list as such an action.
import { type Entry, parameter } from './entry.ts';
import { call, method } from './inputs.ts';

export const purgeCache: Entry = {
  id: 'purge-cache',
  title: 'Purge a cache by an HTTP action',
  does: 'Calls the action of the service that empties a cache (effect cache.purge in vigil.yml).',
  effect: 'cache.purge',
  inputs: { url: parameter('the address of the action', 'an http address'), method },
  fix: [call('url')],
  undo: null,
  undoing: 'there is nothing to undo: the cache fills again with the next requests',
};
