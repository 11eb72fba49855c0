// Removes one key from a Redis cache; https://redis.io/docs/latest/commands/unlink/
// It must never take a pattern, only the name of one key.
import { type Entry, number, parameter } from './entry.ts';

export const forgetKey: Entry = {
  id: 'forget-key',
  title: 'Remove one key from a Redis cache',
  does: 'Unlinks one cached entry, which is computed again when it is next asked for.',
  effect: 'cache.purge',
  inputs: {
    host: parameter('the host of Redis', 'a host name'),
    port: number('its port', 1, 65_535, 6379),
    key: parameter('the key', 'a key'),
  },
  fix: ['redis-cli -h {host} -p {port} unlink {key}'],
  undo: null,
  undoing: 'there is nothing to undo: the key is computed again when it is asked for',
};
