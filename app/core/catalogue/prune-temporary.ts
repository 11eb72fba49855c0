// Removes old temporary files of one directory of the inventory.
// It must never reach outside the directories for temporary files.
import { choice, type Entry, number, parameter } from './entry.ts';

export const pruneTemporary: Entry = {
  id: 'prune-temporary',
  title: 'Remove old temporary files',
  does: 'Removes plain files of one temporary directory that are older than some days.',
  effect: 'files.prune',
  inputs: {
    directory: parameter('the directory', 'a directory under /tmp or /var/tmp'),
    names: choice('which files', ['*', '*.tmp', '*.part', '*.cache']),
    days: number('older than so many days', 1, 365, 7),
  },
  fix: ["find {directory} -type f -name '{names}' -mtime +{days} -delete"],
  undo: null,
  undoing: 'there is nothing to undo: temporary files are nobody’s to miss',
};
